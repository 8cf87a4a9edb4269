"""Customers taken out of the house as a table, and one person's data as a copy for that person (PIPL article 45)."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotAllowed
from app.i18n import N_
from app.models import Consent, Customer, Vehicle, Visit
from app.models.customer_access import is_live, may_know_customer, member_sites, working_sites
from app.models.customer_file_facts import vehicles_of
from app.operations.actor import Actor
from app.operations.card_fields import card_values
from app.operations.customer_authority import EXPORTERS, existing_customer, require_at_card
from app.operations.customers import FOLLOW_UP_CALL
from app.operations.history import CONFIGURATION_STREAM, Event, append_events, tell_of_customer
from app.operations.looks import record_look

LOOK = "export"


def export_customers(session: Session, *, actor: Actor, now: datetime) -> list[list[str]]:
    """The customers of the actor's sites with their vehicles, a row each; every one of them counts as looked at.

    Raises NotAllowed who may not export anywhere.
    """
    site_ids = working_sites(session, actor.user_id, EXPORTERS)
    if not site_ids:
        raise NotAllowed(N_("Your groups do not allow this at this site."))
    query = (
        select(Customer, Vehicle)
        .outerjoin(Vehicle, Vehicle.holder_id == Customer.id)
        .where(is_live(), may_know_customer(actor.user_id, EXPORTERS))
        .order_by(Customer.name, Customer.id, Vehicle.id)
    )
    found = session.execute(query).all()
    states = _consents(session)
    rows = [_row(customer, vehicle, states.get(customer.id, "")) for customer, vehicle in found]
    for customer_id in dict.fromkeys(customer.id for customer, _ in found):
        record_look(session, customer_id, LOOK, actor=actor, now=now)
    event = Event("customers_exported", {"sites": site_ids, "rows": len(rows)})
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now)
    return rows


def copy_for_customer(session: Session, customer_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """All that the file of a customer says, as plain JSON to hand over to the person.

    Visits of sites the actor may not see are left out: those sites give their own. Raises CardNotFound, NotAllowed.
    """
    customer = existing_customer(session, customer_id)
    require_at_card(session, customer, EXPORTERS, actor=actor)
    sites = member_sites(session, actor.user_id, EXPORTERS)
    visits = select(Visit).where(Visit.customer_id == customer.id, Visit.site_id.in_(sites))
    consents = session.scalars(select(Consent).where(Consent.customer_id == customer.id)).all()
    record_look(session, customer.id, LOOK, actor=actor, now=now)
    tell_of_customer(session, customer.id, Event("customer_copy_made", {}), actor=actor, now=now)
    return {
        "customer": card_values(session, customer) | {"must_not_be_contacted": customer.is_do_not_contact},
        "vehicles": [_without_holder(card_values(session, vehicle)) for vehicle in vehicles_of(session, customer.id)],
        "visits": [_visit(visit) for visit in session.scalars(visits.order_by(Visit.handed_over_at))],
        "consents": [
            {"kind": row.kind, "state": row.state, "source": row.source, "at": row.given_at.isoformat()}
            for row in consents
        ],
    }


def _consents(session: Session) -> dict[str, str]:
    query = select(Consent.customer_id, Consent.state).where(Consent.kind == FOLLOW_UP_CALL)
    return dict(session.execute(query.order_by(Consent.given_at, Consent.id)).all())


def _row(customer: Customer, vehicle: Vehicle | None, consent: str) -> list[str]:
    car = [vehicle.plate or "", vehicle.vin, vehicle.make, vehicle.model] if vehicle else [""] * 4
    return [
        customer.name, customer.title, customer.phone, customer.grade, *car, customer.verification,
        "yes" if customer.is_do_not_contact else "", consent,
    ]  # fmt: skip


def _without_holder(values: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in values.items() if name != "holder"}


def _visit(visit: Visit) -> dict[str, object]:
    return {
        "site": visit.site_id, "kind": visit.kind, "order_number": visit.order_number,
        "handed_over_at": visit.handed_over_at.isoformat(), "sent_in_by": visit.sent_in_by,
        "contact_phone": visit.contact_phone, "best_time": visit.best_time, "advisor": visit.advisor,
        "work_done": visit.work_done, "amount": str(visit.amount) if visit.amount is not None else None,
        "mileage": visit.mileage,
    }  # fmt: skip
