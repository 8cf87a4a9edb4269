"""The plan of follow-ups: made from visits, started on their day (A10, domain page 2.1)."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars import WorkingCalendar
from app.identifiers import new_id
from app.models import Customer, PlannedFollowUp, Site, Vehicle, Visit
from app.operations.actor import SYSTEM, Actor
from app.operations.cases import Case
from app.operations.customers import consent_state
from app.operations.follow_up_occasions import OCCASIONS, Occasion, VisitDates
from app.operations.history import Event, append_events, customer_stream
from app.operations.jobs import enqueue
from app.operations.process_instances import start_process

PROCESS_KEY = "follow_up"
DAY_BEGINS = time(8)
START_JOB = "start_follow_up"


def plan_follow_ups(
    session: Session, visit: Visit, site: Site, calendar: WorkingCalendar, *, actor: Actor, now: datetime
) -> Sequence[PlannedFollowUp]:
    """Plan every follow-up a visit brings about and enqueue the start of each.

    What may not or can no longer be made is planned as skipped, with the reason, so that the plan shows it.
    """
    zone = ZoneInfo(site.zone)
    dates = VisitDates(visit.handed_over_at.astimezone(zone).date(), visit.invoiced_on, site.is_outlet)
    planned = []
    for occasion in OCCASIONS:
        if occasion.visit_kind != visit.kind:
            continue
        follow_up = _plan(session, visit, occasion, dates, calendar, now.astimezone(zone).date())
        session.add(follow_up)
        planned.append(follow_up)
        if follow_up.state == "planned":
            begin = datetime.combine(follow_up.planned_on, DAY_BEGINS, zone)
            enqueue(
                session,
                START_JOB,
                {"planned_follow_up_id": follow_up.id},
                run_at=max(begin, now),
                now=now,
                site_id=site.id,
            )
    _tell_planned(session, visit, planned, actor=actor, now=now)
    return planned


def _plan(
    session: Session, visit: Visit, occasion: Occasion, dates: VisitDates, calendar: WorkingCalendar, today: date
) -> PlannedFollowUp:
    # What falls due on a day off moves to the next working day (domain page, section 4).
    first, last = (calendar.next_working_day(day) for day in occasion.window(dates))
    reason = _reason_to_skip(session, visit, occasion, last, today)
    return PlannedFollowUp(
        id=new_id(),
        site_id=visit.site_id,
        visit_id=visit.id,
        customer_id=visit.customer_id,
        vehicle_id=visit.vehicle_id,
        occasion=occasion.id,
        level=occasion.level,
        planned_on=first,
        latest_on=last,
        state="skipped" if reason else "planned",
        skip_reason=reason,
    )


def _reason_to_skip(session: Session, visit: Visit, occasion: Occasion, last: date, today: date) -> str | None:
    customer = session.get_one(Customer, visit.customer_id)
    consent = consent_state(session, customer.id)
    if customer.is_do_not_contact:
        return "do_not_contact"
    if consent in ("refused", "withdrawn"):
        return "refused"
    if occasion.is_consent_needed and consent != "given":
        return "no_consent"
    return "past" if last < today else None


def start_follow_up(session: Session, planned_follow_up_id: str, *, now: datetime) -> Case | None:
    """Start the case of a planned follow-up; None where it was started or called off meanwhile."""
    follow_up = session.scalars(
        select(PlannedFollowUp).where(PlannedFollowUp.id == planned_follow_up_id).with_for_update()
    ).first()
    if follow_up is None or follow_up.state != "planned":
        return None
    visit = session.get_one(Visit, follow_up.visit_id)
    customer = session.get_one(Customer, follow_up.customer_id)
    occasion = next(occasion for occasion in OCCASIONS if occasion.id == follow_up.occasion)
    if reason := _reason_to_skip(session, visit, occasion, follow_up.latest_on, follow_up.latest_on):
        follow_up.state, follow_up.skip_reason = "skipped", reason
        return None
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


def _tell_planned(
    session: Session, visit: Visit, planned: Sequence[PlannedFollowUp], *, actor: Actor, now: datetime
) -> None:
    events = [
        Event(
            "follow_up_planned",
            body={
                "planned_follow_up_id": follow_up.id,
                "visit_id": visit.id,
                "occasion": follow_up.occasion,
                "level": follow_up.level,
                "planned_on": follow_up.planned_on.isoformat(),
                "latest_on": follow_up.latest_on.isoformat(),
                "skip_reason": follow_up.skip_reason,
            },
        )
        for follow_up in planned
    ]
    if events:
        append_events(session, customer_stream(visit.customer_id), events, actor=actor, now=now, site_id=visit.site_id)
