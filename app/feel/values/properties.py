"""What follows a dot after a temporal value, a duration or a range (DMN 1.5 tables 65 and 66)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from app.feel.values.dates import Date
from app.feel.values.durations import DaysDuration, MonthsDuration
from app.feel.values.moments import DateTime
from app.feel.values.numbers import CONTEXT
from app.feel.values.ranges import Range
from app.feel.values.times import NANOS, Time

Property = Callable[..., object]


def _second(time: Time) -> Decimal:
    return _with_fraction(time.second, time.nano)


def _with_fraction(seconds: int, nanos: int) -> Decimal:
    if nanos == 0:
        return Decimal(seconds)
    return CONTEXT.divide(Decimal(seconds * NANOS + nanos), Decimal(NANOS)).normalize(CONTEXT)


def _offset(value: Time | DateTime) -> DaysDuration | None:
    return None if value.offset is None else DaysDuration(value.offset * NANOS)


def _region(value: Time | DateTime) -> str | None:
    return None if value.zone is None else value.zone.region


def _seconds_part(duration: DaysDuration) -> Decimal:
    return _with_fraction(duration.parts[3], duration.parts[4])


DATE_PROPERTIES: Mapping[str, Property] = {
    "year": lambda date: Decimal(date.year),
    "month": lambda date: Decimal(date.month),
    "day": lambda date: Decimal(date.day),
    "weekday": lambda date: Decimal(date.weekday),
}
TIME_PROPERTIES: Mapping[str, Property] = {
    "hour": lambda time: Decimal(time.hour),
    "minute": lambda time: Decimal(time.minute),
    "second": _second,
    "time offset": _offset,
    "timezone": _region,
}
PROPERTIES: Mapping[type, Mapping[str, Property]] = {
    Date: DATE_PROPERTIES,
    Time: TIME_PROPERTIES,
    DateTime: {
        "year": lambda moment: Decimal(moment.date.year),
        "month": lambda moment: Decimal(moment.date.month),
        "day": lambda moment: Decimal(moment.date.day),
        "weekday": lambda moment: Decimal(moment.date.weekday),
        "hour": lambda moment: Decimal(moment.time.hour),
        "minute": lambda moment: Decimal(moment.time.minute),
        "second": lambda moment: _second(moment.time),
        "time offset": _offset,
        "timezone": _region,
    },
    MonthsDuration: {
        "years": lambda duration: Decimal(duration.parts[0]),
        "months": lambda duration: Decimal(duration.parts[1]),
    },
    DaysDuration: {
        "days": lambda duration: Decimal(duration.parts[0]),
        "hours": lambda duration: Decimal(duration.parts[1]),
        "minutes": lambda duration: Decimal(duration.parts[2]),
        "seconds": _seconds_part,
    },
    Range: {
        "start": lambda range_: range_.start,
        "end": lambda range_: range_.end,
        "start included": lambda range_: range_.start_included,
        "end included": lambda range_: range_.end_included,
    },
}
