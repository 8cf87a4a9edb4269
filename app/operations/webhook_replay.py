"""Events delivered once more, each under its old id so that the receiver can tell, and the test event."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotFound
from app.i18n import N_
from app.models import OutgoingMessage, WebhookSubscription
from app.operations.actor import Actor
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.outbox import revive_messages
from app.operations.webhook_events import tell_subscription
from app.operations.webhook_kinds import TEST
from app.operations.webhook_subscriptions import subscription_for

MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class ReplayedRange:
    """Which deliveries: those written from `since` until before `until`; `only_missed` leaves out what was taken."""

    since: datetime
    until: datetime
    only_missed: bool


def replay_delivery(session: Session, subscription_id: str, message_id: str, *, actor: Actor, now: datetime) -> None:
    """Deliver one once more. Raises NotFound, NotAllowed."""
    row = subscription_for(session, subscription_id, actor)
    message = session.scalar(_messages(row).where(OutgoingMessage.id == message_id))
    if message is None:
        raise NotFound(N_("This message does not exist, or you may not see it."))
    _replay(session, row, [message], {"message": message_id}, actor, now)


def replay_range(session: Session, subscription_id: str, wanted: ReplayedRange, *, actor: Actor, now: datetime) -> int:
    """Deliver all of a stretch of time once more, the oldest first; returns how many. Raises also InvalidInput."""
    row = subscription_for(session, subscription_id, actor)
    query = _messages(row).where(OutgoingMessage.created_at >= wanted.since, OutgoingMessage.created_at < wanted.until)
    if wanted.only_missed:
        query = query.where(OutgoingMessage.state.in_(("held", "failed")))
    found = session.scalars(query.order_by(OutgoingMessage.id).limit(MOST_AT_ONCE + 1)).all()
    if len(found) > MOST_AT_ONCE:
        refusal = N_("More than %(count)s deliveries are of that time. Choose a shorter one.")
        raise InvalidInput(refusal, fields={"until": refusal}, count=MOST_AT_ONCE)
    if found:
        body = {"since": wanted.since.isoformat(), "until": wanted.until.isoformat(), "count": len(found)}
        _replay(session, row, list(found), body, actor, now)
    return len(found)


def send_test_event(session: Session, subscription_id: str, *, actor: Actor, now: datetime) -> str:
    """Write an event that says nothing but that it is one; it goes also where the webhook is paused.

    Returns its id. Raises NotFound, NotAllowed.
    """
    row = subscription_for(session, subscription_id, actor)
    return tell_subscription(
        session, row, TEST, {"at": now.isoformat(), "site": row.site_id, "actor": actor.user_id}, now=now
    )


def _messages(row: WebhookSubscription) -> Select[OutgoingMessage]:
    return select(OutgoingMessage).where(OutgoingMessage.subscription_id == row.id)


def _replay(
    session: Session,
    row: WebhookSubscription,
    messages: list[OutgoingMessage],
    body: dict[str, object],
    actor: Actor,
    now: datetime,
) -> None:
    revive_messages(session, messages, now)
    event = Event("webhook_deliveries_repeated", {"subscription": row.id, **body})
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now, site_id=row.site_id)
