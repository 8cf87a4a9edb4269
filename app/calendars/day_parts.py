"""The parts of a working day: who did not answer in one of them may in another."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from app.calendars.working_calendar import WorkingCalendar

DayPart = Literal["morning", "noon", "afternoon", "evening"]
# When each ends on the clocks of the site; the evening ends with the day.
_ENDS: tuple[tuple[DayPart, time], ...] = (
    ("morning", time(11, 30)), ("noon", time(13, 30)), ("afternoon", time(17, 30)),
)  # fmt: skip
DAY_PARTS: tuple[DayPart, ...] = ("morning", "noon", "afternoon", "evening")
# Just before and just after a border is the same time of day to whoever is called: about half a working day apart.
_APART = timedelta(hours=4)
_WORTH_A_CALL = timedelta(minutes=15)
_LOOKED_AT = 14  # days: holidays and weekends included, every part of the site's hours comes in them


def day_part(moment: datetime, zone: ZoneInfo) -> DayPart:
    """The part of the day in which a moment lies on the clocks of a zone."""
    clock = moment.astimezone(zone).time()
    return next((part for part, ends in _ENDS if clock < ends), "evening")


def next_other_part(calendar: WorkingCalendar, start: datetime, parts: Collection[str]) -> datetime:
    """The first working time, four hours after `start` or later, in a part of the day that is not among `parts`.

    Where working time has no other part, half a working day later. Raises `BeyondCalendar`.
    """
    earliest = start + _APART
    limit = earliest + timedelta(days=_LOOKED_AT)
    for begin, end in calendar.working_time_after(earliest):
        if begin >= limit:
            break
        for piece, ends in _pieces(begin, end, calendar.zone):
            if ends - piece >= _WORTH_A_CALL and day_part(piece, calendar.zone) not in parts:
                return piece.astimezone(calendar.zone)
    return calendar.add_working_hours(start, calendar.hours_per_day / 2)


def _pieces(begin: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """A stretch of working time cut where the parts of the day end."""
    for border in sorted(_borders({begin.astimezone(zone).date(), end.astimezone(zone).date()}, zone)):
        if begin < border < end:
            yield begin, border
            begin = border
    yield begin, end


def _borders(days: Collection[date], zone: ZoneInfo) -> Iterator[datetime]:
    for day in days:
        for clock in (time.min, *(ends for _, ends in _ENDS)):
            yield datetime.combine(day, clock, zone).astimezone(UTC)
