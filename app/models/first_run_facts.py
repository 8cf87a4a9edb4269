"""What the pages of the first start show of what is there already."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.display_names import definition_names
from app.models.organisation import Site, User
from app.models.process_definition import ProcessDefinition
from app.models.working_calendar import CalendarDay, WorkingHours


@dataclass(frozen=True, slots=True)
class CalendarFacts:
    """The working time of a site: stretches by weekday (0 = Monday), days that differ by year and by name."""

    site_id: str
    site: str
    zone: str
    hours: dict[int, list[str]]
    holidays: dict[int, list[tuple[str, date, date]]]
    years: tuple[int, ...]


def calendar_facts(session: Session, site_id: str, year: int) -> CalendarFacts | None:
    """The calendar of a site in `year` and the next; None where there is no such site."""
    site = session.get(Site, site_id)
    if site is None:
        return None
    hours: defaultdict[int, list[str]] = defaultdict(list)
    query = select(WorkingHours).where(WorkingHours.site_id == site_id)
    for row in session.scalars(query.order_by(WorkingHours.weekday, WorkingHours.begins)):
        hours[row.weekday].append(f"{row.begins:%H:%M}–{row.ends:%H:%M}")
    years = (year, year + 1)
    return CalendarFacts(
        site.id, site.name, site.zone, dict(hours), {each: _holidays(session, site_id, each) for each in years}, years
    )


def _holidays(session: Session, site_id: str, year: int) -> list[tuple[str, date, date]]:
    """(name, first day, last day) of the holidays of a year, in their order."""
    first, last = func.min(CalendarDay.day), func.max(CalendarDay.day)
    query = (
        select(CalendarDay.name, first, last)
        .where(
            CalendarDay.site_id == site_id,
            ~CalendarDay.is_working,
            CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .group_by(CalendarDay.name)
        .order_by(first)
    )
    return [(name, begins, ends) for name, begins, ends in session.execute(query)]


def people_count(session: Session) -> int:
    """How many people can sign in."""
    return session.scalar(select(func.count()).select_from(User).where(User.is_active)) or 0


def deployed_names(session: Session, locale: str) -> list[str]:
    """The names of the processes that are deployed, each once."""
    definition_ids = set(session.scalars(select(ProcessDefinition.id)))
    names = definition_names(session, definition_ids)
    return sorted({one.process(locale) for one in names.values()})
