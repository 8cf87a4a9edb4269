"""What came of each attempt to deliver an event, and the end of attempts that have failed for days."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.connectors.signed_webhook import Attempt, NotDelivered
from app.identifiers import new_id
from app.models import OutgoingMessage, WebhookAttempt, WebhookSubscription
from app.operations.actor import SYSTEM
from app.operations.authority import is_active_user
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.notifications import notify, owners_of
from app.operations.rows import insert_rows
from app.operations.webhook_kinds import TEST

STOPPED_AFTER = timedelta(days=3)
LONGEST_DETAIL = 300
FAILED = Attempt(0, problem="failed")


def note_taken(session: Session, message_id: str, attempt: Attempt, now: datetime) -> None:
    """The other program has taken it: whatever failed before does not count any more."""
    _keep(session, message_id, attempt, now)
    subscription = _subscription_of(session, message_id)
    if subscription.failing_since is not None:
        subscription.failing_since = None


def note_not_taken(session: Session, message_id: str, error: BaseException, now: datetime) -> None:
    """The other program did not take it; after days of nothing else the webhook is switched off."""
    attempt = error.attempt if isinstance(error, NotDelivered) else FAILED
    _keep(session, message_id, attempt, now)
    subscription = _subscription_of(session, message_id)
    if not subscription.is_active:
        return
    if subscription.failing_since is None:
        subscription.failing_since = now
    elif now - subscription.failing_since >= STOPPED_AFTER:
        _switch_off(session, subscription, now)


def may_deliver(subscription: WebhookSubscription, kind: str) -> bool:
    """Whether something is sent to it now: what was laid out before a pause waits, a test does not."""
    return subscription.is_active or kind == TEST


def _keep(session: Session, message_id: str, attempt: Attempt, now: datetime) -> None:
    row = {
        "id": new_id(), "message_id": message_id, "at": now, "milliseconds": attempt.milliseconds,
        "status": attempt.status, "answer": attempt.answer, "problem": attempt.problem,
        "detail": attempt.detail[:LONGEST_DETAIL],
    }  # fmt: skip
    insert_rows(session, WebhookAttempt, [row])


def _subscription_of(session: Session, message_id: str) -> WebhookSubscription:
    message = session.get_one(OutgoingMessage, message_id)
    return session.get_one(WebhookSubscription, message.subscription_id)


def _switch_off(session: Session, subscription: WebhookSubscription, now: datetime) -> None:
    subscription.is_active, subscription.stopped_at = False, now
    session.flush()
    since = subscription.failing_since or now
    body = {"subscription": subscription.id, "name": subscription.name, "failing_since": since.isoformat()}
    event = Event("webhook_switched_off", body)
    append_events(session, CONFIGURATION_STREAM, [event], actor=SYSTEM, now=now, site_id=subscription.site_id)
    owner = subscription.created_by
    told = [owner] if is_active_user(session, owner) else owners_of(session, subscription.site_id)
    notify(session, told, "webhook_switched_off", params={"webhook": subscription.name}, actor=SYSTEM, now=now)
