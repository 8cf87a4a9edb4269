"""Several DMN files at once, which may import each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.feel.dmn.model import DecisionModel, load_dmn
from app.feel.dmn.problems import DecisionModelRefused, Problem
from app.feel.dmn.reading import children, read_definitions


@dataclass(frozen=True, slots=True)
class LoadedModels:
    """The models that can run, by file name, and why the others cannot."""

    models: dict[str, DecisionModel] = field(default_factory=dict)
    refused: dict[str, tuple[Problem, ...]] = field(default_factory=dict)


def has_imports(xml: bytes) -> bool:
    """Whether a file needs others; one that cannot be read needs none."""
    try:
        return next(children(read_definitions(xml), "import"), None) is not None
    except DecisionModelRefused:
        return False


def load_models(files: Mapping[str, bytes], *, is_tolerant: bool = False) -> LoadedModels:
    """Read files in the order in which they import each other.

    files: content by file name. is_tolerant: as for `load_dmn`. Files that import each other in a circle are refused:
    one of them always misses the other.
    """
    loaded = LoadedModels()
    pending: dict[str, frozenset[str]] = {}
    namespaces: set[str] = set()
    for name, xml in files.items():
        try:
            definitions = read_definitions(xml)
        except DecisionModelRefused as refused:
            loaded.refused[name] = refused.problems
            continue
        namespaces.add(definitions.get("namespace") or "")
        pending[name] = frozenset(statement.get("namespace") or "" for statement in children(definitions, "import"))
    while pending:
        known = {model.namespace for model in loaded.models.values()}
        ready = [name for name, wanted in pending.items() if not (wanted & namespaces) - known] or list(pending)
        for name in ready:
            del pending[name]
            try:
                loaded.models[name] = load_dmn(files[name], loaded.models.values(), is_tolerant=is_tolerant)
            except DecisionModelRefused as refused:
                loaded.refused[name] = refused.problems
    return loaded
