"""The steps of a card: entered, checked, filed by three different people (建立人, 核实人, 建档人: A32), checked yearly.

Compared are who acts and who is acted for, in every step since the card was last filed; it cannot be switched off.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from app.errors import AppError, Conflict, NotAllowed
from app.i18n import N_
from app.identifiers import new_id
from app.models import Customer, FileStep, Vehicle
from app.models.card_lists import steps_since_filed
from app.models.customer_access import FILE_CHANGERS
from app.models.filed_card import CUSTOMER, FILED, UNVERIFIED, VEHICLE, VERIFIED
from app.operations.actor import Actor
from app.operations.customer_authority import FILERS, REVIEWERS, existing_card, require_at_card
from app.operations.history import Event, tell_of_customer

Card = Customer | Vehicle
Step = Literal["verified", "filed", "full_check"]
ENTERED = "entered"
MOST_AT_ONCE = 200


class OwnCard(NotAllowed):
    """Somebody would check or file what they entered or checked themselves."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of one row of a batch; `refusal` is None where it was done."""

    card_id: str
    refusal: AppError | None


def kind_of(card: Card) -> str:
    """What a card is of: a customer or a vehicle."""
    return CUSTOMER if isinstance(card, Customer) else VEHICLE


def subject_of(card: Card) -> str:
    """Whose key and whose history a card's changes belong to: the person's, for a vehicle without one its own."""
    return card.id if isinstance(card, Customer) else card.holder_id or card.id


def mark_entered(session: Session, card: Card, fields: Iterable[str], *, actor: Actor, now: datetime) -> None:
    """Note who entered or changed fields of a card: it has to be checked and filed by others from here on."""
    if card.verification != UNVERIFIED or card.unverified_fields:
        card.unverified_fields = sorted({*card.unverified_fields, *fields})
    card.verification = UNVERIFIED
    _add_step(session, card, ENTERED, actor, now)


def mark_approved(
    session: Session, card: Card, fields: Iterable[str], *, requester: Actor, actor: Actor, now: datetime
) -> None:
    """Note a change that one person asked for and another approved: a third one files it."""
    card.unverified_fields = sorted({*card.unverified_fields, *fields})
    card.verification = VERIFIED
    _add_step(session, card, ENTERED, requester, now)
    _add_step(session, card, VERIFIED, actor, now)


def do_step(session: Session, kind: str, card_id: str, step: Step, *, actor: Actor, now: datetime) -> None:
    """Check or file a card, or note that the whole of it was held against the papers this year.

    Raises CardNotFound, NotAllowed, OwnCard, Conflict where the card is not there yet or is so already.
    """
    card = existing_card(session, kind, card_id, is_locked=True)
    allowed = {"verified": REVIEWERS, "filed": FILERS, "full_check": FILE_CHANGERS}[step]
    require_at_card(session, card, allowed, actor=actor, may_help_out=step != "full_check")
    if step != "full_check":
        _refuse_wrong_turn(card, step)
        _refuse_own(session, card, step, actor)
        card.verification = step
    if step == FILED:
        card.unverified_fields = []
    if step != VERIFIED:
        card.fully_checked_at = now
    _add_step(session, card, step, actor, now)
    event = Event(f"card_{step}", {"card": kind, "card_id": card.id})
    tell_of_customer(session, subject_of(card), event, actor=actor, now=now)


def do_steps(
    session: Session, kind: str, card_ids: Sequence[str], step: Step, *, actor: Actor, now: datetime
) -> list[StepResult]:
    """The same for several cards; each is done or refused for itself, and nothing of a refused one is written."""
    results = []
    for card_id in list(dict.fromkeys(card_ids))[:MOST_AT_ONCE]:
        try:
            do_step(session, kind, card_id, step, actor=actor, now=now)
        except AppError as refusal:
            results.append(StepResult(card_id, refusal))
        else:
            results.append(StepResult(card_id, None))
    return results


def people_since_filed(session: Session, card: Card) -> list[FileStep]:
    """Who took part in a card since it was last filed, in order."""
    return steps_since_filed(session, kind_of(card), [card.id]).get(card.id, [])


def _refuse_wrong_turn(card: Card, step: Step) -> None:
    if card.verification == FILED:
        raise Conflict(N_("This card is filed already."))
    if step == VERIFIED and card.verification == VERIFIED:
        raise Conflict(N_("This card is checked already; it waits for being filed."))
    if step == FILED and card.verification == UNVERIFIED:
        raise Conflict(N_("This card must be checked by a department head before it is filed."))


def _refuse_own(session: Session, card: Card, step: Step, actor: Actor) -> None:
    mine = {actor.user_id, actor.on_behalf_of} - {None}
    for done in people_since_filed(session, card):
        if mine & {done.user_id, done.on_behalf_of_id}:
            if done.step == ENTERED:
                raise OwnCard(
                    N_("Four eyes: you entered or changed this card, so somebody else must check and file it.")
                )
            if step == FILED:
                raise OwnCard(N_("Four eyes: you checked this card, so somebody else must file it."))


def _add_step(session: Session, card: Card, step: str, actor: Actor, now: datetime) -> None:
    session.add(
        FileStep(
            id=new_id(),
            card_kind=kind_of(card),
            card_id=card.id,
            step=step,
            user_id=actor.user_id,
            on_behalf_of_id=actor.on_behalf_of,
            at=now,
        )
    )
    session.flush()
