"""Functions that make dates, times and durations (DMN 1.5 clause 10.3.4.1)."""

from __future__ import annotations

from decimal import Decimal

from app.feel.builtins.arguments import invalid, whole
from app.feel.builtins.registry import function, metered, pure
from app.feel.conversion import from_python
from app.feel.evaluation import Evaluation
from app.feel.values.arithmetic import midnight_of
from app.feel.values.dates import Date, make_date, parse_date
from app.feel.values.durations import DaysDuration, Duration, MonthsDuration, parse_duration
from app.feel.values.moments import DateTime, parse_date_time
from app.feel.values.times import DAY_NANOS, NANOS, Time, make_time, parse_time
from app.feel.values.zones import Zone, make_offset


def _whole_number(name: str, number: Decimal) -> int:
    if number != number.to_integral_value():
        raise invalid(name, number)
    return whole(name, number)


def _date_of_text(text: str) -> Date:
    date = parse_date(text)
    if date is None:
        raise invalid("date", text)
    return date


def _date_of(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


def _date_of_parts(year: Decimal, month: Decimal, day: Decimal) -> Date:
    parts = [_whole_number("date", part) for part in (year, month, day)]
    date = make_date(*parts)
    if date is None:
        raise invalid("date", [year, month, day])
    return date


def _time_of_text(text: str) -> Time:
    time = parse_time(text)
    if time is None:
        raise invalid("time", text)
    return time


def _time_of(value: Date | DateTime | Time) -> Time:
    if isinstance(value, Date):
        return midnight_of(value).time
    return value.time if isinstance(value, DateTime) else value


def _time_of_parts(
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: DaysDuration | None,
) -> Time:
    whole_second = int(second // 1) if abs(second) < 100 else 60
    nano = int((second % 1) * NANOS)
    parts = (_whole_number("time", hour), _whole_number("time", minute), whole_second)
    time = make_time(*parts, nano=nano, zone=_zone_of(offset))
    if time is None or second < 0:
        raise invalid("time", [hour, minute, second])
    return time


def _zone_of(offset: DaysDuration | None) -> Zone | None:
    if offset is None:
        return None
    zone = make_offset(offset.nanos // NANOS)
    if zone is None or offset.nanos % NANOS:
        raise invalid("time", offset)
    return zone


def _moment_of_text(text: str) -> DateTime:
    moment = parse_date_time(text)
    if moment is None:
        raise invalid("date and time", text)
    return moment


def _moment_of_parts(date: Date | DateTime, time: Time) -> DateTime:
    return DateTime(date.date if isinstance(date, DateTime) else date, time)


def _moment_itself(moment: DateTime) -> DateTime:
    return moment


def _duration_of_text(text: str) -> Duration:
    duration = parse_duration(text)
    if duration is None:
        raise invalid("duration", text)
    return duration


def _duration_itself(duration: Duration) -> Duration:
    return duration


def _months_between(start: Date | DateTime, end: Date | DateTime) -> MonthsDuration:
    """Whole months from one date to another; the time of day counts when both have one."""
    months = _complete_months(start, end)
    return MonthsDuration(months if months >= 0 else -_complete_months(end, start))


def _complete_months(start: Date | DateTime, end: Date | DateTime) -> int:
    first, last = _date(start), _date(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - (_within_month(start, end) > _within_month(end, start))


def _date(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


def _within_month(value: Date | DateTime, other: Date | DateTime) -> tuple[int, int]:
    has_time = isinstance(value, DateTime) and isinstance(other, DateTime)
    nanos = value.local_nanos % DAY_NANOS if has_time and isinstance(value, DateTime) else 0
    return _date(value).day, nanos


def _now(evaluation: Evaluation) -> object:
    environment = evaluation.environment
    return from_python(environment.now.astimezone(environment.zone))


def _today(evaluation: Evaluation) -> Date:
    environment = evaluation.environment
    local = environment.now.astimezone(environment.zone)
    return Date(local.year, local.month, local.day)


TEMPORAL_FUNCTIONS = (
    function(
        "date",
        pure("from: string", _date_of_text),
        pure("from: date or date and time", _date_of),
        pure("year: number, month: number, day: number", _date_of_parts),
    ),
    function(
        "time",
        pure("from: string", _time_of_text),
        pure("from: temporal", _time_of),
        pure("hour: number, minute: number, second: number, offset?: days and time duration", _time_of_parts),
    ),
    function(
        "date and time",
        pure("from: string", _moment_of_text),
        pure("from: date and time", _moment_itself),
        pure("date: date or date and time, time: time", _moment_of_parts),
    ),
    function("duration", pure("from: string", _duration_of_text), pure("from: duration", _duration_itself)),
    function(
        "years and months duration",
        pure("from: date or date and time, to: date or date and time", _months_between),
    ),
    function("now", metered("", _now)),
    function("today", metered("", _today)),
)
