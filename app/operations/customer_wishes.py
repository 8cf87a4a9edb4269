"""What a customer wants: to be called or not, and not to be contacted at all, changed on the page of the file."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.i18n import N_
from app.models import Customer
from app.models.customer_access import FILE_CHANGERS
from app.operations.actor import Actor
from app.operations.customer_authority import existing_customer, require_at_card
from app.operations.customers import record_consent
from app.operations.follow_up_leaving import leave_plan
from app.operations.history import Event, tell_of_customer

STATES = ("given", "refused", "withdrawn")
SOURCES = ("counter", "call", "letter")


def change_consent(session: Session, customer_id: str, state: str, source: str, *, actor: Actor, now: datetime) -> None:
    """Write down what the customer said about being called, and where. Needs no review: a wish holds at once."""
    customer = _changeable(session, customer_id, actor)
    if state not in STATES or source not in SOURCES:
        raise InvalidInput(N_("Choose one of the list."), fields={"state": N_("Choose one of the list.")})
    record_consent(session, customer.id, state, source=source, actor=actor, now=now)
    leave_plan(session, customer.id, actor=actor, now=now)


def set_do_not_contact(
    session: Session, customer_id: str, *, is_do_not_contact: bool, actor: Actor, now: datetime
) -> None:
    """Let nobody of the company contact this customer any more, or take that back."""
    customer = _changeable(session, customer_id, actor)
    if customer.is_do_not_contact == is_do_not_contact:
        return
    customer.is_do_not_contact = is_do_not_contact
    event = Event("do_not_contact_changed", {"is_do_not_contact": is_do_not_contact})
    tell_of_customer(session, customer.id, event, actor=actor, now=now)
    leave_plan(session, customer.id, actor=actor, now=now)


def _changeable(session: Session, customer_id: str, actor: Actor) -> Customer:
    customer = existing_customer(session, customer_id, is_locked=True)
    require_at_card(session, customer, FILE_CHANGERS, actor=actor)
    return customer
