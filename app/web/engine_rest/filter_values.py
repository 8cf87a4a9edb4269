"""Values of filters as clients send them: texts in an address, JSON in a body."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.feel import NotRepresentable, from_python
from app.i18n import N_
from app.models.program_lists import MAGNITUDES, Comparison
from app.operations.encoding import json_text
from app.web.camunda_errors import MalformedRequest, NotOffered
from app.web.current import current_person, current_time
from app.web.engine_rest.addresses import plain_value
from app.web.engine_rest.bodies import as_flag, as_text, strict_json, wrong_type
from app.web.engine_rest.moments import read_moment, write_moment

MOST_ENTRIES, LONGEST_TEXT = 500, 2000
MOST_COMPARISONS = 20  # each is two more tables to the planner of a database: with hundreds it plans for minutes
# The expressions that saved filters of task lists are written with.
EXPRESSIONS: Mapping[str, Callable[[], object]] = {
    "${currentUser()}": lambda: current_person().id,
    "${currentUserGroups()}": lambda: sorted(current_person().groups),
    "${now()}": lambda: write_moment(current_time()),
}


def read_value(kind: str, name: str, raw: object) -> Any:
    """The value of a filter of this kind; raises MalformedRequest, NotOffered."""
    return _READ[kind](name, raw)


def value_of_expression(name: str, raw: object) -> object:
    """What an expression stands for now; raises NotOffered for one that this product has not."""
    made = EXPRESSIONS.get(as_text(name, raw).replace(" ", ""))
    if made is None:
        raise NotOffered(f"{name} {raw!s:.60}")
    return made()


def _text(name: str, raw: object) -> str:
    """Long enough for every name; patterns that are longer keep databases busy."""
    found = as_text(name, raw)
    if len(found) > LONGEST_TEXT:
        raise MalformedRequest(N_("“%(name)s” is too long: %(most)s characters at most."), name=name, most=LONGEST_TEXT)
    return plain_value(name, found)


def _number(name: str, raw: object) -> int:
    found = int(raw) if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) < 19 else raw
    if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 2**31:
        return found
    raise wrong_type(name, N_("a whole number"))


def _texts(name: str, raw: object) -> list[str]:
    """A list, or in an address one text with commas."""
    found = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(found, list) or not all(isinstance(entry, str) for entry in found) or len(found) > MOST_ENTRIES:
        raise wrong_type(name, N_("a list of texts"))
    return [plain_value(name, entry) for entry in found]


def _flag(name: str, raw: object) -> bool:
    return raw == "true" if raw in ("true", "false") else as_flag(name, raw)


def _comparisons(name: str, raw: object) -> list[Comparison]:
    """In a body objects with name, operator and value; in an address name_operator_value, separated by commas."""
    found = _in_address(raw) if isinstance(raw, str) else raw
    if not isinstance(found, list):
        raise wrong_type(name, N_("a list"))
    refuse_many(found)
    return [_comparison(name, entry) for entry in found]


def refuse_many(compared: Collection[object]) -> None:
    """Raise MalformedRequest where more variables are compared than a database can be asked for."""
    if len(compared) > MOST_COMPARISONS:
        raise MalformedRequest(N_("Compare fewer variables: %(count)s at most."), count=MOST_COMPARISONS)


def _in_address(text: str) -> list[dict[str, object]]:
    parts = (part.split("_", 2) for part in text.split(","))
    entries = (dict(zip(("name", "operator", "value"), part, strict=False)) for part in parts)
    return [{**entry, "value": _plain(entry.get("value", ""))} for entry in entries]


def _comparison(name: str, entry: object) -> Comparison:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise wrong_type(name, N_("an object with name, operator and value"))
    operator, value = str(entry.get("operator")), entry.get("value")
    try:
        found = from_python(value)
        if operator in ("eq", "neq"):
            return Comparison(entry["name"], operator, json_text(found))
    except NotRepresentable as error:
        raise wrong_type(name, N_("a value")) from error
    if operator in MAGNITUDES and isinstance(found, Decimal):
        return Comparison(entry["name"], operator, str(found))
    if operator in ("like", "notLike") and isinstance(value, str):
        return Comparison(entry["name"], operator, _text(name, value))
    raise NotOffered(f"{name} {operator:.20}")


def _moments(name: str, raw: object) -> list[tuple[str, datetime]]:
    """In a body objects with operator and value; in an address operator_value, separated by commas."""
    entries = (
        [dict(zip(("operator", "value"), part.split("_", 1), strict=False)) for part in raw.split(",")]
        if (isinstance(raw, str))
        else raw
    )
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        raise wrong_type(name, N_("a list"))
    for entry in entries:
        if not isinstance(entry, dict) or entry.get("operator") not in MAGNITUDES:
            raise NotOffered(f"{name} {entry!s:.60}")
    return [(entry["operator"], read_moment(entry.get("value"))) for entry in entries]


def _plain(text: str) -> object:
    """A number or truth value as in JSON, everything else is a text."""
    try:
        found = strict_json(text)
    except MalformedRequest:
        return text
    return text if isinstance(found, (dict, list, str)) or found is None else found


_READ: Mapping[str, Callable[[str, object], Any]] = {
    "text": _text,
    "texts": _texts,
    "flag": _flag,
    "number": _number,
    "moment": lambda _name, raw: read_moment(raw),
    "moments": _moments,
    "comparisons": _comparisons,
}
