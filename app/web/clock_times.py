"""Due dates that come from a clock: how much working time is left, or that the clock is paused."""

from datetime import datetime, tzinfo
from typing import Protocol

from app.calendars import WorkingCalendar
from app.extensions import db
from app.operations.working_calendars import working_calendar_of
from app.web.human_times import HumanTime, Urgency, describe_due
from app.web.texts import gettext

_MINUTES = 60


class Due(Protocol):
    """What is asked of a user task, or of a row of a list."""

    @property
    def site_id(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def clock_id(self) -> str | None: ...


class ClockTimes:
    """The due dates of one page; the calendar of a site is read once, and only where a clock runs."""

    def __init__(self, now: datetime, zone: tzinfo, locale: str) -> None:
        self._reading = (now, zone, locale)
        self._calendars: dict[str, WorkingCalendar] = {}

    def due(self, row: Due) -> HumanTime | None:
        """The due date of an open user task in words; None where it has none."""
        if row.due_at is None:
            return paused_time() if row.clock_id else None
        due = describe_due(row.due_at, *self._reading)
        if not row.clock_id or due.urgency == Urgency.LATE:
            return due
        left = gettext("%(time)s left", time=working_time(self.minutes_until(row.site_id, row.due_at)))
        return HumanTime(left, due.exact, due.iso, due.urgency, is_clock=True)

    def minutes_until(self, site_id: str, moment: datetime) -> int:
        """Working time from now; at least a minute, for what is not over."""
        if site_id not in self._calendars:
            self._calendars[site_id] = working_calendar_of(db.session(), site_id)
        return max(1, round(self._calendars[site_id].working_hours_between(self._reading[0], moment) * _MINUTES))


def paused_time() -> HumanTime:
    """In place of a due date while the clock is paused."""
    return HumanTime(gettext("Paused"), "", "", "paused", is_clock=True)


def working_time(minutes: int) -> str:
    """Hours and minutes of working time; it has no days, which are different at each site."""
    hours, rest = divmod(minutes, _MINUTES)
    if not hours:
        return gettext("%(minutes)d min", minutes=rest)
    if not rest:
        return gettext("%(hours)d h", hours=hours)
    return gettext("%(hours)d h %(minutes)d min", hours=hours, minutes=rest)
