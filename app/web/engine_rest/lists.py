"""Filters, order and part of a list as clients send them: in the address or, with more of them, in a JSON body."""

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence, Sized
from typing import Any

from app.errors import AppError
from app.extensions import db
from app.i18n import N_
from app.models.program_lists import Column, Comparison, Filter, ProgramList, Wanted, any_of, count_of, one_of, rows_of
from app.operations.encoding import json_text
from app.web.camunda_errors import MalformedRequest, NotOffered
from app.web.current import current_person, this_request
from app.web.engine_rest.bodies import list_in, objects_in, query_in, read_body
from app.web.engine_rest.filter_values import read_value, refuse_many, value_of_expression

Complete = Callable[[Sequence[Any]], Iterable[Any]]
MOST_ROWS, LARGEST_OFFSET = 1000, 100_000
MOST_CHOSEN = 10_000
MOST_OR_QUERIES, MOST_VALUES, MOST_ORDERS = 20, 1000, 20
# Of how values are shown, not of which rows there are.
PLAIN = frozenset(
    {
        "deserializeValues", "deserializeValue", "variableNamesIgnoreCase", "variableValuesIgnoreCase",
        "includeInputs", "includeOutputs", "disableBinaryFetching", "disableCustomObjectDeserialization",
    }
)  # fmt: skip
PAGING = frozenset({"firstResult", "maxResults", "sortBy", "sortOrder", "sorting"})
OR_QUERIES = "orQueries"
EXPRESSION = "Expression"

Sent = Mapping[str, Any]
Filters = Mapping[str, Filter]


def listed(
    wanted_list: ProgramList, shape: Callable[[Any], dict[str, Any]], complete: Complete | None = None
) -> list[dict[str, Any]]:
    """What the request asks for of a list, each row in its shape. Raises MalformedRequest, NotOffered.

    Arguments: complete, gives the rows together with what else their shape needs.
    """
    rows = rows_of(db.session(), wanted_list, current_person().id, asked_for(wanted_list))
    return [shape(row) for row in (complete(rows) if complete else rows)]


def counted(wanted_list: ProgramList) -> dict[str, int]:
    """How many rows the request asks for."""
    return {"count": count_of(db.session(), wanted_list, current_person().id, asked_for(wanted_list))}


def found_in(wanted_list: ProgramList, key: str, missing: Callable[[], AppError]) -> Any:
    """The row of this key, if the person may see it; raises what `missing` makes."""
    row = one_of(db.session(), wanted_list, current_person().id, key)
    if row is None:
        raise missing()
    return row


def found_rows(wanted_list: ProgramList, query: Sent) -> Sequence[Any]:
    """All rows a query finds, as far as the person may see them, not a page of them.

    Raises MalformedRequest, also where there are too many; NotOffered.
    """
    asked = wanted_of(wanted_list, query)
    everything = Wanted(asked.conditions, asked.orders, 0, MOST_CHOSEN + 1)
    rows = rows_of(db.session(), wanted_list, current_person().id, everything)
    refuse_too_many(rows)
    return rows


def queried_rows(wanted_list: ProgramList, body: Mapping[str, Any], name: str) -> Sequence[Any]:
    """All rows that a query of this name in a body finds, none where there is none. Raises as `found_rows`."""
    query = query_in(body, name)
    return () if query is None else found_rows(wanted_list, query)


def refuse_too_many(chosen: Sized) -> None:
    """Raise MalformedRequest where a change is asked for of more rows than are changed at once."""
    if len(chosen) > MOST_CHOSEN:
        raise MalformedRequest(N_("These are too many: %(count)s at most."), count=MOST_CHOSEN)


def found_ids(wanted_list: ProgramList, query: Sent) -> list[str]:
    """The ids of these rows."""
    return [row.id for row in found_rows(wanted_list, query)]


def asked_for(wanted_list: ProgramList) -> Wanted:
    """The request's filters, order and part."""
    return wanted_of(wanted_list, sent_query())


def sent_query() -> dict[str, Any]:
    """The filters, order and part of the request by name, as they were sent."""
    asking = this_request()
    sent: dict[str, Any] = dict(asking.args.items())
    return {**sent, **read_body()} if asking.method == "POST" else sent


