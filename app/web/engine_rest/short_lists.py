"""Lists that are made in memory because no table has them: filtered, ordered and cut as the other ones are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.models.program_lists import Kind
from app.web.camunda_errors import NotOffered
from app.web.engine_rest.filter_values import read_value
from app.web.engine_rest.list_routes import BY_ADDRESS, add_reading
from app.web.engine_rest.lists import Sent, asks_nothing, orders_in, part_in, sent_query
from app.web.permissions import Permission

Shape = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Test:
    """A filter by the name programs know it: what it takes, and whether a row fits that."""

    kind: Kind
    fits: Callable[[Shape, Any], bool]


def same(name: str, kind: Kind = "text") -> Test:
    """The very value of an attribute."""
    return Test(kind, lambda row, value: bool(row[name] == value))


def one_of(name: str) -> Test:
    """One of several texts."""
    return Test("texts", lambda row, values: row[name] in values)


def resembling(name: str) -> Test:
    """A text with % at its ends for any letters, as programs write it."""

    def fits(row: Shape, pattern: str) -> bool:
        wanted, text = pattern.strip("%"), str(row[name])
        begins, ends = (
            pattern.startswith("%") or text.startswith(wanted),
            pattern.endswith("%") or text.endswith(wanted),
        )
        return wanted in text and begins and ends

    return Test("text", fits)


EVERY_ROW = Test("flag", lambda _row, _value: True)
NO_ROW = Test("texts", lambda _row, _value: False)


@dataclass(frozen=True, slots=True)
class ShortList:
    """A list that is made anew for each request.

    Arguments: rows, makes them, perhaps already fewer by what is asked; tests, its filters by the names programs know;
    orders, the attribute for each name of an order.
    """

    rows: Callable[[Sent], Iterable[Shape]]
    tests: Mapping[str, Test]
    orders: Mapping[str, str]


def add_short_list(
    blueprint: Blueprint,
    path: str,
    wanted_list: ShortList,
    permission: Permission = Permission.READ_CASES,
    *,
    methods: tuple[str, ...] = BY_ADDRESS,
) -> None:
    """Add the addresses of such a list to a resource: its rows and their count."""

    def query() -> ResponseReturnValue:
        return _rows_asked_for(wanted_list, sent_query())

    def count() -> ResponseReturnValue:
        return {"count": len(_fitting(wanted_list, sent_query()))}

    add_reading(blueprint, path, methods, query, permission)
    add_reading(blueprint, f"{path}/count", methods, count, permission)


def _rows_asked_for(wanted_list: ShortList, sent: Sent) -> list[Shape]:
    """The rows that fit, in order, and of them the part that is asked for. Raises MalformedRequest, NotOffered."""
    found = _fitting(wanted_list, sent)
    for name, is_descending in reversed(list(orders_in(wanted_list.orders, sent))):
        attribute = wanted_list.orders[name]
        found.sort(key=lambda row: cast("str", row[attribute] or ""), reverse=is_descending)
    first, most = part_in(sent)
    return found[first : first + most]


def _fitting(wanted_list: ShortList, sent: Sent) -> list[Shape]:
    """The rows that fit all filters. Raises MalformedRequest, NotOffered."""
    tests, wanted = wanted_list.tests, []
    for name, raw in sent.items():
        if asks_nothing(name, raw):
            continue
        if name not in tests:
            raise NotOffered(name[:80])
        wanted.append((tests[name], read_value(tests[name].kind, name, raw)))
    return [row for row in wanted_list.rows(sent) if all(test.fits(row, value) for test, value in wanted)]
