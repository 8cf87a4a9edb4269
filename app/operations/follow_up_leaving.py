"""Customers who must not or can no longer be called leave the plan at once, not only when their day has come."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import PlannedFollowUp, Site, Visit
from app.operations.actor import Actor
from app.operations.follow_up_plan import reason_to_skip
from app.operations.history import Event, append_events, customer_stream

UNREACHABLE = "unreachable"


def leave_plan(session: Session, customer_id: str, *, actor: Actor, now: datetime, is_unreachable: bool = False) -> int:
    """Take a customer's planned follow-ups of all sites out of the plan where there is a reason; returns how many.

    The reason is that for which they would not begin, or, for `is_unreachable`, that no number of the customer is
    valid. *Plan again* takes them back.
    """
    planned = select(PlannedFollowUp).where(
        PlannedFollowUp.customer_id == customer_id, PlannedFollowUp.state == "planned"
    )
    left = 0
    for follow_up in session.scalars(planned.order_by(PlannedFollowUp.id).with_for_update()).all():
        visit, site = session.get_one(Visit, follow_up.visit_id), session.get_one(Site, follow_up.site_id)
        today = now.astimezone(ZoneInfo(site.zone)).date()
        reason = reason_to_skip(session, visit, follow_up.latest_on, today) or (UNREACHABLE if is_unreachable else None)
        if reason is None:
            continue
        follow_up.state, follow_up.skip_reason = "skipped", reason
        session.flush()
        body = {"planned_follow_up_id": follow_up.id, "skip_reason": reason}
        append_events(
            session, customer_stream(customer_id), [Event("follow_up_called_off", body)], actor=actor, now=now,
            site_id=follow_up.site_id,
        )  # fmt: skip
        left += 1
    return left
