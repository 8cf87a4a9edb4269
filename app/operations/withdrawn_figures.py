"""What reports count of a case is no longer open when the case is cancelled."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.models import ComplaintFact, Measure

OPEN_MEASURES = ("proposed", "approved", "done")


def withdraw_figures(session: Session, instance_id: str, now: datetime) -> None:
    """The complaint is closed as cancelled, and measures that were not verified are."""
    session.execute(
        update(ComplaintFact)
        .where(ComplaintFact.instance_id == instance_id, ComplaintFact.closed_at.is_(None))
        .values(closed_at=now, outcome="cancelled")
    )
    session.execute(
        update(Measure)
        .where(Measure.instance_id == instance_id, Measure.state.in_(OPEN_MEASURES))
        .values(state="cancelled")
    )
