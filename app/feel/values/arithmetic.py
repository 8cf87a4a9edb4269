"""What the operators `+ - * / **` and unary minus do to each pair of types (DMN 1.5 clause 10.3.2.5).

Every function returns None where the result would leave the range of its type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Any

from app.feel.values.dates import Date
from app.feel.values.durations import DaysDuration, MonthsDuration, make_days, make_months
from app.feel.values.moments import UTC_MIDNIGHT, DateTime
from app.feel.values.numbers import CONTEXT
from app.feel.values.times import DAY_NANOS, Time, time_of_nanos

Operation = Callable[..., Any]
OperationTable = Mapping[tuple[type, type], Operation]


def _concatenate(left: str, right: str) -> str:
    return left + right


def _date_plus_days(date: Date, duration: DaysDuration) -> Date | None:
    return date.plus_days(duration.nanos // DAY_NANOS)


def _date_minus_days(date: Date, duration: DaysDuration) -> Date | None:
    return date.plus_days(-duration.nanos // DAY_NANOS)


def _time_plus(time: Time, duration: DaysDuration) -> Time:
    return time_of_nanos(time.nano_of_day + duration.nanos, time.zone)


def _time_minus(time: Time, duration: DaysDuration) -> Time:
    return time_of_nanos(time.nano_of_day - duration.nanos, time.zone)


def _dates_apart(left: Date, right: Date) -> DaysDuration | None:
    return make_days((left.ordinal - right.ordinal) * DAY_NANOS)


def _moments_apart(left: DateTime, right: DateTime) -> DaysDuration | None:
    """Elapsed time; a moment with a zone and one without have no distance."""
    if (left.zone is None) != (right.zone is None):
        return None
    return make_days(left.universal_nanos - right.universal_nanos)


def _times_apart(left: Time, right: Time) -> DaysDuration | None:
    if (left.zone is None) != (right.zone is None):
        return None
    return make_days(left.universal_nanos - right.universal_nanos)


def midnight_of(date: Date) -> DateTime:
    """A date where a date and time is wanted: its midnight in UTC (clause 10.3.2.9.4)."""
    return DateTime(date, UTC_MIDNIGHT)


def _whole(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_DOWN))


def _months_times(duration: MonthsDuration, factor: Decimal) -> MonthsDuration | None:
    return make_months(_whole(CONTEXT.multiply(Decimal(duration.months), factor)))


def _days_times(duration: DaysDuration, factor: Decimal) -> DaysDuration | None:
    return make_days(_whole(CONTEXT.multiply(Decimal(duration.nanos), factor)))


def _months_over(duration: MonthsDuration, divisor: Decimal) -> MonthsDuration | None:
    return make_months(_whole(CONTEXT.divide(Decimal(duration.months), divisor)))


def _days_over(duration: DaysDuration, divisor: Decimal) -> DaysDuration | None:
    return make_days(_whole(CONTEXT.divide(Decimal(duration.nanos), divisor)))


ADDITION: OperationTable = {
    (Decimal, Decimal): CONTEXT.add,
    (str, str): _concatenate,
    (Date, DaysDuration): _date_plus_days,
    (DaysDuration, Date): lambda duration, date: _date_plus_days(date, duration),
    (Date, MonthsDuration): lambda date, duration: date.plus_months(duration.months),
    (MonthsDuration, Date): lambda duration, date: date.plus_months(duration.months),
    (DateTime, DaysDuration): lambda moment, duration: moment.plus_nanos(duration.nanos),
    (DaysDuration, DateTime): lambda duration, moment: moment.plus_nanos(duration.nanos),
    (DateTime, MonthsDuration): lambda moment, duration: moment.plus_months(duration.months),
    (MonthsDuration, DateTime): lambda duration, moment: moment.plus_months(duration.months),
    (Time, DaysDuration): _time_plus,
    (DaysDuration, Time): lambda duration, time: _time_plus(time, duration),
    (DaysDuration, DaysDuration): lambda one, other: make_days(one.nanos + other.nanos),
    (MonthsDuration, MonthsDuration): lambda one, other: make_months(one.months + other.months),
}

SUBTRACTION: OperationTable = {
    (Decimal, Decimal): CONTEXT.subtract,
    (Date, Date): _dates_apart,
    (DateTime, DateTime): _moments_apart,
    (Date, DateTime): lambda date, moment: _moments_apart(midnight_of(date), moment),
    (DateTime, Date): lambda moment, date: _moments_apart(moment, midnight_of(date)),
    (Time, Time): _times_apart,
    (Date, DaysDuration): _date_minus_days,
    (Date, MonthsDuration): lambda date, duration: date.plus_months(-duration.months),
    (DateTime, DaysDuration): lambda moment, duration: moment.plus_nanos(-duration.nanos),
    (DateTime, MonthsDuration): lambda moment, duration: moment.plus_months(-duration.months),
    (Time, DaysDuration): _time_minus,
    (DaysDuration, DaysDuration): lambda one, other: make_days(one.nanos - other.nanos),
    (MonthsDuration, MonthsDuration): lambda one, other: make_months(one.months - other.months),
}

MULTIPLICATION: OperationTable = {
    (Decimal, Decimal): CONTEXT.multiply,
    (MonthsDuration, Decimal): _months_times,
    (Decimal, MonthsDuration): lambda factor, duration: _months_times(duration, factor),
    (DaysDuration, Decimal): _days_times,
    (Decimal, DaysDuration): lambda factor, duration: _days_times(duration, factor),
}

DIVISION: OperationTable = {
    (Decimal, Decimal): CONTEXT.divide,
    (MonthsDuration, Decimal): _months_over,
    (DaysDuration, Decimal): _days_over,
    (MonthsDuration, MonthsDuration): lambda one, other: CONTEXT.divide(Decimal(one.months), Decimal(other.months)),
    (DaysDuration, DaysDuration): lambda one, other: CONTEXT.divide(Decimal(one.nanos), Decimal(other.nanos)),
}

EXPONENTIATION: OperationTable = {(Decimal, Decimal): CONTEXT.power}

OPERATIONS: Mapping[str, OperationTable] = {
    "+": ADDITION,
    "-": SUBTRACTION,
    "*": MULTIPLICATION,
    "/": DIVISION,
    "**": EXPONENTIATION,
}

NEGATION: Mapping[type, Operation] = {
    Decimal: CONTEXT.minus,
    MonthsDuration: lambda duration: MonthsDuration(-duration.months),
    DaysDuration: lambda duration: DaysDuration(-duration.nanos),
}
