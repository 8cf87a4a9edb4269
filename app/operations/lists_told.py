"""On the day a list of follow-ups is due and not made, who makes it and the managers are told: once for each list."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Site
from app.operations.actor import SYSTEM
from app.operations.follow_up_due_lists import DueList, due_lists
from app.operations.notifications import notify
from app.operations.staffing import active_members
from app.operations.told_once import told_before, wait_for_other_workers

KIND = "list_due"
# Longer than a quarter: what was told of an older list is told of no list that is due now.
LOOK_BACK = timedelta(days=200)


def tell_of_due_lists(session: Session, now: datetime) -> int:
    """Tell who was not yet told of a list that is due; returns 0: one look is enough."""
    wait_for_other_workers(session)
    for site, due, people in _untold(session, now):
        note = f"{due.first_day} – {due.last_day}"
        params = {
            "site_id": site.id, "site": site.name, "occasion": due.occasion, "first_day": due.first_day.isoformat(),
            "note": note,
        }  # fmt: skip
        notify(session, people, KIND, params=params, actor=SYSTEM, now=now)
    return 0


def has_due_lists_to_tell(session: Session, now: datetime) -> bool:
    """Whether there is anybody to tell; only reads."""
    return next(_untold(session, now), None) is not None


def _untold(session: Session, now: datetime) -> Iterator[tuple[Site, DueList, list[str]]]:
    told = told_before(session, KIND, ("site_id", "occasion", "first_day"), since=now - LOOK_BACK)
    for site in session.scalars(select(Site).order_by(Site.id)).all():
        today = now.astimezone(ZoneInfo(site.zone)).date()
        for due in due_lists(session, site, now):
            if not due.is_overdue(today):
                continue
            everybody = active_members(session, due.concerns(), site.id)
            key = (site.id, due.occasion, due.first_day.isoformat())
            if people := [person for person in everybody if (person, *key) not in told]:
                yield site, due, people
