"""Whose case it is: the customer and vehicle that the answers of a start form tell (A31, A32)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Customer, Vehicle
from app.operations.actor import Actor
from app.operations.customers import CustomerData, find_or_create_customer, phone_digits


def customer_variables(
    session: Session,
    identifying: Mapping[str, str],
    values: Mapping[str, object],
    *,
    site_id: str,
    actor: Actor,
    now: datetime,
) -> dict[str, object]:
    """`customer_id` and `vehicle_id` as variables of a new case, as far as its values do not have them already.

    Arguments: identifying, name, phone or plate -> the variable that holds it. The phone finds the customer; several
    who share one are told apart by name. Somebody nobody knows gets a file at `site_id`, marked unverified.
    """
    if not identifying:
        return {}
    told = {what: _text(values.get(variable)) for what, variable in identifying.items()}
    found: dict[str, object] = {}
    vehicle = _vehicle(session, told.get("plate", "")) if "vehicle_id" not in values else None
    if vehicle is not None:
        found["vehicle_id"] = vehicle.id
    if "customer_id" not in values:
        name, phone = told.get("name", ""), phone_digits(told.get("phone", ""))
        customer = _known_customer(session, name, phone, vehicle)
        if customer is None and name and phone:
            data = CustomerData(name=name, title="", phone=phone)
            customer = find_or_create_customer(session, data, site_id=site_id, actor=actor, now=now)
        found |= {"customer_id": customer.id} if customer is not None else {}
    return found


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _vehicle(session: Session, plate: str) -> Vehicle | None:
    """A plate is typed with or without the dot and blanks that are painted on it."""
    bare = "".join(sign for sign in plate if sign.isalnum()).upper()
    return session.scalars(select(Vehicle).where(Vehicle.plate == bare)).first() if bare else None


def _known_customer(session: Session, name: str, phone: str, vehicle: Vehicle | None) -> Customer | None:
    same_phone = select(Customer).where(
        Customer.phone == phone, Customer.erased_at.is_(None), Customer.merged_into_id.is_(None)
    )
    known = session.scalars(same_phone).all() if phone else []
    namesakes = [customer for customer in known if customer.name == name]
    if namesakes or len(known) == 1:
        return (namesakes or known)[0]
    holder = session.get(Customer, vehicle.holder_id) if vehicle is not None and vehicle.holder_id else None
    if holder is not None and holder.erased_at is None and holder.name == name:
        return holder  # calls from another number
    return None
