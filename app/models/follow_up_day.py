"""A caller's day: the follow-ups still to be prepared, with what the preparation looks at."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, or_, select, true
from sqlalchemy.orm import Session

from app.models.customer import Consent, Customer, Vehicle, Visit
from app.models.follow_up_plan import PlannedFollowUp
from app.models.organisation import Membership
from app.models.process_instance import ProcessInstance
from app.models.user_task import UserTask, UserTaskCandidate

PROCESS_KEY, PREPARE = "follow_up", "Activity_Prepare"
LONGEST_DAY = 200


@dataclass(frozen=True, slots=True)
class ToPrepare:
    """One follow-up to prepare; `consent` is the customer's newest word on being called."""

    user_task: UserTask
    planned: PlannedFollowUp
    customer: Customer
    vehicle: Vehicle
    visit: Visit
    consent: str | None


def follow_ups_to_prepare(session: Session, user_id: str) -> list[ToPrepare]:
    """Those a person has or may claim, by the day on which they are planned; at most 200."""
    query = (
        select(UserTask, PlannedFollowUp, Customer, Vehicle, Visit)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .join(PlannedFollowUp, PlannedFollowUp.instance_id == ProcessInstance.id)
        .join(Customer, Customer.id == PlannedFollowUp.customer_id)
        .join(Vehicle, Vehicle.id == PlannedFollowUp.vehicle_id)
        .join(Visit, Visit.id == PlannedFollowUp.visit_id)
        .where(UserTask.id.in_(_mine_to_do(user_id, PREPARE)))
        .order_by(PlannedFollowUp.planned_on, UserTask.id)
        .limit(LONGEST_DAY)
    )
    rows = session.execute(query).all()
    consents = newest_consents(session, {customer.id for _, _, customer, _, _ in rows})
    return [ToPrepare(*row, consent=consents.get(row[2].id)) for row in rows]


def newest_consents(session: Session, customer_ids: Collection[str]) -> dict[str, str]:
    """The newest word of each of these customers; who was never asked is missing."""
    query = (
        select(Consent.customer_id, Consent.state)
        .where(Consent.customer_id.in_(customer_ids), Consent.kind == "follow_up_call")
        .order_by(Consent.given_at, Consent.id)
    )
    return {row.customer_id: row.state for row in session.execute(query)}  # the last one of each stays


def _mine_to_do(user_id: str, element_id: str) -> Select[str]:
    """Ids of open user tasks of an element of the follow-up: the person's own and those of the person's groups."""
    of_element = and_(
        UserTask.process_key == PROCESS_KEY, UserTask.element_id == element_id, UserTask.state == "open"
    )
    own = select(UserTask.id).where(of_element, UserTask.assignee_id == user_id)
    of_groups = (
        select(UserTask.id)
        .join(UserTaskCandidate, UserTaskCandidate.user_task_id == UserTask.id)
        .outerjoin(
            Membership,
            and_(
                Membership.user_id == user_id,
                Membership.group_id == UserTaskCandidate.candidate_id,
                Membership.site_id == UserTaskCandidate.site_id,
            ),
        )
        .where(
            of_element,
            UserTask.assignee_id.is_(None),
            UserTaskCandidate.is_claimable == true(),
            or_(
                and_(UserTaskCandidate.kind == "group", Membership.user_id.is_not(None)),
                and_(UserTaskCandidate.kind == "user", UserTaskCandidate.candidate_id == user_id),
            ),
        )
    )
    both: Any = own.union_all(of_groups).subquery()
    return select(both.c.id)
