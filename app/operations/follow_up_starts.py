"""Planned follow-ups become cases on their day."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.models import Customer, PlannedFollowUp, Site, Vehicle, Visit
from app.operations.actor import SYSTEM
from app.operations.cases import Case
from app.operations.follow_up_crew import absences, callers_at
from app.operations.follow_up_occasions import CALLER_GROUPS, PROCESS_KEY
from app.operations.follow_up_plan import reason_to_skip
from app.operations.history import Event, append_events, customer_stream
from app.operations.process_instances import start_process


def start_follow_up(session: Session, planned_follow_up_id: str, *, now: datetime) -> Case | None:
    """Start the case of a planned follow-up; None where it was started, called off or put off meanwhile.

    The case gets `caller_group`, whose members may call, and `advisor_id`, who is to call, or null where whoever was
    planned cannot.
    """
    follow_up = session.get(PlannedFollowUp, planned_follow_up_id, with_for_update=True)
    if follow_up is None or follow_up.state != "planned":
        return None
    zone = ZoneInfo(session.get_one(Site, follow_up.site_id).zone)
    if follow_up.planned_on > now.astimezone(zone).date():
        return None
    visit = session.get_one(Visit, follow_up.visit_id)
    if reason := reason_to_skip(session, visit, follow_up.latest_on, follow_up.latest_on):
        follow_up.state, follow_up.skip_reason = "skipped", reason
        event = Event("follow_up_skipped", {"planned_follow_up_id": follow_up.id, "skip_reason": reason})
        stream = customer_stream(follow_up.customer_id)
        append_events(session, stream, [event], actor=SYSTEM, now=now, site_id=follow_up.site_id)
        return None
    follow_up.advisor_id = _present_caller(session, follow_up, zone, now)
    customer = session.get_one(Customer, follow_up.customer_id)
    vehicle = session.get_one(Vehicle, follow_up.vehicle_id)
    case = start_process(
        session,
        PROCESS_KEY,
        {
            "planned_follow_up_id": follow_up.id,
            "visit_id": visit.id,
            "customer_id": customer.id,
            "vehicle_id": vehicle.id,
            "occasion": follow_up.occasion,
            "level": follow_up.level,
            "caller_group": CALLER_GROUPS[follow_up.level],
            "advisor_id": follow_up.advisor_id,
        },
        site_id=follow_up.site_id,
        business_key=visit.order_number,
        title=f"{customer.name} · {vehicle.plate or vehicle.vin[-6:]}",
        customer_id=customer.id,
        vehicle_id=vehicle.id,
        visit_id=visit.id,
        actor=SYSTEM,
        now=now,
    )
    follow_up.state, follow_up.instance_id = "started", case.id
    return case


def _present_caller(session: Session, follow_up: PlannedFollowUp, zone: ZoneInfo, now: datetime) -> str | None:
    today = now.astimezone(zone).date()
    planned = [one for one in callers_at(session, follow_up.site_id, follow_up.level) if one == follow_up.advisor_id]
    is_away = bool(absences(session, planned, zone, today, today))
    return None if is_away else next(iter(planned), None)
