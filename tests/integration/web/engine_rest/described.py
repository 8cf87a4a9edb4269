"""What the public description of the interface says, as the client package generated from it holds it."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import generic_camunda_client
from generic_camunda_client import models

CALL = re.compile(
    r"call_api\(\s*'(?P<path>[^']+)', '(?P<method>[A-Z]+)'.*?response_type=(?P<type>'[^']*'|None)", re.DOTALL
)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")
PLAIN = {"str": str, "int": int, "bool": bool, "float": (int, float)}
# Written there as an object of objects, which it is not.
MISWRITTEN = frozenset({"camundaFormRef"})
# Some descriptions differ from what Camunda 7 itself sends, or have a slip.
ALSO_SENT = {
    "ProcessInstanceDto": {"definitionKey"},
    "ProcessInstanceWithVariablesDto": {"definitionKey"},
    "ActivityInstanceDto": {"name"},
    "FormDto": {"camundaFormRef"},
}

MISSPELLED = {"ouputs": "outputs"}


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    answer: str | None

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("[^/]+".join(map(re.escape, re.split(r"\{[^}]*\}", self.path))))


@cache
def operations() -> tuple[Operation, ...]:
    """All of them; those with fewer places in their address first, as a router prefers them."""
    folder = Path(generic_camunda_client.__file__).parent / "api"
    found = {
        (match["method"], match["path"]): Operation(match["method"], match["path"], match["type"].strip("'"))
        for file in sorted(folder.glob("*_api.py"))
        for match in CALL.finditer(file.read_text(encoding="utf-8"))
    }
    return tuple(sorted(found.values(), key=lambda one: (one.path.count("{"), one.path, one.method)))


def operation(method: str, path: str) -> Operation:
    return next(one for one in operations() if one.method == method and one.pattern.fullmatch(path))


def check_answer(method: str, path: str, found: object) -> None:
    """The answer has every attribute that is described, no other, and each of its type."""
    described = operation(method, path)
    assert described.answer is not None
    _check(found, described.answer, f"{method} {described.path}")


def _check(found: Any, kind: str, place: str) -> None:
    if found is None or kind == "object" or place.rpartition(".")[2] in MISWRITTEN:
        return
    if kind == "datetime":
        assert MOMENT.fullmatch(found), (place, found)
        datetime.strptime(found, "%Y-%m-%dT%H:%M:%S.%f%z")
    elif match := re.fullmatch(r"list\[(.*)\]", kind):
        assert isinstance(found, list), place
        for entry in found:
            _check(entry, match[1], f"{place}[]")
    elif match := re.fullmatch(r"dict\(str, (.*)\)", kind):
        for name, entry in found.items():
            _check(entry, match[1], f"{place}.{name}")
    elif kind in PLAIN:
        assert isinstance(found, PLAIN[kind]), (place, found)
    else:
        _check_model(found, kind, place)


def _check_model(found: dict[str, Any], kind: str, place: str) -> None:
    model = getattr(models, kind)
    names = {attribute: MISSPELLED.get(key, key) for attribute, key in model.attribute_map.items()}
    assert found.keys() - ALSO_SENT.get(kind, set()) == set(names.values()), (
        place, found.keys() ^ set(names.values()),
    )  # fmt: skip
    for attribute, key in names.items():
        _check(found[key], model.openapi_types[attribute], f"{place}.{key}")
