"""Finding customer and vehicle files by name, phone, plate, VIN or order number; by nothing: all of one's sites."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from app.models.customer import Customer, Vehicle, VehicleHolding, Visit
from app.models.customer_access import is_live, may_know_customer, may_know_vehicle
from app.models.filed_card import FILED, UNVERIFIED, VERIFIED
from app.models.paging import list_page

SHORTEST_NUMBER = 4  # digits or letters; fewer would list half the town
VERIFICATIONS = (UNVERIFIED, VERIFIED, FILED)


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """A person found, with the vehicles they hold today."""

    id: str
    name: str
    title: str
    phone: str
    verification: str
    standing: str
    is_do_not_contact: bool
    vehicles: tuple[Vehicle, ...]


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of them; `next_cursor` is what to pass as `after` for the next one, None at the end."""

    rows: tuple[FoundCustomer, ...]
    next_cursor: str | None


_COLUMNS = (
    Customer.id, Customer.name, Customer.title, Customer.phone, Customer.verification, Customer.standing,
    Customer.is_do_not_contact,
)  # fmt: skip


def find_customers(
    session: Session, user_id: str, words: str, *, verification: str = "", after: str | None = None
) -> FoundPage:
    """Those one may know of, by name. Arguments: verification, only cards that are so far; "" for all."""
    query = select(*_COLUMNS).where(is_live(), may_know_customer(user_id))
    if verification:
        query = query.where(Customer.verification == verification)
    for word in words.split():
        query = query.where(_has(word))
    page = list_page(session, query, (Customer.name, Customer.id), after=after)
    held = _vehicles_of(session, [row.id for row in page.rows])
    rows = tuple(
        FoundCustomer(
            row.id, row.name, row.title, row.phone, row.verification, row.standing, row.is_do_not_contact,
            tuple(held.get(row.id, ())),
        )
        for row in page.rows
    )  # fmt: skip
    return FoundPage(rows, page.next_cursor)


def vehicles_without_holder(session: Session, user_id: str, words: str) -> Sequence[Vehicle]:
    """Vehicles nobody holds that one may know of, by their whole VIN or plate."""
    bare = _bare(words)
    if len(bare) < SHORTEST_NUMBER:
        return ()
    query = select(Vehicle).where(Vehicle.holder_id.is_(None), or_(Vehicle.vin == bare, Vehicle.plate == bare))
    return session.scalars(query.where(may_know_vehicle(user_id))).all()


def is_known_elsewhere(session: Session, user_id: str, words: str) -> bool:
    """Whether another site knows somebody by exactly this phone number, plate or VIN; who it is is not told."""
    bare = _bare(words)
    if len(bare) < SHORTEST_NUMBER:
        return False
    vehicle = exists().where(Vehicle.holder_id == Customer.id, or_(Vehicle.plate == bare, Vehicle.vin == bare))
    query = select(Customer.id).where(is_live(), or_(Customer.phone == bare, vehicle))
    return session.execute(query.where(~may_know_customer(user_id)).limit(1)).first() is not None


def _has(word: str) -> ColumnElement[bool]:
    """Names by any part; numbers from their beginning or, as people say the last digits, from their end."""
    named = or_(
        Customer.name.contains(word, autoescape=True),
        Customer.id.in_(select(Visit.customer_id).where(Visit.order_number == word)),
    )
    bare = _bare(word)
    if len(bare) < SHORTEST_NUMBER:
        return named
    numbers = or_(
        Vehicle.plate.startswith(bare, autoescape=True),
        Vehicle.plate.endswith(bare, autoescape=True),
        Vehicle.vin.startswith(bare, autoescape=True),
        Vehicle.vin.endswith(bare, autoescape=True),
    )
    held = select(VehicleHolding.customer_id).join(Vehicle, Vehicle.id == VehicleHolding.vehicle_id)
    return or_(
        named,
        Customer.phone.startswith(bare, autoescape=True),
        Customer.phone.endswith(bare, autoescape=True),
        Customer.id.in_(held.where(numbers)),
    )


def _bare(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum()).upper()


def _vehicles_of(session: Session, customer_ids: Sequence[str]) -> dict[str, list[Vehicle]]:
    found: dict[str, list[Vehicle]] = {}
    query = select(Vehicle).where(Vehicle.holder_id.in_(customer_ids)).order_by(Vehicle.created_at, Vehicle.id)
    for vehicle in session.scalars(query):
        found.setdefault(str(vehicle.holder_id), []).append(vehicle)
    return found
