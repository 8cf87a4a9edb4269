"""Whose case it is: the customer, vehicle and visit that the answers of a start form tell (A31, A32)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Customer, Vehicle, Visit
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
    """`customer_id`, `vehicle_id` and `visit_id` as variables of a new case, as far as its values do not have them.

    Arguments: identifying, name, phone, plate, vin or order_number -> the variable that holds it. The number of an
    order of the site finds the visit with its vehicle. The phone finds the customer; several who share one are told
    apart by name. Somebody nobody knows gets a file at `site_id`, marked unverified.
    """
    if not identifying:
        return {}
    told = {what: _text(values.get(variable)) for what, variable in identifying.items()}
    found: dict[str, object] = {}
    visit = _visit(session, told.get("order_number", ""), site_id) if "visit_id" not in values else None
    if visit is not None:
        found["visit_id"] = visit.id
    vehicle = _vehicle(session, told, visit) if "vehicle_id" not in values else None
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


def _visit(session: Session, order_number: str, site_id: str) -> Visit | None:
    """The order of this number: repairs and deliveries are numbered apart, so two may have it, and then neither is."""
    if not order_number:
        return None
    query = select(Visit).where(Visit.site_id == site_id, Visit.order_number == order_number)
    found = session.scalars(query.limit(2)).all()
    return found[0] if len(found) == 1 else None


def _vehicle(session: Session, told: Mapping[str, str], visit: Visit | None) -> Vehicle | None:
    """By VIN, by plate, else that of the visit. Both are typed with or without the dots and blanks that stand on it."""
    for column, what in ((Vehicle.vin, "vin"), (Vehicle.plate, "plate")):
        bare = "".join(sign for sign in told.get(what, "") if sign.isalnum()).upper()
        vehicle = session.scalars(select(Vehicle).where(column == bare)).first() if bare else None
        if vehicle is not None:
            return vehicle
    return session.get(Vehicle, visit.vehicle_id) if visit is not None else None


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
