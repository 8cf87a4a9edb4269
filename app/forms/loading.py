"""Reading a form's file (form-js JSON)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from app.forms.definition import Component, FormDefinition
from app.forms.errors import FormProblem, FormRefused
from app.forms.fields import TYPES_BY_NAME
from app.forms.reading import NOT_SUPPORTED, Reader
from app.i18n import N_

MOST_BYTES = 512 * 1024
MOST_COMPONENTS = 500
MOST_LEVELS = 8
KNOWN = frozenset(
    {"id", "type", "components", "exporter"}
    | {"schemaVersion", "versionTag", "executionPlatform", "executionPlatformVersion"}
)


@lru_cache(maxsize=256)
def load_form(content: bytes, *, is_deployed: bool = False) -> FormDefinition:
    """Read a form; raises `FormRefused` naming every component that is not executed as written.

    Arguments: is_deployed, true of one that an older version of the product has accepted: what is refused by now is
    left out, so that its cases go on.
    """
    if len(content) > MOST_BYTES:
        raise _refused("", N_("The form is larger than 512 KB."))
    try:
        document = json.loads(content.decode("utf-8"), object_pairs_hook=_without_duplicates)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise _refused("", N_("The file is not JSON in UTF-8: %(detail)s"), detail=str(error)) from error
    if not isinstance(document, dict) or not isinstance(document.get("components"), list):
        raise _refused("", N_("The file is no form: it has no components."))
    form_id = str(document.get("id") or "")
    loading = _Loading()
    for name in sorted(document.keys() - KNOWN):
        loading.problems.append(FormProblem(form_id, NOT_SUPPORTED, {"name": name}))
    if not form_id:
        loading.problems.append(FormProblem("", N_("The form has no id.")))
    components = loading.components(document["components"], (), 1)
    loading.refuse_duplicates(components)
    if loading.problems and not is_deployed:
        raise FormRefused(form_id, tuple(loading.problems))
    parts = [part for component in components for part in component.walk()]
    names = frozenset(name for part in parts for name in part.names_used())
    depends_on = frozenset(name for part in parts for name in part.path if name in names)
    return FormDefinition(form_id, components, depends_on, names)


class _Loading:
    def __init__(self) -> None:
        self.problems: list[FormProblem] = []
        self._count = 0

    def components(self, entries: list[Any], path: tuple[str, ...], level: int) -> tuple[Component, ...]:
        self._count += len(entries)
        if self._count > MOST_COMPONENTS or level > MOST_LEVELS:
            raise _refused("", N_("The form has more than 500 components or 8 levels."))
        return tuple(component for entry in entries if (component := self._component(entry, path, level)) is not None)

    def _component(self, entry: object, path: tuple[str, ...], level: int) -> Component | None:
        attributes: Mapping[str, Any] = entry if isinstance(entry, dict) else {}
        kind = TYPES_BY_NAME.get(str(attributes.get("type")))
        if kind is None:
            msgid = N_("%(component)s: components of type “%(type)s” are not supported.")
            identifier = str(attributes.get("id") or attributes.get("key") or "?")
            self.problems.append(FormProblem(identifier, msgid, {"type": attributes.get("type")}))
            return None
        reader = Reader(attributes, kind, path)
        children: tuple[Component, ...] = ()
        if kind.may_have_path:
            # The values of a list's item stand in the item, those of a group beside the group's neighbours.
            inner_path = () if kind.must_have_path else Reader(attributes, kind, path).path()
            children = self.components(attributes.get("components") or [], inner_path, level + 1)
        component = reader.component(children)
        self.problems.extend(reader.problems)
        return component

    def refuse_duplicates(self, components: Iterable[Component]) -> None:
        seen_ids: set[str] = set()
        for component in (part for outer in components for part in outer.walk()):
            if component.id in seen_ids:
                self.problems.append(FormProblem(component.id, N_("%(component)s: two components have this id.")))
            seen_ids.add(component.id)


def _refused(form_id: str, msgid: str, **params: object) -> FormRefused:
    return FormRefused(form_id, (FormProblem(form_id, msgid, params),))


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON lets a later entry replace an earlier one in silence; here it is a mistake."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice in one object")
    return found
