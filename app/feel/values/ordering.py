"""Order (DMN 1.5 table 54): which types have one, and how their values compare."""

from __future__ import annotations

from decimal import Decimal

from app.feel.values.dates import Date
from app.feel.values.durations import DaysDuration, MonthsDuration
from app.feel.values.moments import DateTime
from app.feel.values.times import Time

Sortable = Decimal | str | Date | int

_DIRECTLY_ORDERED = (Decimal, str, Date)


def compare(left: object, right: object) -> int | None:
    """-1, 0 or 1; None for values that have no order or not the same one."""
    if type(left) is not type(right):
        return None
    one, other = _key(left), _key(right)
    if one is None or other is None or _is_zoned(left) != _is_zoned(right):
        return None
    return (one > other) - (one < other)  # type: ignore[operator]


def _is_zoned(value: object) -> bool:
    return isinstance(value, (Time, DateTime)) and value.zone is not None


def _key(value: object) -> Sortable | None:
    if isinstance(value, _DIRECTLY_ORDERED):
        return value
    if isinstance(value, MonthsDuration):
        return value.months
    if isinstance(value, DaysDuration):
        return value.nanos
    if isinstance(value, (Time, DateTime)):
        return value.universal_nanos
    return None
