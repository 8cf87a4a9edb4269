"""Changes of cards. A filed card is changed, deleted or given up as lost only after a review by somebody else (A34).

A card that is not filed yet is corrected at once; it has to be checked anyway.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from app.errors import Conflict, NotAllowed, NotFound
from app.i18n import N_
from app.identifiers import new_id
from app.models import CardRequest, Customer
from app.models.customer_access import FILE_CHANGERS
from app.models.customer_file_facts import open_request_of
from app.models.filed_card import FILED
from app.operations.actor import Actor
from app.operations.card_fields import card_values, checked_changes, write_values
from app.operations.customer_authority import REVIEWERS, existing_card, existing_customer, require_at_card
from app.operations.customer_erasure import erase_customer
from app.operations.file_steps import Card, kind_of, mark_approved, mark_entered, subject_of
from app.operations.follow_up_leaving import leave_plan
from app.operations.history import Event, append_events, customer_stream, tell_of_customer
from app.operations.reasons import stated_reason
from app.operations.sealed_texts import SealedTexts, open_texts, seal_texts

Changes = Mapping[str, tuple[str, str]]
RequestKind = Literal["change", "deletion", "lost_contact"]


class OwnRequest(NotAllowed):
    """Somebody would approve what they asked for themselves."""


@dataclass(frozen=True, slots=True)
class RequestContent:
    """Why something is asked for, and {field: {"old": …, "new": …}} of a change."""

    reason: str
    changes: dict[str, dict[str, str]]


def change_card(
    session: Session, kind: str, card_id: str, values: Mapping[str, str], reason: str, *, actor: Actor, now: datetime
) -> Literal["nothing", "changed", "requested"]:
    """Correct a card, or ask for it where the card is filed. Raises CardNotFound, NotAllowed, InvalidInput.

    A filed card needs a reason, and has one open request at a time.
    """
    card = existing_card(session, kind, card_id, is_locked=True)
    require_at_card(session, card, FILE_CHANGERS, actor=actor)
    changes = checked_changes(session, card, values)
    if not changes:
        return "nothing"
    if card.verification == FILED:
        _request(session, card, "change", changes, stated_reason(reason), actor, now)
        return "requested"
    subject_id = subject_of(card)
    write_values(session, card, {name: new for name, (_, new) in changes.items()}, actor=actor, now=now)
    mark_entered(session, card, changes, actor=actor, now=now)
    _tell_changes(session, card, subject_id, changes, actor, now)
    return "changed"


def request_removal(
    session: Session, customer_id: str, kind: RequestKind, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Ask for a customer's data to be deleted, or for "lost contact" (脱离掌握); filed or not, it is reviewed."""
    customer = existing_customer(session, customer_id, is_locked=True)
    require_at_card(session, customer, FILE_CHANGERS, actor=actor)
    _request(session, customer, kind, {}, stated_reason(reason), actor, now)


def regain_contact(session: Session, customer_id: str, *, actor: Actor, now: datetime) -> None:
    """A customer who was given up as lost is back; that needs no review."""
    customer = existing_customer(session, customer_id, is_locked=True)
    require_at_card(session, customer, FILE_CHANGERS, actor=actor)
    if customer.standing == "lost_contact":
        customer.standing = "active"
        tell_of_customer(session, customer.id, Event("customer_contact_regained", {}), actor=actor, now=now)


def decide_request(session: Session, request_id: str, *, is_approved: bool, actor: Actor, now: datetime) -> CardRequest:
    """Approve or reject what somebody else asked for, as a department head of a site of the card.

    Raises NotFound, NotAllowed, OwnRequest, Conflict where it was decided or the card has changed meanwhile.
    """
    request = _locked_request(session, request_id)
    card = existing_card(session, request.card_kind, request.card_id, is_locked=True)
    require_at_card(session, card, REVIEWERS, actor=actor, may_help_out=True)
    _refuse_decided(request)
    if {actor.user_id, actor.on_behalf_of} & {request.requested_by, request.requested_for} - {None}:
        raise OwnRequest(N_("Four eyes: you asked for this yourself, so somebody else must decide."))
    request.state = "approved" if is_approved else "rejected"
    request.decided_by, request.decided_for, request.decided_at = actor.user_id, actor.on_behalf_of, now
    session.flush()
    event = Event(f"card_request_{request.state}", {"request_id": request.id, "kind": request.kind})
    tell_of_customer(session, request.subject_id, event, actor=actor, now=now)
    if is_approved:
        _carry_out(session, card, request, actor, now)
    return request


