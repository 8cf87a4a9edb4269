"""A site with callers of all levels, and visits as an import brings them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.models import (
    Deployment,
    FollowUpResult,
    Membership,
    PlannedFollowUp,
    ProcessDefinition,
    ProcessInstance,
    Site,
    User,
    Visit,
)
from app.operations.actor import SYSTEM, Actor
from app.operations.customers import CustomerData, find_or_create_customer, find_or_create_vehicle, record_consent
from app.operations.follow_up_plan import FollowUpPlanner
from app.operations.groups import ensure_default_groups

NOW = datetime(2026, 5, 18, 2, 0, tzinfo=UTC)  # a Monday, ten o'clock in Shanghai
PEOPLE = {
    "bai": "cr_advisor", "lin": "cr_advisor", "song": "customer_service", "wen": "gm_office", "lu": "service_manager",
    "shen": "auditor",
}  # fmt: skip
BAI, SONG, WEN, LU = (Actor(name) for name in ("bai", "song", "wen", "lu"))
NewVisit = Callable[..., Visit]


@pytest.fixture
def site(session: Session) -> Site:
    """The main house."""
    site = Site(id="main", name="示范店", zone="Asia/Shanghai", is_outlet=False)
    session.add(site)
    session.flush()
    ensure_default_groups(session)
    for name, group in PEOPLE.items():
        session.add(User(id=name, display_name=name, created_at=NOW))
        session.flush()
        session.add(Membership(user_id=name, group_id=group, site_id="main"))
    session.flush()
    return site


@pytest.fixture
def new_visit(session: Session, site: Site) -> NewVisit:
    """Makes a visit of a customer of its own, `days` ago, who agreed to be called unless `consent` says otherwise."""

    def make(
        number: int, days: int = 2, *, kind: str = "repair", consent: str | None = "given", order: str = "",
        **facts: object,
    ) -> Visit:  # fmt: skip
        when = NOW - timedelta(days=days)
        data = CustomerData(f"客户{number}", "", f"1000000{number:04}")
        customer = find_or_create_customer(session, data, actor=SYSTEM, now=when)
        vehicle = find_or_create_vehicle(
            session, f"ZZZFTRFX0TA{number:06}", plate=None, model="", holder=customer, actor=SYSTEM, now=when
        )
        if consent:
            record_consent(session, customer.id, consent, source="counter", actor=SYSTEM, now=when)
        visit = Visit(
            id=f"visit-{order or number}", site_id=site.id, kind=kind, order_number=order or f"R{number}",
            customer_id=customer.id, vehicle_id=vehicle.id, handed_over_at=when, created_at=when, **facts,
        )  # fmt: skip
        session.add(visit)
        session.flush()
        return visit

    return make


def planned(session: Session, site: Site, *visits: Visit) -> list[PlannedFollowUp]:
    """The follow-ups that the visits bring about."""
    planner = FollowUpPlanner(session, site, actor=SYSTEM, now=NOW)
    found = [follow_up for visit in visits for follow_up in planner.plan_visit(visit)]
    session.flush()
    return found


def made(session: Session, call: PlannedFollowUp, result: str, at: datetime) -> None:
    """A case was started for the call and closed with this result."""
    if session.get(ProcessDefinition, "follow_up:1") is None:
        session.add(Deployment(id="tests", name="tests", reason="tests", deployed_by="system", deployed_at=NOW))
        session.flush()
        definition = ProcessDefinition(
            id="follow_up:1", key="follow_up", version=1, name="follow_up", translations={}, deployment_id="tests",
            resource_name="follow_up.bpmn",
        )  # fmt: skip
        session.add(definition)
        session.flush()
    case = ProcessInstance(
        id=f"of-{call.visit_id}", site_id=call.site_id, definition_id="follow_up:1", process_key="follow_up",
        case_number=f"FU-{call.visit_id}", title=call.visit_id, state="completed", started_by="system", started_at=at,
        ended_at=at, customer_id=call.customer_id, visit_id=call.visit_id,
    )  # fmt: skip
    session.add(case)
    session.flush()
    call.state, call.instance_id = "closed", case.id
    session.add(
        FollowUpResult(
            planned_follow_up_id=call.id, instance_id=case.id, site_id=call.site_id, customer_id=call.customer_id,
            vehicle_id=call.vehicle_id, visit_id=call.visit_id, occasion=call.occasion, level=call.level,
            planned_on=call.planned_on, latest_on=call.latest_on, closed_at=at, result=result, attempts=1,
        )
    )  # fmt: skip
    session.flush()
