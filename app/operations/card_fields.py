"""The fields of the customer card (A30) and of the vehicle's, as texts: read, checked and written in one way."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.i18n import N_
from app.models import CustomerCard, Vehicle
from app.operations.actor import Actor
from app.operations.customers import change_holder, current_customer, phone_digits
from app.operations.file_steps import Card
from app.operations.sealed_texts import SealedTexts, open_texts, seal_texts

# What lies sealed; the longest text of each, in characters.
SEALED: Mapping[str, int] = {
    "contact_person": 120, "user_name": 120, "occupation": 120, "birth_date": 10, "id_number": 40,
    "registered_address": 300, "registered_phone": 40, "postal_address": 300, "postal_phone": 40, "preferences": 2000,
}  # fmt: skip
OWN: Mapping[str, int] = {"name": 120, "title": 20, "phone": 40, "grade": 16}
OF_VEHICLE: Mapping[str, int] = {
    "vin": 17, "plate": 20, "make": 60, "model": 120, "produced_on": 10, "origin": 12, "insurance_kind": 60,
    "insured_from": 10, "insured_until": 10, "holder": 32,
}  # fmt: skip
CHOICES: Mapping[str, tuple[str, ...]] = {
    "title": ("", "mr", "ms", "company"),
    "grade": ("", "valuable", "potential", "not_valuable"),
    "origin": ("", "sold_here", "elsewhere", "other_make"),
}
DATES = frozenset({"birth_date", "produced_on", "insured_from", "insured_until"})
PHONES = frozenset({"phone", "registered_phone", "postal_phone"})
NEEDED = frozenset({"name", "phone", "vin"})
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")


def fields_of(card: Card) -> tuple[str, ...]:
    """The names of the fields of a card, in the order of the paper card."""
    return tuple(OF_VEHICLE) if isinstance(card, Vehicle) else (*OWN, *SEALED)


def card_values(session: Session, card: Card) -> dict[str, str]:
    """All fields of a card as texts; dates as 2026-01-31, empty where nothing is known."""
    if isinstance(card, Vehicle):
        row = {name: getattr(card, name) for name in OF_VEHICLE if name != "holder"}
        return {name: _text(value) for name, value in row.items()} | {"holder": card.holder_id or ""}
    own = {name: str(getattr(card, name)) for name in OWN}
    return own | dict.fromkeys(SEALED, "") | _sealed_values(session, card.id)


def checked_changes(session: Session, card: Card, values: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """{field: (old, new)} of the values that differ, put into the form in which they are kept.

    Raises InvalidInput with a message per field.
    """
    before = card_values(session, card)
    found, refused = {}, {}
    for name in fields_of(card):
        if name not in values:
            continue
        try:
            new = checked_text(session, name, values[name].strip())
        except InvalidInput as refusal:
            refused[name] = refusal.msgid
        else:
            if new != before[name]:
                found[name] = (before[name], new)
    if "vin" in found and _is_vin_taken(session, found["vin"][1]):
        refused["vin"] = N_("Another vehicle has this VIN already: one vehicle has one file.")
    if refused:
        raise InvalidInput(N_("Some fields need your attention; nothing was changed."), fields=refused)
    return found


def write_values(session: Session, card: Card, new: Mapping[str, str], *, actor: Actor, now: datetime) -> None:
    """Set checked values; a new holder goes through the list of holders."""
    if isinstance(card, Vehicle):
        _write_vehicle(session, card, new, actor, now)
        return
    for name in OWN.keys() & new.keys():
        setattr(card, name, new[name])
    if sealed := {name: new[name] for name in SEALED if name in new}:
        _write_sealed(session, card.id, _sealed_values(session, card.id) | sealed, now)


def _write_vehicle(session: Session, vehicle: Vehicle, new: Mapping[str, str], actor: Actor, now: datetime) -> None:
    for name, text in new.items():
        if name in DATES:
            setattr(vehicle, name, date.fromisoformat(text) if text else None)
        elif name == "plate":
            vehicle.plate = text or None
        elif name == "holder":
            change_holder(session, vehicle, current_customer(session, text), actor=actor, now=now)
        else:
            setattr(vehicle, name, text)


def checked_text(session: Session, name: str, text: str) -> str:
    """A text in the form in which a field keeps it; raises InvalidInput."""
    longest = SEALED.get(name) or OWN.get(name) or OF_VEHICLE[name]
    if name in NEEDED and not text:
        raise InvalidInput(N_("Fill in this field."))
    if name in CHOICES and text not in CHOICES[name]:
        raise InvalidInput(N_("Choose one of the list."))
    if name in PHONES:
        text = phone_digits(text)
    if name in DATES and text:
        text = _checked_date(text)
    if name in ("vin", "plate"):
        text = "".join(sign for sign in text if sign.isalnum()).upper()
    if name == "vin" and not _VIN.fullmatch(text):
        raise InvalidInput(N_("A VIN has 17 letters and digits, never I, O or Q."))
    if name == "holder":
        text = current_customer(session, text).id
    if len(text) > longest:
        raise InvalidInput(N_("This text is too long."))
    return text


def _checked_date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise InvalidInput(N_("Write the date as 2026-01-31.")) from error


def _is_vin_taken(session: Session, vin: str) -> bool:
    return session.execute(select(Vehicle.id).where(Vehicle.vin == vin).limit(1)).first() is not None


def _sealed_values(session: Session, customer_id: str) -> dict[str, str]:
    row = session.get(CustomerCard, customer_id)
    opened = row and open_texts(session, customer_id, _place(customer_id), SealedTexts(row.nonce, row.content))
    return {name: str(opened.get(name, "")) for name in SEALED} if opened else {}


def _write_sealed(session: Session, customer_id: str, texts: Mapping[str, str], now: datetime) -> None:
    sealed = seal_texts(session, customer_id, _place(customer_id), texts, now)
    row = session.get(CustomerCard, customer_id)
    if row is None:
        session.add(CustomerCard(customer_id=customer_id, nonce=sealed.nonce, content=sealed.content))
    else:
        row.nonce, row.content = sealed.nonce, sealed.content
    session.flush()


def _place(customer_id: str) -> str:
    return f"customer_card:{customer_id}"


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")
