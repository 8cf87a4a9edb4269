"""Two files of one customer become one: everything goes over to the file that is kept, and could go back.

The other file stays as a sign to the kept one, with its own history and its own key; what cases say of it holds on.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from app.database import Base
from app.errors import Conflict, InvalidInput, NotFound
from app.i18n import N_
from app.identifiers import new_id
from app.models import Customer, DuplicatePair, Vehicle
from app.models.customer_file_facts import open_request_of
from app.models.filed_card import CUSTOMER
from app.operations.actor import Actor
from app.operations.card_fields import SEALED, card_values, write_values
from app.operations.customer_authority import MERGERS, existing_customer, require_at_card
from app.operations.customers import consent_state, record_consent
from app.operations.file_steps import mark_entered
from app.operations.history import Event, tell_of_customer

# What of a customer's goes over. A test holds that every table with a customer is either here or below.
MOVED = (
    "visit", "consent", "planned_follow_up", "vehicle_holding", "process_instance", "follow_up_result",
    "complaint_fact",
)  # fmt: skip
# Looks tell who saw which file; the card is filled in from the other one where it is empty.
LEFT = ("look", "customer_card")
STRICTEST_FIRST = ("withdrawn", "refused", "given")
MERGED, DIFFERENT = "merged", "different"


def merge_customers(session: Session, kept_id: str, other_id: str, *, actor: Actor, now: datetime) -> DuplicatePair:
    """Let everything of `other` go over to `kept`; the stricter word on being contacted wins.

    What the kept card leaves empty is taken from the other; it has to be checked again if that filled anything.
    Raises CardNotFound, NotAllowed, InvalidInput, Conflict.
    """
    kept, other = _pair(session, kept_id, other_id, actor)
    if any(open_request_of(session, CUSTOMER, customer.id) for customer in (kept, other)):
        raise Conflict(N_("Something is asked for of one of the two cards. Have it decided or taken back first."))
    states = {consent_state(session, kept.id), consent_state(session, other.id)}
    _fill_in(session, kept, other, actor, now)
    moved = _move(session, other.id, kept.id)
    held = session.scalars(select(Vehicle).where(Vehicle.holder_id == other.id)).all()
    for vehicle in held:
        vehicle.holder_id = kept.id
    moved["vehicle"] = [vehicle.id for vehicle in held]
    other.merged_into_id = kept.id
    kept.is_do_not_contact = kept.is_do_not_contact or other.is_do_not_contact
    session.flush()
    strictest = next((state for state in STRICTEST_FIRST if state in states), None)
    if strictest is not None:
        record_consent(session, kept.id, strictest, source="merge", actor=actor, now=now)
    pair = _decide(session, kept, other, MERGED, moved, actor, now)
    counts = {table: len(ids) for table, ids in moved.items() if ids}
    merged = Event("customer_merged", {"other_id": other.id, "moved": counts})
    tell_of_customer(session, kept.id, merged, actor=actor, now=now)
    away = Event("customer_merged_away", {"kept_id": kept.id})
    tell_of_customer(session, other.id, away, actor=actor, now=now)
    return pair


def keep_apart(session: Session, first_id: str, second_id: str, *, actor: Actor, now: datetime) -> None:
    """Note that two files belong to two people after all, so that they are proposed no more."""
    first, second = _pair(session, first_id, second_id, actor)
    _decide(session, first, second, DIFFERENT, {}, actor, now)
    _tell_both(session, first, second, "customer_kept_apart", actor, now)


def undo_merge(session: Session, pair_id: str, *, actor: Actor, now: datetime) -> str:
    """Let what went over go back, as a new entry in both histories; returns the id of the file that is its own again.

    What was added to the kept file since stays there, as do the stricter wishes. Raises NotFound, Conflict, NotAllowed.
    """
    pair = session.get(DuplicatePair, pair_id, with_for_update=True, populate_existing=True)
    if pair is None or pair.verdict != MERGED:
        raise NotFound(N_("These two files were not merged."))
    kept = existing_customer(session, pair.kept_id, is_locked=True)
    require_at_card(session, kept, MERGERS, actor=actor)
    if pair.undone_at is not None:
        raise Conflict(N_("This merge was undone already."))
    other = session.get_one(Customer, pair.other_id)
    for name, ids in pair.moved.items():
        table, column = _place(name)
        mine = _key(table).in_(ids) & (table.c[column] == kept.id)
        session.execute(update(table).where(mine).values({column: other.id}))
    session.expire_all()
    other.merged_into_id = None
    pair.undone_by, pair.undone_at = actor.user_id, now
    session.flush()
    _tell_both(session, kept, other, "customer_merge_undone", actor, now)
    return other.id


def _pair(session: Session, kept_id: str, other_id: str, actor: Actor) -> tuple[Customer, Customer]:
    """Both files, locked in one order whoever asks; a merge needs the right at a site of each."""
    if kept_id == other_id:
        raise InvalidInput(N_("Choose two different files."))
    found = {}
    for customer_id in sorted((kept_id, other_id)):
        customer = existing_customer(session, customer_id, is_locked=True)
        require_at_card(session, customer, MERGERS, actor=actor)
        found[customer_id] = customer
    return found[kept_id], found[other_id]


def _fill_in(session: Session, kept: Customer, other: Customer, actor: Actor, now: datetime) -> None:
    mine, theirs = card_values(session, kept), card_values(session, other)
    new = {name: theirs[name] for name in (*SEALED, "title", "grade") if theirs[name] and not mine[name]}
    if new:
        write_values(session, kept, new, actor=actor, now=now)
        mark_entered(session, kept, new, actor=actor, now=now)


def _move(session: Session, other_id: str, kept_id: str) -> dict[str, list[str]]:
    moved: dict[str, list[str]] = {}
    for name in MOVED:
        table, column = _place(name)
        mine = table.c[column] == other_id
        moved[name] = list(session.scalars(select(_key(table)).where(mine)))
        session.execute(update(table).where(mine).values({column: kept_id}))
    session.expire_all()
    return moved


def _place(name: str) -> tuple[Table, str]:
    return Base.metadata.tables[name], "holder_id" if name == "vehicle" else "customer_id"


def _key(table: Table) -> Any:  # a column of text, whatever its name
    (column,) = table.primary_key.columns
    return column


def _decide(
    session: Session,
    kept: Customer,
    other: Customer,
    verdict: str,
    moved: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> DuplicatePair:
    pair = DuplicatePair(
        id=new_id(),
        kept_id=kept.id,
        other_id=other.id,
        verdict=verdict,
        moved=dict(moved),
        decided_by=actor.user_id,
        decided_at=now,
    )
    session.add(pair)
    session.flush()
    return pair


def _tell_both(
    session: Session, first: Customer, second: Customer, event_type: str, actor: Actor, now: datetime
) -> None:
    for told, other in ((first, second), (second, first)):
        tell_of_customer(session, told.id, Event(event_type, {"other_id": other.id}), actor=actor, now=now)
