"""A customer and their vehicle typed in by hand: found where they are known, never made twice (A31)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput, NotAllowed
from app.i18n import N_
from app.models import Customer, Vehicle
from app.models.customer_access import FILE_CHANGERS
from app.operations.actor import Actor
from app.operations.authority import groups_at, refuse_auditor
from app.operations.card_fields import checked_text, write_values
from app.operations.customers import CustomerData, customer_like, find_or_create_customer, find_or_create_vehicle

OF_CUSTOMER, OF_VEHICLE = ("name", "title", "phone"), ("vin", "plate", "make", "model", "origin")


class VehicleKnown(Conflict):
    """The VIN has a file already, held by somebody else."""


@dataclass(frozen=True, slots=True)
class CreatedFile:
    """What came of it."""

    customer: Customer
    vehicle: Vehicle | None
    is_new: bool


def create_file(
    session: Session, values: Mapping[str, str], *, site_id: str, actor: Actor, now: datetime
) -> CreatedFile:
    """Make the file of a customer, with the vehicle where a VIN is given; it is unverified until others check it.

    A vehicle somebody else holds is not taken from them here: on its page it goes to a new holder. Raises
    InvalidInput with a message per field, VehicleKnown, NotAllowed.
    """
    groups = groups_at(session, actor.user_id, site_id)
    refuse_auditor(groups)
    if not groups & FILE_CHANGERS:
        raise NotAllowed(N_("Your groups do not allow this at this site."))
    checked = _checked(session, values)
    data = CustomerData(checked["name"], checked["title"], checked["phone"])
    known = customer_like(session, data)
    customer = find_or_create_customer(session, data, site_id=site_id, actor=actor, now=now)
    vehicle = _vehicle(session, checked, customer, site_id, actor, now) if checked["vin"] else None
    return CreatedFile(customer, vehicle, known is None)


def _checked(session: Session, values: Mapping[str, str]) -> dict[str, str]:
    found, refused = {}, {}
    for name in (*OF_CUSTOMER, *OF_VEHICLE):
        text = values.get(name, "").strip()
        if not text and name == "vin":
            found[name] = ""
            continue
        try:
            found[name] = checked_text(session, name, text)
        except InvalidInput as refusal:
            refused[name] = refusal.msgid
    if not found.get("vin") and found.get("plate"):
        refused["vin"] = N_("A vehicle needs its VIN: plates change hands.")
    if refused:
        raise InvalidInput(N_("Some fields need your attention; nothing was changed."), fields=refused)
    return found


def _vehicle(
    session: Session, checked: Mapping[str, str], customer: Customer, site_id: str, actor: Actor, now: datetime
) -> Vehicle:
    known = session.scalars(select(Vehicle).where(Vehicle.vin == checked["vin"])).one_or_none()
    if known is not None and known.holder_id not in (None, customer.id):
        raise VehicleKnown(
            N_("This vehicle has a file with another holder. Find it by its VIN and give it a new holder there.")
        )
    vehicle = find_or_create_vehicle(
        session, checked["vin"], plate=checked["plate"] or None, model=checked["model"], holder=customer,
        site_id=site_id, actor=actor, now=now,
    )  # fmt: skip
    if known is None:
        write_values(session, vehicle, {name: checked[name] for name in ("make", "origin")}, actor=actor, now=now)
    return vehicle