def withdraw_request(session: Session, request_id: str, *, actor: Actor, now: datetime) -> None:
    """Take back what one asked for oneself. Raises NotFound, NotAllowed, Conflict."""
    request = _locked_request(session, request_id)
    _refuse_decided(request)
    if actor.user_id not in (request.requested_by, request.requested_for):
        raise NotAllowed(N_("Only the person who asked for this may take it back."))
    request.state, request.decided_by, request.decided_at = "withdrawn", actor.user_id, now
    event = Event("card_request_withdrawn", {"request_id": request.id, "kind": request.kind})
    tell_of_customer(session, request.subject_id, event, actor=actor, now=now)


def content_of(session: Session, request: CardRequest) -> RequestContent | None:
    """What is asked for; None where the person was erased."""
    stored = SealedTexts(request.nonce, request.content)
    opened: dict[str, Any] | None = open_texts(session, request.subject_id, _place(request.id), stored)
    return RequestContent(**opened) if opened else None


def _request(
    session: Session, card: Card, kind: RequestKind, changes: Changes, reason: str, actor: Actor, now: datetime
) -> None:
    if open_request_of(session, kind_of(card), card.id):
        raise Conflict(N_("Something is asked for of this card already. Have it decided or taken back first."))
    request_id, subject_id = new_id(), subject_of(card)
    content = {"reason": reason, "changes": {name: {"old": old, "new": new} for name, (old, new) in changes.items()}}
    sealed = seal_texts(session, subject_id, _place(request_id), content, now)
    session.add(
        CardRequest(
            id=request_id,
            card_kind=kind_of(card),
            card_id=card.id,
            kind=kind,
            subject_id=subject_id,
            nonce=sealed.nonce,
            content=sealed.content,
            state="open",
            requested_by=actor.user_id,
            requested_for=actor.on_behalf_of,
            requested_at=now,
        )
    )
    session.flush()
    body = {"request_id": request_id, "kind": kind, "card": kind_of(card), "card_id": card.id}
    event = Event("card_request_made", body, personal=content, subject_id=subject_id)
    tell_of_customer(session, subject_id, event, actor=actor, now=now)


def _carry_out(session: Session, card: Card, request: CardRequest, actor: Actor, now: datetime) -> None:
    if isinstance(card, Customer) and request.kind == "deletion":
        erase_customer(session, card.id, "deletion approved", actor=actor, now=now)
        return
    if isinstance(card, Customer) and request.kind == "lost_contact":
        card.standing = "lost_contact"
        session.flush()
        leave_plan(session, card.id, actor=actor, now=now)
        return
    content = content_of(session, request)
    if content is None:
        raise Conflict(N_("What was asked for cannot be read any more: the person's data was erased."))
    now_there = card_values(session, card)
    if any(now_there[name] != change["old"] for name, change in content.changes.items()):
        raise Conflict(N_("The card was changed since this was asked for. Reject it and have it asked for again."))
    changes = {name: (change["old"], change["new"]) for name, change in content.changes.items()}
    write_values(session, card, {name: new for name, (_, new) in changes.items()}, actor=actor, now=now)
    requester = Actor(request.requested_by, request.requested_for)
    mark_approved(session, card, changes, requester=requester, actor=actor, now=now)
    _tell_changes(session, card, request.subject_id, changes, actor, now)


def _tell_changes(session: Session, card: Card, subject_id: str, changes: Changes, actor: Actor, now: datetime) -> None:
    kind = kind_of(card)
    events = [
        Event(
            f"{kind}_corrected", {"field": name, "card_id": card.id},
            personal={"old": old, "new": new}, subject_id=subject_id,
        )
        for name, (old, new) in changes.items()
    ]  # fmt: skip
    append_events(session, customer_stream(subject_id), events, actor=actor, now=now)


def _locked_request(session: Session, request_id: str) -> CardRequest:
    request = session.get(CardRequest, request_id, with_for_update=True, populate_existing=True)
    if request is None:
        raise NotFound(N_("Nobody asked for this, or you may not see it."))
    return request


def _refuse_decided(request: CardRequest) -> None:
    if request.state != "open":
        raise Conflict(N_("This was decided or taken back already."))


def _place(request_id: str) -> str:
    return f"card_request:{request_id}"
