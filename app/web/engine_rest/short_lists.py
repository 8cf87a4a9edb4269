"""Lists that are made in memory because no table has them: filtered, ordered and cut as the other ones are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from app.models.program_lists import Kind
from app.web.camunda_errors import NotOffered
from app.web.engine_rest.filter_values import read_value
from app.web.engine_rest.lists import Sent, asks_nothing, orders_in, part_in

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


def rows_asked_for(
    rows: Iterable[Shape], tests: Mapping[str, Test], orders: Mapping[str, str], sent: Sent
) -> list[Shape]:
    """The rows that fit, in order, and of them the part that is asked for. Raises MalformedRequest, NotOffered."""
    found = fitting(rows, tests, sent)
    for name, is_descending in reversed(list(orders_in(orders, sent))):
        attribute = orders[name]
        found.sort(key=lambda row: cast("str", row[attribute] or ""), reverse=is_descending)
    first, most = part_in(sent)
    return found[first : first + most]


def fitting(rows: Iterable[Shape], tests: Mapping[str, Test], sent: Sent) -> list[Shape]:
    """The rows that fit all filters. Raises MalformedRequest, NotOffered."""
    wanted = []
    for name, raw in sent.items():
        if asks_nothing(name, raw):
            continue
        if name not in tests:
            raise NotOffered(name[:80])
        wanted.append((tests[name], read_value(tests[name].kind, name, raw)))
    return [row for row in rows if all(test.fits(row, value) for test, value in wanted)]
