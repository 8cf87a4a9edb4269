"""What a caller wants to know of the cases whose calls wait: customer, vehicle, occasion, and what was tried."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.customer import Customer, Vehicle, Visit
from app.models.follow_up_plan import PlannedFollowUp
from app.models.process_instance import Variable

CALL, RECORD = "Activity_Call", "Activity_Record"
_KEPT = ("attempts", "call_outcome", "call_parts")


@dataclass(frozen=True, slots=True)
class WaitingCall:
    """A follow-up to call; `kept` are the variables of the calls made so far, as they are stored."""

    planned: PlannedFollowUp
    customer: Customer
    vehicle: Vehicle
    visit: Visit
    kept: dict[str, str] = field(default_factory=dict)


def waiting_calls(session: Session, instance_ids: Collection[str]) -> dict[str, WaitingCall]:
    """By case; cases that no follow-up was planned for are missing."""
    query = (
        select(PlannedFollowUp, Customer, Vehicle, Visit)
        .join(Customer, Customer.id == PlannedFollowUp.customer_id)
        .join(Vehicle, Vehicle.id == PlannedFollowUp.vehicle_id)
        .join(Visit, Visit.id == PlannedFollowUp.visit_id)
        .where(PlannedFollowUp.instance_id.in_(instance_ids))
    )
    found = {str(row[0].instance_id): WaitingCall(*row) for row in session.execute(query)}
    kept = select(Variable.instance_id, Variable.name, Variable.value).where(
        Variable.instance_id.in_(found), Variable.name.in_(_KEPT)
    )
    for instance_id, name, value in session.execute(kept):
        found[instance_id].kept[name] = value
    return found
