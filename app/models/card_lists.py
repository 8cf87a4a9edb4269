"""Lists of cards that wait for somebody: to be checked, filed, held against the papers once a year, decided."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from app.models.customer import Customer, Vehicle
from app.models.customer_access import is_live, may_know_customer, may_know_vehicle
from app.models.customer_file import CardRequest, FileStep
from app.models.filed_card import CUSTOMER, FILED, VEHICLE
from app.models.paging import PAGE, ListPage, list_page


@dataclass(frozen=True, slots=True)
class WaitingCard:
    """A row of such a list; `name` and `number` tell whose card it is."""

    id: str
    created_at: datetime
    name: str
    number: str
    more: str
    verification: str
    unverified_fields: list[str]
    fully_checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class CardPage:
    """A page of it, and who took part in each of its cards since it was entered."""

    rows: tuple[WaitingCard, ...]
    next_cursor: str | None
    steps: dict[str, list[FileStep]]


def waiting_cards(
    session: Session, user_id: str, kind: str, verification: str, site_ids: Collection[str], *, after: str | None = None
) -> CardPage:
    """The cards of some sites that are so far, the oldest first."""
    row = _row_of(kind)
    statement = _cards(user_id, kind, site_ids).where(row.verification == verification)
    return _shown(session, kind, list_page(session, statement, (row.created_at, row.id), after=after))


def cards_not_checked_since(
    session: Session, user_id: str, kind: str, moment: datetime, site_ids: Collection[str], *, after: str | None = None
) -> CardPage:
    """The cards of some sites that nobody held against the papers since a moment, the oldest first (A34)."""
    row = _row_of(kind)
    statement = _cards(user_id, kind, site_ids).where(func.coalesce(row.fully_checked_at, row.created_at) < moment)
    return _shown(session, kind, list_page(session, statement, (row.created_at, row.id), after=after))


def open_requests(session: Session, user_id: str, *, after: str | None = None) -> ListPage:
    """(requested_at, id, CardRequest) of what nobody decided yet and this person may know of, the oldest first."""
    row = CardRequest
    known = or_(
        exists().where(row.card_kind == CUSTOMER, Customer.id == row.card_id, may_know_customer(user_id)),
        exists().where(row.card_kind == VEHICLE, Vehicle.id == row.card_id, may_know_vehicle(user_id)),
    )
    statement = select(row.requested_at, row.id, row).where(row.state == "open", known)
    return list_page(session, statement, (row.requested_at, row.id), after=after, size=PAGE)


def steps_since_filed(session: Session, kind: str, card_ids: Collection[str]) -> dict[str, list[FileStep]]:
    """Who took part in each card since it was last filed, in order; a card nobody took part in is left out."""
    steps: dict[str, list[FileStep]] = {}
    query = select(FileStep).where(FileStep.card_kind == kind, FileStep.card_id.in_(card_ids))
    for step in session.scalars(query.order_by(FileStep.at, FileStep.id)):
        if step.step == FILED:
            steps[step.card_id] = []
        elif step.step != "full_check":
            steps.setdefault(step.card_id, []).append(step)
    return steps


def _row_of(kind: str) -> type[Customer] | type[Vehicle]:
    return Vehicle if kind == VEHICLE else Customer


def _cards(user_id: str, kind: str, site_ids: Collection[str]) -> Select[*tuple[Any, ...]]:
    if kind == VEHICLE:
        holder = select(Customer.name).where(Customer.id == Vehicle.holder_id).scalar_subquery()
        number = func.coalesce(Vehicle.plate, Vehicle.vin)
        statement = select(Vehicle.created_at, Vehicle.id, holder, number, Vehicle.model, *_so_far(Vehicle))
        return statement.where(_of_sites(Vehicle, site_ids), may_know_vehicle(user_id))
    own = (Customer.created_at, Customer.id, Customer.name, Customer.phone, Customer.title)
    statement = select(*own, *_so_far(Customer))
    return statement.where(is_live(), _of_sites(Customer, site_ids), may_know_customer(user_id))


def _of_sites(row: type[Customer] | type[Vehicle], site_ids: Collection[str]) -> ColumnElement[bool]:
    """The site that keeps a card checks it; where none does, every site that may know of it.

    Written so that no index of sites is used: the list is read along the one that has its order.
    """
    anywhere = next(iter(site_ids), "")
    return func.coalesce(row.site_id, anywhere).in_(site_ids)


def _so_far(row: type[Customer] | type[Vehicle]) -> tuple[Any, ...]:
    return row.verification, row.unverified_fields, row.fully_checked_at


def _shown(session: Session, kind: str, page: ListPage) -> CardPage:
    rows = tuple(
        WaitingCard(card_id, created_at, name or "", number or "", more or "", *so_far)
        for created_at, card_id, name, number, more, *so_far in page.rows
    )
    return CardPage(rows, page.next_cursor, steps_since_filed(session, kind, [row.id for row in rows]))