def wanted_of(wanted_list: ProgramList, sent: Sent) -> Wanted:
    """Filters, order and part by name, read. Raises MalformedRequest, NotOffered."""
    filters = {**wanted_list.filters, **_widened(wanted_list, sent)}
    conditions = list(_conditions(filters, {name: raw for name, raw in sent.items() if name != OR_QUERIES}))
    alternatives = objects_in(sent, OR_QUERIES)
    if len(alternatives) > MOST_OR_QUERIES:
        raise MalformedRequest(N_("There are too many orQueries: %(count)s at most."), count=MOST_OR_QUERIES)
    if sum(_size(part) for part in (sent, *alternatives)) > MOST_VALUES:
        raise MalformedRequest(N_("There are too many values in this query: %(count)s at most."), count=MOST_VALUES)
    for alternative in alternatives:
        found = list(_conditions(filters, alternative, is_each_alone=True))
        if found:
            conditions.append(any_of(found))
    first, most = part_in(sent)
    return Wanted(conditions, list(orders_in(wanted_list.orders, sent)), first, most)


def part_in(sent: Sent) -> tuple[int, int]:
    """How many rows to leave out, how many to give. Raises MalformedRequest."""
    return _whole(sent, "firstResult", 0, LARGEST_OFFSET), _whole(sent, "maxResults", MOST_ROWS, MOST_ROWS)


def conditions_for(filters: Filters, beside: Collection[str]) -> list[Column]:
    """What the request asks of rows that are no list; `beside` are the names of its other parameters."""
    return list(_conditions(filters, {name: raw for name, raw in sent_query().items() if name not in beside}))


def _widened(wanted_list: ProgramList, sent: Sent) -> Filters:
    """What some filters mean where another is asked for as well."""
    found: dict[str, Filter] = {}
    for name, filters in wanted_list.widened_by.items():
        if sent.get(name) in (True, "true"):
            found |= filters
    return found


def _size(sent: Sent) -> int:
    """How many values lists hold: each becomes a part of the statement, and databases take only so many."""
    return sum(len(raw) for raw in sent.values() if isinstance(raw, list))


def _conditions(filters: Filters, sent: Sent, *, is_each_alone: bool = False) -> Iterable[Column]:
    """One for each filter; with `is_each_alone` one for each variable as well."""
    for name, raw in sent.items():
        if asks_nothing(name, raw):
            continue
        found = filters.get(name.removesuffix(EXPRESSION))
        if found is None:
            raise NotOffered(name[:80])
        meant = value_of_expression(name, raw) if name.endswith(EXPRESSION) else raw
        value = read_value(found.kind, name, meant)
        if is_each_alone and found.kind == "comparisons":
            yield from (found.condition([one]) for one in value)
        elif value is not None and value is not False:
            yield found.condition(value)


def asks_nothing(name: str, raw: object) -> bool:
    """Whether a value is none that filters: order, part, false, null or empty."""
    return name in PAGING | PLAIN or raw is None or raw is False or raw in ("false", [], {})


def orders_in(known: Container[str], sent: Sent) -> Iterable[tuple[str, bool]]:
    """(name, is descending) of the orders asked for, which must be known. Raises MalformedRequest, NotOffered."""
    asked = list_in(sent, "sorting") if "sorting" in sent else []
    if sent.get("sortBy"):
        asked = [{"sortBy": sent["sortBy"], "sortOrder": sent.get("sortOrder") or "asc"}, *asked]
    if len(asked) > MOST_ORDERS:
        raise MalformedRequest(N_("Sort by fewer names: %(count)s at most."), count=MOST_ORDERS)
    for entry in asked:
        if not isinstance(entry, dict) or entry.get("sortOrder", "asc") not in ("asc", "desc"):
            raise MalformedRequest(N_("Sort by a name that is known here, asc or desc."))
        name = entry.get("sortBy")
        if not isinstance(name, str) or name not in known:
            raise NotOffered(f"sortBy {name!s:.60}")
        yield name, entry.get("sortOrder") == "desc"


def _whole(sent: Sent, name: str, default: int, most: int) -> int:
    value = sent.get(name)
    found: int = default if value is None else read_value("number", name, value)
    return min(found, most)


def equal_values(values: Mapping[str, object]) -> list[Comparison]:
    """Comparisons with FEEL values by name. Raises MalformedRequest for too many."""
    refuse_many(values)
    return [Comparison(name, "eq", json_text(value)) for name, value in values.items()]
