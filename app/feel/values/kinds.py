"""Which type of FEEL a value is of."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from app.feel.values.callables import FeelFunction
from app.feel.values.dates import Date
from app.feel.values.durations import DaysDuration, MonthsDuration
from app.feel.values.moments import DateTime
from app.feel.values.ranges import Range
from app.feel.values.times import Time

KIND_BY_TYPE: Mapping[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    list: "list",
    dict: "context",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysDuration: "days and time duration",
    MonthsDuration: "years and months duration",
    Range: "range",
}


def kind_of(value: object) -> str:
    """The name of a FEEL value's type, as `instance of` spells it."""
    kind = KIND_BY_TYPE.get(type(value))
    if kind is not None:
        return kind
    if isinstance(value, FeelFunction):
        return "function"
    raise TypeError(f"{type(value).__name__} is not a FEEL value")
