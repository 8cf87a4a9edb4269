"""Messages between cases: exactly once, to the case that waits for them or as the start of a new one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from app import engine
from app.errors import Conflict, NotFound
from app.i18n import N_
from app.identifiers import new_id
from app.models import Message, MessageSubscription
from app.models.prepared import table_of
from app.operations.actor import SYSTEM, Actor
from app.operations.authority import require_case_owner
from app.operations.cases import lock_case
from app.operations.cause import Cause
from app.operations.definitions import definitions_starting_with
from app.operations.encoding import decode_values, feel_values
from app.operations.process_instances import MessageStart, ProcessSuspended, start_definition
from app.operations.steps import CaseSuspended, take_step

_MESSAGE, _SUBSCRIPTION = table_of(Message), table_of(MessageSubscription)


@dataclass(frozen=True, slots=True)
class MessageContent:
    """A message on its way. `correlation_key` says which case it is for, else `business_key`."""

    id: str
    site_id: str
    name: str
    correlation_key: str | None
    business_key: str | None
    payload: Mapping[str, object]
    sender_instance_id: str | None
    sent_by: str


class MessageNotCorrelated(NotFound):
    """No case waits for the message and no process starts with it."""


class MessageAmbiguous(Conflict):
    """Several cases wait for the same message: its correlation key does not tell them apart."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message: its receiver, or when it may be thrown away if nobody comes to wait for it.

    is_held: its receiver is suspended, so that it must not be thrown away.
    """

    receiver_id: str | None
    is_done: bool
    created_at: datetime
    expires_at: datetime
    sender_id: str | None
    name: str
    is_held: bool = False


def deliver_message(session: Session, message_id: str, *, now: datetime) -> Delivery:
    """Deliver a message of the outbox to its receiver; a second call does nothing.

    Raises MessageAmbiguous, StepNotDone (the receiver's step failed).
    """
    row = session.execute(select(_MESSAGE).where(_MESSAGE.c.id == message_id).with_for_update()).one()
    if row.state != "waiting":
        return _delivery(row, None, is_done=True)
    sender = Actor(SYSTEM.user_id, on_behalf_of=None if row.sent_by == SYSTEM.user_id else row.sent_by, kind="system")
    try:
        receiver = _give(session, _content(row), actor=sender, now=now)
    except (CaseSuspended, ProcessSuspended):
        return replace(_delivery(row, None, is_done=False), is_held=True)
    if receiver is not None:
        change = update(_MESSAGE).where(_MESSAGE.c.id == message_id)
        session.execute(change.values(state="delivered", receiver_instance_id=receiver))
    return _delivery(row, receiver, is_done=receiver is not None)


def expire_message(session: Session, message_id: str) -> None:
    """Give a message up that nobody came to wait for."""
    session.execute(update(_MESSAGE).where(_MESSAGE.c.id == message_id).values(state="expired"))


def correlate_message(
    session: Session,
    name: str,
    payload: Mapping[str, object],
    *,
    site_id: str,
    correlation_key: str | None = None,
    business_key: str | None = None,
    actor: Actor,
    now: datetime,
) -> str:
    """Give a message from outside to the one case that waits for it, or start a case with it; returns the case's id.

    Raises MessageNotCorrelated where nobody waits (nothing is kept, as the API promises), MessageAmbiguous,
    CaseSuspended, ProcessSuspended, NotAllowed, StepNotDone.
    """
    if actor.kind == "person":
        require_case_owner(session, actor, site_id)
    content = MessageContent(
        new_id(), site_id, name, correlation_key, business_key, feel_values(payload), None, actor.user_id
    )
    receiver = _give(session, content, actor=actor, now=now)
    if receiver is None:
        raise MessageNotCorrelated(N_("No case waits for the message “%(name)s”."), name=name)
    return receiver


def deliver_to_waiting(
    session: Session,
    activity_id: str,
    name: str,
    payload: Mapping[str, object],
    *,
    actor: Actor,
    now: datetime,
) -> str:
    """Give a message from outside to the very activity that waits for it; returns the id of its case.

    Raises as `correlate_message`.
    """
    columns = (_SUBSCRIPTION.c.instance_id, _SUBSCRIPTION.c.element_id, _SUBSCRIPTION.c.site_id)
    row = session.execute(select(*columns).where(_SUBSCRIPTION.c.id == activity_id)).one_or_none()
    if row is None:
        raise MessageNotCorrelated(N_("No case waits for the message “%(name)s”."), name=name)
    if actor.kind == "person":
        require_case_owner(session, actor, row.site_id)
    content = MessageContent(new_id(), row.site_id, name, None, None, feel_values(payload), None, actor.user_id)
    place = (activity_id, row.instance_id, row.element_id)
    receiver = _receive(session, content, place, actor=actor, now=now)
    if receiver is None:
        raise MessageNotCorrelated(N_("No case waits for the message “%(name)s”."), name=name)
    return receiver


def _give(session: Session, message: MessageContent, *, actor: Actor, now: datetime) -> str | None:
    subscription = _find_subscription(session, message)
    if subscription is not None:
        return _receive(session, message, subscription, actor=actor, now=now)
    definitions = definitions_starting_with(session, message.name)
    if not definitions:
        return None
    started = start_definition(
        session,
        definitions[0],
        message.payload,
        MessageStart(message.name, message.id, message.sent_by),
        site_id=message.site_id,
        business_key=message.business_key,
        actor=actor,
        now=now,
        origin_id=message.sender_instance_id,
    )
    return started.case.id


def _find_subscription(session: Session, message: MessageContent) -> Row[str, str, str] | None:
    """The one wait this message is for: the keys must be equal, a missing one equals a missing one.

    Where a diagram declares no correlation key, the engine waits with the case's business key.
    """
    key = message.correlation_key if message.correlation_key is not None else message.business_key
    statement = select(MessageSubscription.id, MessageSubscription.instance_id, MessageSubscription.element_id).where(
        MessageSubscription.kind == "message",
        MessageSubscription.name == message.name,
        MessageSubscription.site_id == message.site_id,
        MessageSubscription.correlation_key.is_not_distinct_from(key),
    )
    found = session.execute(statement.limit(2)).all()
    if len(found) > 1:
        raise MessageAmbiguous(
            N_("Several cases wait for the message “%(name)s” with the same key."), name=message.name
        )
    return found[0] if found else None


def _receive(
    session: Session,
    message: MessageContent,
    subscription: Row[str, str, str] | tuple[str, str, str],
    *,
    actor: Actor,
    now: datetime,
) -> str | None:
    activity_id, instance_id, element_id = subscription
    case = lock_case(session, instance_id)
    is_still_waiting = select(MessageSubscription.id).where(MessageSubscription.id == activity_id)
    if session.execute(is_still_waiting).first() is None:
        return None
    cause = Cause(
        "message_received",
        element_id=element_id,
        activity_id=activity_id,
        inputs=message.payload,
        facts={"message_id": message.id, "name": message.name, "sender_id": message.sender_instance_id},
    )
    take_step(
        session,
        case,
        lambda process, state, context: engine.correlate(process, state, activity_id, message.payload, context),
        cause=cause,
        actor=actor,
        now=now,
    )
    return case.id


def _content(row: Row[*tuple[object, ...]]) -> MessageContent:
    return MessageContent(
        row.id, row.site_id, row.name, row.correlation_key, row.business_key,
        decode_values(json.loads(row.payload)), row.sender_instance_id, row.sent_by,
    )


def _delivery(row: Row[*tuple[object, ...]], receiver: str | None, *, is_done: bool) -> Delivery:
    return Delivery(receiver, is_done, row.created_at, row.expires_at, row.sender_instance_id, row.name)
