"""The working calendar of a site changed by its administrators: hours, single days, the public holidays of a year.

Every change stands in the configuration history with what was there before; dates computed from now on use it.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.calendars import UnusableHours, read_hours, written_hours
from app.calendars.working_calendar import Stretch
from app.errors import InvalidInput, NotFound
from app.i18n import N_
from app.models import CalendarDay, WorkingHours
from app.operations.actor import Actor
from app.operations.administration import administered_site
from app.operations.changed_fields import required_texts
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.working_calendars import add_public_holidays, weekly_hours_of

LONGEST_NAME = 60  # characters
MOST_DAYS = 31  # entered at once

WEEKDAYS = range(7)  # 0 = Monday


def set_weekly_hours(session: Session, site_id: str, texts: Mapping[int, str], *, actor: Actor, now: datetime) -> bool:
    """Set the working hours of all weekdays (0 = Monday), each as `8:30-12:00, 13:30-18:00` or empty.

    Returns whether anything differed. Raises InvalidInput (fields `hours_0` to `hours_6`), NotFound, NotAllowed.
    """
    administered_site(session, site_id, actor)
    wanted = _checked_hours(texts)
    before = weekly_hours_of(session, site_id)
    changes = {
        str(day): {"old": written_hours(before.get(day, ())), "new": written_hours(wanted[day])}
        for day in WEEKDAYS
        if before.get(day, ()) != wanted[day]
    }
    if not changes:
        return False
    session.execute(delete(WorkingHours).where(WorkingHours.site_id == site_id))
    session.add_all(
        WorkingHours(site_id=site_id, weekday=day, begins=stretch.begins, ends=stretch.ends)
        for day, stretches in wanted.items()
        for stretch in stretches
    )
    session.flush()
    _record(session, "working_hours_changed", site_id, {"changes": changes}, actor, now)
    return True


def set_calendar_days(
    session: Session,
    site_id: str,
    first_day: date,
    last_day: date,
    *,
    is_working: bool,
    name: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Enter days off, or worked to make up for one; days that are there already are changed.

    Returns how many differed. Raises InvalidInput, NotFound, NotAllowed.
    """
    administered_site(session, site_id, actor)
    text = required_texts({"name": name}, LONGEST_NAME)["name"]
    if not timedelta(0) <= last_day - first_day < timedelta(days=MOST_DAYS):
        refusal = N_("The last day is not before the first, and at most %(count)s days are entered at once.")
        raise InvalidInput(refusal, fields={"last_day": refusal}, count=MOST_DAYS)
    days = [first_day + timedelta(days=count) for count in range((last_day - first_day).days + 1)]
    present = {row.day: row for row in _days(session, site_id, first_day, last_day)}
    new = {"is_working": is_working, "name": text}
    changes: dict[str, dict[str, object]] = {}
    for day in days:
        row = present.get(day)
        old = None if row is None else {"is_working": row.is_working, "name": row.name}
        if old == new:
            continue
        changes[day.isoformat()] = {"old": old, "new": new}
        if row is None:
            session.add(CalendarDay(site_id=site_id, day=day, is_working=is_working, name=text))
        else:
            row.is_working, row.name = is_working, text
    if changes:
        session.flush()
        _record(session, "calendar_days_changed", site_id, {"changes": changes}, actor, now)
    return len(changes)


def remove_calendar_day(session: Session, site_id: str, day: date, *, actor: Actor, now: datetime) -> None:
    """Let a day count as its weekday again. Raises NotFound, NotAllowed."""
    administered_site(session, site_id, actor)
    row = session.get(CalendarDay, (site_id, day))
    if row is None:
        raise NotFound(N_("This day is not in the calendar."))
    old = {"is_working": row.is_working, "name": row.name}
    session.delete(row)
    session.flush()
    _record(
        session, "calendar_days_changed", site_id, {"changes": {day.isoformat(): {"old": old, "new": None}}}, actor, now
    )


def take_over_public_holidays(session: Session, site_id: str, year: int, *, actor: Actor, now: datetime) -> int:
    """Add the public holidays and make-up days of a year; days that the site has itself stay.

    Returns how many were added. Raises HolidaysUnknown, NotFound, NotAllowed.
    """
    administered_site(session, site_id, actor)
    added = add_public_holidays(session, site_id, year)
    if added:
        session.flush()
        days = {row.day: row for row in _days(session, site_id, added[0], added[-1])}
        changes = {
            day.isoformat(): {"old": None, "new": {"is_working": days[day].is_working, "name": days[day].name}}
            for day in added
        }
        _record(session, "calendar_days_changed", site_id, {"year": year, "changes": changes}, actor, now)
    return len(added)


def _checked_hours(texts: Mapping[int, str]) -> dict[int, tuple[Stretch, ...]]:
    hours, fields = {}, {}
    for day in WEEKDAYS:
        try:
            hours[day] = read_hours(texts.get(day, ""))
        except UnusableHours:
            fields[f"hours_{day}"] = N_("Write hours as 8:30-12:00, 13:30-18:00; they must not overlap.")
    if fields:
        raise InvalidInput(N_("Some hours cannot be understood."), fields=fields)
    if not any(hours.values()):
        raise InvalidInput(N_("A site works on at least one day of the week."))
    return hours


def _days(session: Session, site_id: str, first: date, last: date) -> list[CalendarDay]:
    query = select(CalendarDay).where(CalendarDay.site_id == site_id, CalendarDay.day.between(first, last))
    return list(session.scalars(query.order_by(CalendarDay.day)))


def _record(
    session: Session, event_type: str, site_id: str, body: Mapping[str, object], actor: Actor, now: datetime
) -> None:
    event = Event(event_type, {"site": site_id, **body})
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now, site_id=site_id)
