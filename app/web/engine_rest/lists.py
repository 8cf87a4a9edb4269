"""Filters, order and part of a list as clients send them: in the address or, with more of them, in a JSON body."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.errors import AppError
from app.extensions import db
from app.feel import NotRepresentable, from_python
from app.i18n import N_
from app.models.program_lists import Comparison, Filter, ProgramList, Wanted, count_of, one_of, rows_of
from app.operations.encoding import json_text
from app.web.camunda_errors import MalformedRequest, NotOffered
from app.web.current import current_person, this_request
from app.web.engine_rest.bodies import as_flag, as_text, list_in, read_body, strict_json, wrong_type
from app.web.engine_rest.moments import read_moment

MOST_ROWS, LARGEST_OFFSET = 1000, 100_000
MOST_ENTRIES = 500
OPERATORS = frozenset({"eq", "neq", "like"})
# Of how values are shown, not of which rows there are.
PLAIN = frozenset({"deserializeValues", "deserializeValue", "variableNamesIgnoreCase", "variableValuesIgnoreCase"})
PAGING = frozenset({"firstResult", "maxResults", "sortBy", "sortOrder", "sorting"})


def listed(wanted_list: ProgramList, shape: Callable[[Any], dict[str, Any]]) -> list[dict[str, Any]]:
    """What the request asks for of a list, each row in its shape. Raises MalformedRequest, NotOffered."""
    return [shape(row) for row in rows_of(db.session(), wanted_list, current_person().id, asked_for(wanted_list))]


def counted(wanted_list: ProgramList) -> dict[str, int]:
    """How many rows the request asks for."""
    return {"count": count_of(db.session(), wanted_list, current_person().id, asked_for(wanted_list))}


def found_in(wanted_list: ProgramList, key: str, missing: Callable[[], AppError]) -> Any:
    """The row of this key, if the person may see it; raises what `missing` makes."""
    row = one_of(db.session(), wanted_list, current_person().id, key)
    if row is None:
        raise missing()
    return row


def asked_for(wanted_list: ProgramList) -> Wanted:
    """The request's filters, order and part."""
    asking = this_request()
    sent: dict[str, Any] = dict(asking.args.items())
    if asking.method == "POST":
        sent = {**sent, **read_body()}
    conditions = [
        found.condition(value)
        for name, raw in sent.items()
        if name not in PAGING | PLAIN
        and (found := _filter(wanted_list, name, raw)) is not None
        and (value := _READ[found.kind](name, raw)) not in (None, False)
    ]
    first, most = _whole(sent, "firstResult", 0, LARGEST_OFFSET), _whole(sent, "maxResults", MOST_ROWS, MOST_ROWS)
    return Wanted(conditions, list(_orders(wanted_list, sent)), first, most)


def _filter(wanted_list: ProgramList, name: str, raw: object) -> Filter | None:
    """The filter of this name, None where nothing is asked of it. Raises NotOffered for one this product has not."""
    if raw in (None, "false", [], {}) or raw is False:
        return None
    found = wanted_list.filters.get(name)
    if found is None:
        raise NotOffered(name[:80])
    return found


def _orders(wanted_list: ProgramList, sent: Mapping[str, Any]) -> Iterable[tuple[str, bool]]:
    asked = list_in(sent, "sorting") if "sorting" in sent else []
    if sent.get("sortBy"):
        asked = [{"sortBy": sent["sortBy"], "sortOrder": sent.get("sortOrder") or "asc"}, *asked]
    for entry in asked:
        if not isinstance(entry, dict) or entry.get("sortOrder", "asc") not in ("asc", "desc"):
            raise MalformedRequest(N_("Sort by a name that is known here, asc or desc."))
        name = entry.get("sortBy")
        if name not in wanted_list.orders:
            raise NotOffered(f"sortBy {name!s:.60}")
        yield str(name), entry.get("sortOrder") == "desc"


def _whole(sent: Mapping[str, Any], name: str, default: int, most: int) -> int:
    value = sent.get(name)
    return default if value is None else min(_number(name, value), most)


def _number(name: str, raw: object) -> int:
    if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) < 19:
        return int(raw)
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw < 2**31:
        return raw
    raise wrong_type(name, N_("a whole number"))


def _texts(name: str, raw: object) -> list[str]:
    """A list, or in an address one text with commas."""
    found = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(found, list) or not all(isinstance(entry, str) for entry in found) or len(found) > MOST_ENTRIES:
        raise wrong_type(name, N_("a list of texts"))
    return found


def _flag(name: str, raw: object) -> bool:
    return raw == "true" if raw in ("true", "false") else as_flag(name, raw)


def _comparisons(name: str, raw: object) -> list[Comparison]:
    """In a body objects with name, operator and value; in an address name_operator_value, separated by commas."""
    if isinstance(raw, str):
        parts = [part.split("_", 2) for part in raw.split(",")]
        entries = [dict(zip(("name", "operator", "value"), part, strict=False)) for part in parts]
        return [_comparison(name, {**entry, "value": _plain(entry.get("value", ""))}) for entry in entries]
    if not isinstance(raw, list) or len(raw) > MOST_ENTRIES:
        raise wrong_type(name, N_("a list"))
    return [_comparison(name, entry) for entry in raw]


def _comparison(name: str, entry: object) -> Comparison:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise wrong_type(name, N_("an object with name, operator and value"))
    operator, value = entry.get("operator"), entry.get("value")
    if operator not in OPERATORS or (operator == "like" and not isinstance(value, str)):
        raise NotOffered(f"{name} {operator!s:.20}")
    try:
        text = str(value) if operator == "like" else json_text(from_python(value))
    except NotRepresentable as error:
        raise wrong_type(name, N_("a value")) from error
    return Comparison(entry["name"], operator, text)


def equal_values(values: Mapping[str, object]) -> list[Comparison]:
    """Comparisons with FEEL values by name."""
    return [Comparison(name, "eq", json_text(value)) for name, value in values.items()]


def _plain(text: str) -> object:
    """A number or truth value as in JSON, everything else is a text."""
    try:
        found = strict_json(text)
    except MalformedRequest:
        return text
    return text if isinstance(found, (dict, list, str)) or found is None else found


_READ: Mapping[str, Callable[[str, object], Any]] = {
    "text": as_text,
    "texts": _texts,
    "flag": _flag,
    "number": _number,
    "moment": lambda _name, raw: read_moment(raw),
    "comparisons": _comparisons,
}
