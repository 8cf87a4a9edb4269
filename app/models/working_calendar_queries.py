"""The days of a site's calendar that differ from their weekday, as its page shows them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.working_calendar import CalendarDay


@dataclass(frozen=True, slots=True)
class DifferingDay:
    """A day off, or (`is_working`) a day worked to make up for one."""

    day: date
    is_working: bool
    name: str


def differing_days(session: Session, site_id: str, year: int) -> list[DifferingDay]:
    """Those of a year, in their order."""
    query = (
        select(CalendarDay.day, CalendarDay.is_working, CalendarDay.name)
        .where(CalendarDay.site_id == site_id, CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(CalendarDay.day)
    )
    return [DifferingDay(*row) for row in session.execute(query)]
