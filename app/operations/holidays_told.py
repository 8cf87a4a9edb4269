"""Administrators told that the public holidays of a year are missing in the calendar of their site, each once."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Site
from app.operations.actor import SYSTEM
from app.operations.administration import ADMINISTRATORS
from app.operations.notifications import notify
from app.operations.staffing import active_members
from app.operations.told_once import told_before, wait_for_other_workers
from app.operations.working_calendars import years_without_holidays

KIND = "holidays_missing"


def tell_of_missing_holidays(session: Session, now: datetime) -> int:
    """Tell the administrators of each site what is missing and who was not yet told; returns 0: one look is enough."""
    wait_for_other_workers(session)
    for site, year, people in _untold(session, now):
        params = {"site_id": site.id, "site": site.name, "year": str(year)}
        notify(session, people, KIND, params=params, actor=SYSTEM, now=now)
    return 0


def has_missing_holidays_to_tell(session: Session, now: datetime) -> bool:
    """Whether there is anybody to tell; only reads."""
    return next(_untold(session, now), None) is not None


def _untold(session: Session, now: datetime) -> Iterator[tuple[Site, int, list[str]]]:
    told: set[tuple[str, ...]] | None = None
    for site in session.scalars(select(Site).order_by(Site.id)).all():
        for year in years_without_holidays(session, site.id, now.astimezone(ZoneInfo(site.zone)).date()):
            told = told_before(session, KIND, ("site_id", "year")) if told is None else told
            everybody = active_members(session, (ADMINISTRATORS,), site.id)
            people = [person for person in everybody if (person, site.id, str(year)) not in told]
            if people:
                yield site, year, people
