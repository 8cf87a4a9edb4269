"""How values are written by the function `string` and in notices (DMN 1.5 clause 10.3.4.1)."""

from __future__ import annotations

import re
from decimal import Decimal

from app.feel.values.callables import FeelFunction
from app.feel.values.numbers import number_text
from app.feel.values.ranges import Range

MAX_DEPTH = 100
_PLAIN_KEY = re.compile(r"[^\W\d]\w*(?: \w+)*")


class Writer:
    """Writes values until `limit` code points are reached, then raises the error it is given."""

    def __init__(self, limit: int, error: Exception) -> None:
        self._remaining = limit
        self._error = error
        self._parts: list[str] = []

    def write(self, value: object) -> str:
        """The text of a value; a string is written without its quotation marks."""
        if isinstance(value, str):
            self._add(value)
        else:
            self._value(value, 0)
        return "".join(self._parts)

    def _add(self, text: str) -> None:
        self._remaining -= len(text)
        if self._remaining < 0:
            raise self._error
        self._parts.append(text)

    def _value(self, value: object, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise self._error
        if isinstance(value, list):
            self._list(value, depth)
        elif isinstance(value, dict):
            self._context(value, depth)
        elif isinstance(value, Range):
            self._range(value, depth)
        else:
            self._add(_scalar(value))

    def _list(self, value: list[object], depth: int) -> None:
        self._add("[")
        for index, item in enumerate(value):
            self._add(", " if index else "")
            self._value(item, depth + 1)
        self._add("]")

    def _context(self, value: dict[str, object], depth: int) -> None:
        self._add("{")
        for index, (name, entry) in enumerate(value.items()):
            key = name if _PLAIN_KEY.fullmatch(name) else _quoted(name)
            self._add(f"{', ' if index else ''}{key}: ")
            self._value(entry, depth + 1)
        self._add("}")

    def _range(self, value: Range, depth: int) -> None:
        self._add("[" if value.start_included else "(")
        self._value(value.start, depth + 1)
        self._add("..")
        self._value(value.end, depth + 1)
        self._add("]" if value.end_included else ")")


def _scalar(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, FeelFunction):
        return f"function {value.name}".rstrip()
    return str(value)


def example_text(value: object) -> str:
    """A scalar as an author would write it in a cell."""
    return _scalar(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r") + '"'
