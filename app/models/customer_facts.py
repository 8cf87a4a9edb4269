"""What a person needs to know beside a user task or case: customer, vehicle, visit and earlier contacts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.customer import Customer, Vehicle, Visit
from app.models.process_instance import ProcessInstance
from app.models.user_task_place import AnyCase
from app.models.visibility import is_visible_to

EARLIER_CONTACTS = 6


@dataclass(frozen=True, slots=True)
class EarlierContact:
    """Another case of the same customer."""

    instance_id: str
    definition_id: str
    case_number: str
    title: str
    state: str
    end_event_id: str | None
    started_at: datetime


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """The file of the customer of a case, as far as it exists."""

    customer: Customer | None
    vehicle: Vehicle | None
    visit: Visit | None
    contacts: tuple[EarlierContact, ...]
    site_id: str = ""


def customer_facts(session: Session, instance: AnyCase, user_id: str) -> CustomerFacts:
    """The facts of a case; earlier contacts only where `user_id` may see their cases."""
    return CustomerFacts(
        customer=session.get(Customer, instance.customer_id) if instance.customer_id else None,
        vehicle=session.get(Vehicle, instance.vehicle_id) if instance.vehicle_id else None,
        visit=session.get(Visit, instance.visit_id) if instance.visit_id else None,
        contacts=_earlier_contacts(session, instance, user_id) if instance.customer_id else (),
        site_id=instance.site_id,
    )


def _earlier_contacts(session: Session, instance: AnyCase, user_id: str) -> tuple[EarlierContact, ...]:
    query = (
        select(
            ProcessInstance.id, ProcessInstance.definition_id, ProcessInstance.case_number, ProcessInstance.title,
            ProcessInstance.state, ProcessInstance.end_event_id, ProcessInstance.started_at,
        )
        .where(
            ProcessInstance.customer_id == instance.customer_id,
            ProcessInstance.id != instance.id,
            is_visible_to(user_id),
        )
        .order_by(ProcessInstance.started_at.desc())
        .limit(EARLIER_CONTACTS)
    )
    return tuple(EarlierContact(*row) for row in session.execute(query))
