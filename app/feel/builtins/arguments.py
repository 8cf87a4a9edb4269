"""Checks that several built-in functions share."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

from app.feel.notices import INVALID_VALUE, OUT_OF_RANGE, Unanswerable
from app.feel.values.text import Writer

T = TypeVar("T")


def invalid(function: str, value: object) -> Unanswerable:
    """Nothing can be computed from this value."""
    shown = Writer(limit=10_000, error=Unanswerable(INVALID_VALUE, value="…", function=function))
    return Unanswerable(INVALID_VALUE, value=shown.write(value)[:60], function=function)


def out_of_range(function: str) -> Unanswerable:
    """The result would leave the range of its type."""
    return Unanswerable(OUT_OF_RANGE, function=function)


def whole(function: str, number: Decimal) -> int:
    """A number without its fraction, small enough to count with."""
    if abs(number) > 10**18:
        raise invalid(function, number)
    return int(number)


def present(function: str, value: T | None) -> T:
    """The value, or the refusal of a result that left the range of its type."""
    if value is None:
        raise out_of_range(function)
    return value
