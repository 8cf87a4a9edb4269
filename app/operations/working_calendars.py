"""Working calendars of the sites: read as values, filled with default hours and the public holidays."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, false, func, select
from sqlalchemy.orm import Session

from app.calendars import HolidaysUnknown, Stretch, WorkingCalendar, chinese_holidays
from app.errors import NotFound
from app.i18n import N_
from app.models import CalendarDay, Site, WorkingHours
from app.models.prepared import Prepared, table_of
from app.operations.actor import Actor
from app.operations.history import CONFIGURATION_STREAM, Event, append_events

# Eight hours from Monday to Friday, with the long lunch of the trade; a site edits its own.
_DEFAULT_DAY = (Stretch(time(8, 30), time(12)), Stretch(time(13, 30), time(18)))
DEFAULT_WEEKLY_HOURS: Mapping[int, tuple[Stretch, ...]] = dict.fromkeys(range(5), _DEFAULT_DAY)
_SITE, _HOUR, _DAY = table_of(Site), table_of(WorkingHours), table_of(CalendarDay)
_ZONE = Prepared(select(_SITE.c.zone).where(_SITE.c.id == bindparam("site_id")))
_DAYS = Prepared(select(_DAY.c.day, _DAY.c.is_working).where(_DAY.c.site_id == bindparam("site_id")))
_HOURS = Prepared(
    select(_HOUR.c.weekday, _HOUR.c.begins, _HOUR.c.ends)
    .where(_HOUR.c.site_id == bindparam("site_id"))
    .order_by(_HOUR.c.weekday, _HOUR.c.begins)
)
_DECEMBER = 12
FEWEST_HOLIDAYS = 7  # China has 11 in a year, and weekend days of the festivals besides


def working_calendar_of(session: Session, site_id: str) -> WorkingCalendar:
    """The working calendar of a site, with the default hours where none are stored; raises `NotFound`."""
    found = _ZONE.first(session, {"site_id": site_id})
    if found is None:
        raise NotFound(N_("There is no such site."))
    exceptions: dict[date, bool] = dict(_DAYS.rows(session, {"site_id": site_id}))
    return WorkingCalendar(ZoneInfo(found[0]), weekly_hours_of(session, site_id), exceptions)


def weekly_hours_of(session: Session, site_id: str) -> Mapping[int, tuple[Stretch, ...]]:
    """The hours of a site by weekday, the usual ones where it has none of its own."""
    weekly: defaultdict[int, tuple[Stretch, ...]] = defaultdict(tuple)
    for weekday, begins, ends in _HOURS.rows(session, {"site_id": site_id}):
        weekly[weekday] += (Stretch(begins, ends),)
    return dict(weekly) or DEFAULT_WEEKLY_HOURS


def seed_working_calendar(
    session: Session, site_id: str, *, years: Iterable[int], actor: Actor, now: datetime
) -> tuple[int, ...]:
    """Give a site the default hours and the public holidays of `years`; what the site has already stays.

    Returns the years whose holidays are not known yet, of which the caller has to warn.
    """
    _seed_hours(session, site_id)
    wanted, unknown = sorted(set(years)), []
    for year in wanted:
        try:
            add_public_holidays(session, site_id, year)
        except HolidaysUnknown:
            unknown.append(year)
    session.flush()
    body = {"site": site_id, "years": wanted, "unknown_years": unknown}
    append_events(
        session, CONFIGURATION_STREAM, [Event("working_calendar_seeded", body)], actor=actor, now=now, site_id=site_id
    )
    return tuple(unknown)


def years_without_holidays(session: Session, site_id: str, today: date) -> tuple[int, ...]:
    """The years a site should know the holidays of and does not: this one, and in December the next.

    Working time over the end of such a year is counted as if it had no holidays: pages warn of it.
    """
    needed = (today.year, today.year + 1) if today.month == _DECEMBER else (today.year,)
    return tuple(year for year in needed if not _knows(session, site_id, year))


def _knows(session: Session, site_id: str, year: int) -> bool:
    """A day or two that the site entered itself, an anniversary, are not the holidays of a year."""
    query = select(func.count()).where(
        CalendarDay.site_id == site_id,
        CalendarDay.is_working == false(),
        CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)),
    )
    return (session.scalar(query) or 0) >= FEWEST_HOLIDAYS


def _seed_hours(session: Session, site_id: str) -> None:
    if session.scalar(select(WorkingHours.weekday).where(WorkingHours.site_id == site_id).limit(1)) is not None:
        return
    session.add_all(
        WorkingHours(site_id=site_id, weekday=weekday, begins=stretch.begins, ends=stretch.ends)
        for weekday, stretches in DEFAULT_WEEKLY_HOURS.items()
        for stretch in stretches
    )


def add_public_holidays(session: Session, site_id: str, year: int) -> tuple[date, ...]:
    """Add the days of a year that differ and that the site does not have yet; returns them. Raises HolidaysUnknown."""
    holidays = chinese_holidays(year)
    query = select(CalendarDay.day).where(CalendarDay.site_id == site_id, CalendarDay.day.in_(holidays))
    present = set(session.scalars(query))
    missing = tuple(sorted(day for day in holidays if day not in present))
    session.add_all(
        CalendarDay(site_id=site_id, day=day, is_working=holidays[day].is_working, name=holidays[day].name)
        for day in missing
    )
    return missing
