"""From what a diagram says about time to a moment: dates, dates with a time, durations from now."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.engine.context import StepContext
from app.feel import NotRepresentable, to_python
from app.feel.values.dates import Date, parse_date
from app.feel.values.durations import DaysDuration, Duration, MonthsDuration, parse_duration
from app.feel.values.moments import DateTime, parse_date_time

OfDay = Callable[[date, ZoneInfo], datetime]
Refusal = Callable[[object], Exception]

_WEEKS = re.compile(r"(-?)P(\d{1,9})W", re.ASCII)


def day_starts(day: date, zone: ZoneInfo) -> datetime:
    """What happens on a day happens from its first moment on."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def day_ends(day: date, zone: ZoneInfo) -> datetime:
    """What is due on a day is due until its last second."""
    return datetime.combine(day, time(23, 59, 59), zone).astimezone(UTC)


def iso_duration(text: str) -> Duration | None:
    """Read a duration of ISO 8601: one of FEEL's, or a number of weeks, which FEEL does not have."""
    if weeks := _WEEKS.fullmatch(text):
        return parse_duration(f"{weeks[1]}P{int(weeks[2]) * 7}D")
    return parse_duration(text)


def iso_date(text: str) -> Date | DateTime | None:
    """Read a date of ISO 8601, or a date and time."""
    return parse_date_time(text) if "T" in text else parse_date(text)


def moment(value: object, context: StepContext, of_day: OfDay, refusal: Refusal) -> datetime:
    """The moment in UTC that a text (ISO 8601) or a FEEL value means.

    Durations count from now: days, hours and less as elapsed time, months and years by the calendar of the zone.
    A date and time without a zone is local. Raises what `refusal` makes of a value that is none of these.
    """
    meant = iso_duration(value) or iso_date(value) if isinstance(value, str) else value
    try:
        if isinstance(meant, Duration):
            return later(context.now, meant, context.zone)
        if isinstance(meant, Date):
            python = to_python(meant)
            return of_day(python, context.zone) if isinstance(python, date) else context.now
        if isinstance(meant, DateTime):
            return _in_utc(meant, context.zone)
    except (NotRepresentable, OverflowError, ValueError) as error:
        raise refusal(value) from error
    raise refusal(value)


def _in_utc(value: DateTime, zone: ZoneInfo) -> datetime:
    python = to_python(value)
    if not isinstance(python, datetime):
        raise NotRepresentable(str(value))
    return (python if python.tzinfo else python.replace(tzinfo=zone)).astimezone(UTC)


def later(start: datetime, duration: Duration, zone: ZoneInfo) -> datetime:
    """`start` plus a duration, in UTC."""
    if isinstance(duration, DaysDuration):
        return start.astimezone(UTC) + timedelta(microseconds=duration.nanos // 1000)
    return _months_later(start.astimezone(zone), duration).astimezone(UTC)


def _months_later(local: datetime, duration: MonthsDuration) -> datetime:
    day = Date(local.year, local.month, local.day).plus_months(duration.months)
    if day is None:
        raise OverflowError(str(duration))
    return local.replace(year=day.year, month=day.month, day=day.day)
