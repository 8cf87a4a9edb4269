"""Customer and vehicle files: found or made, never twice (one vehicle, one file: A31)."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.i18n import N_
from app.identifiers import new_id
from app.models import Consent, Customer, Vehicle, VehicleHolding
from app.operations.actor import Actor
from app.operations.file_steps import mark_entered
from app.operations.history import Event, tell_of_customer

FOLLOW_UP_CALL = "follow_up_call"


@dataclass(frozen=True, slots=True)
class CustomerData:
    """What an export or a form tells of a customer."""

    name: str
    title: str
    phone: str


def phone_digits(text: str) -> str:
    """A phone number as the files keep it, without the blanks and dashes people write."""
    return re.sub(r"[\s-]", "", text)


def current_customer(session: Session, customer_id: str) -> Customer:
    """The customer, or the one whose file theirs was merged into: cases and exports go on naming the old one.

    Raises NotFound for who never existed or was erased.
    """
    customer = session.get(Customer, customer_id)
    while customer is not None and customer.merged_into_id is not None:
        customer = session.get(Customer, customer.merged_into_id)
    if customer is None or customer.erased_at is not None:
        raise NotFound(N_("This customer does not exist (any more)."))
    return customer


def customer_like(session: Session, data: CustomerData) -> Customer | None:
    """The file of this name and phone, which may have been merged into another; None where there is none."""
    return session.scalars(
        select(Customer).where(Customer.name == data.name, Customer.phone == data.phone, Customer.erased_at.is_(None))
    ).first()


def find_or_create_customer(
    session: Session, data: CustomerData, *, site_id: str | None = None, actor: Actor, now: datetime
) -> Customer:
    """The customer of this name and phone; a new one is callable at once and marked unverified.

    Arguments: site_id, the site that keeps a new file.
    """
    known = customer_like(session, data)
    if known is not None:
        return known if known.merged_into_id is None else current_customer(session, known.id)
    customer = Customer(
        id=new_id(),
        name=data.name,
        title=data.title,
        phone=data.phone,
        site_id=site_id,
        unverified_fields=[],
        created_at=now,
        created_by=actor.user_id,
    )
    session.add(customer)
    mark_entered(session, customer, (), actor=actor, now=now)
    _tell(session, customer.id, "customer_created", {}, {"name": data.name, "phone": data.phone}, actor, now)
    return customer


def find_or_create_vehicle(
    session: Session,
    vin: str,
    *,
    plate: str | None,
    model: str,
    holder: Customer,
    site_id: str | None = None,
    actor: Actor,
    now: datetime,
) -> Vehicle:
    """The vehicle of this VIN, now held by `holder`; a new plate or holder is kept beside the old one.

    Arguments: site_id, the site that keeps a new file. What an export changes has to be checked again (A32).
    """
    vehicle = session.scalars(select(Vehicle).where(Vehicle.vin == vin)).first()
    if vehicle is None:
        vehicle = Vehicle(
            id=new_id(), vin=vin, plate=plate, model=model, site_id=site_id, unverified_fields=[], created_at=now
        )
        session.add(vehicle)
        mark_entered(session, vehicle, (), actor=actor, now=now)
    elif plate and plate != vehicle.plate:
        change: dict[str, object] = {"old": vehicle.plate, "new": plate}
        _tell(session, holder.id, "vehicle_plate_changed", {"vehicle_id": vehicle.id}, change, actor, now)
        vehicle.plate = plate
        mark_entered(session, vehicle, ["plate"], actor=actor, now=now)
    if vehicle.holder_id != holder.id:
        if vehicle.holder_id is not None:
            mark_entered(session, vehicle, ["holder"], actor=actor, now=now)
        change_holder(session, vehicle, holder, actor=actor, now=now)
    return vehicle


def change_holder(session: Session, vehicle: Vehicle, holder: Customer, *, actor: Actor, now: datetime) -> None:
    """From now on `holder` has the vehicle; who had it before stays in its list of holders."""
    held = session.scalars(
        select(VehicleHolding).where(VehicleHolding.vehicle_id == vehicle.id, VehicleHolding.until.is_(None))
    ).first()
    if held is not None:
        held.until = now
        _tell(session, held.customer_id, "vehicle_given_away", {"vehicle_id": vehicle.id}, {}, actor, now)
    session.add(VehicleHolding(id=new_id(), vehicle_id=vehicle.id, customer_id=holder.id, since=now))
    vehicle.holder_id = holder.id
    _tell(session, holder.id, "vehicle_received", {"vehicle_id": vehicle.id}, {"vin": vehicle.vin}, actor, now)


def record_consent(session: Session, customer_id: str, state: str, *, source: str, actor: Actor, now: datetime) -> None:
    """Write down a customer's word on being called: given, refused or withdrawn (A5).

    The same word again is nothing new.
    """
    customer_id = current_customer(session, customer_id).id
    if consent_state(session, customer_id) == state:
        return
    session.add(
        Consent(
            id=new_id(),
            customer_id=customer_id,
            kind=FOLLOW_UP_CALL,
            state=state,
            source=source,
            recorded_by=actor.user_id,
            given_at=now,
        )
    )
    session.flush()
    _tell(session, customer_id, "consent_recorded", {"state": state, "source": source}, {}, actor, now)


def consent_state(session: Session, customer_id: str) -> str | None:
    """The newest word: given, refused, withdrawn, or None where nobody asked."""
    newest = select(Consent.state).where(Consent.customer_id == customer_id, Consent.kind == FOLLOW_UP_CALL)
    return session.scalars(newest.order_by(Consent.given_at.desc(), Consent.id.desc())).first()


def correct_customer(
    session: Session, customer_id: str, *, name: str | None, phone: str | None, actor: Actor, now: datetime
) -> None:
    """Put right what was found to be wrong when calling; the old values stay in the file's history.

    It holds at once, so that the next call gets through, and has to be checked and filed again. Raises NotFound.
    """
    customer = current_customer(session, customer_id)
    changes = {
        field: (getattr(customer, field), value)
        for field, value in (("name", name), ("phone", phone))
        if value and value != getattr(customer, field)
    }
    for field, (old, new) in changes.items():
        setattr(customer, field, new)
        change: dict[str, object] = {"old": old, "new": new}
        _tell(session, customer.id, "customer_corrected", {"field": field}, change, actor, now)
    if changes:
        mark_entered(session, customer, changes, actor=actor, now=now)


def _tell(
    session: Session,
    customer_id: str,
    event_type: str,
    body: dict[str, object],
    personal: dict[str, object],
    actor: Actor,
    now: datetime,
) -> None:
    event = Event(event_type, body=body, personal=personal or None, subject_id=customer_id if personal else None)
    tell_of_customer(session, customer_id, event, actor=actor, now=now)
