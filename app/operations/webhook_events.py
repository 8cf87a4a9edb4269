"""Events told to other programs: follows the sealed history and lays a message into the outbox for each subscription.

Documents name things by their ids and hold no personal data: who may read more asks for it with its own permissions.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from app.i18n import BASE_LOCALE
from app.models import ProcessInstance, UserTask, WebhookSubscription
from app.operations.history_feed import SealedEvent, follow, has_sealed_since
from app.operations.history_reading import program_in
from app.operations.outgoing import WEBHOOK, enqueue_message
from app.operations.webhook_kinds import KIND_OF_TYPE

FOLLOWER = "webhooks"

Document = dict[str, object]


def has_events_to_feed(session: Session, _now: datetime) -> bool:
    """Whether something was sealed since the last time."""
    return has_sealed_since(session, FOLLOWER)


def feed_webhooks(session: Session, now: datetime) -> int:
    """Lay out what was sealed since the last time; returns how many events were followed."""
    return follow(session, FOLLOWER, partial(_lay_out, now=now))


def _lay_out(session: Session, events: Sequence[SealedEvent], *, now: datetime) -> int:
    subscriptions = active_subscriptions(session)
    wanted = {kind for subscription in subscriptions for kind in json.loads(subscription.kinds)}
    told = [event for event in events if KIND_OF_TYPE.get(event.type) in wanted]
    cases = _cases(session, {event.instance_id for event in told if event.instance_id})
    user_tasks = _user_tasks(session, {event.activity_id for event in told if event.activity_id})
    for event in told:
        document, case = _document(event, cases, user_tasks), cases.get(event.instance_id or "")
        origin = Origin(event.site_id, case.process_key if case else None)
        tell_subscriptions(session, subscriptions, origin, KIND_OF_TYPE[event.type], document, now=now)
    return len(events)


def active_subscriptions(session: Session) -> Sequence[WebhookSubscription]:
    """Those that are told of anything."""
    return session.scalars(select(WebhookSubscription).where(WebhookSubscription.is_active == true())).all()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an event happened: what subscriptions can be limited to."""

    site_id: str | None
    process_key: str | None

    def is_wanted_by(self, subscription: WebhookSubscription) -> bool:
        processes = json.loads(subscription.process_keys)
        return subscription.site_id in (None, self.site_id) and (not processes or self.process_key in processes)


def tell_subscriptions(
    session: Session,
    subscriptions: Sequence[WebhookSubscription],
    origin: Origin,
    kind: str,
    document: Mapping[str, object],
    *,
    now: datetime,
) -> None:
    """Write a message for each subscription that wants events of this kind and origin."""
    for subscription in subscriptions:
        if kind in json.loads(subscription.kinds) and origin.is_wanted_by(subscription):
            tell_subscription(session, subscription, kind, document, now=now)


def tell_subscription(
    session: Session, subscription: WebhookSubscription, kind: str, document: Mapping[str, object], *, now: datetime
) -> str:
    """Write a message for one; returns its id."""
    message: dict[str, object] = {
        "channel": "webhook",
        "site_id": subscription.site_id,
        "subscription_id": subscription.id,
        "recipient": subscription.name,
        "subject": kind,
        "text": json.dumps({"kind": kind, **document}, ensure_ascii=False),
        "link": None,
        "locale": BASE_LOCALE,
        "is_confidential": False,
    }
    return enqueue_message(session, WEBHOOK, message, now=now)


def case_facts(case: ProcessInstance) -> Document:
    """What a document says of a case."""
    return {
        "id": case.id, "number": case.case_number, "process": case.process_key, "business_key": case.business_key,
        "state": case.state,
    }  # fmt: skip


def user_task_facts(user_task: UserTask) -> Document:
    """What a document says of a user task."""
    return {
        "id": user_task.id, "element": user_task.element_id, "name": user_task.name,
        "assignee": user_task.assignee_id, "due_at": user_task.due_at.isoformat() if user_task.due_at else None,
        "state": user_task.state,
    }  # fmt: skip


def _document(event: SealedEvent, cases: Mapping[str, ProcessInstance], user_tasks: Mapping[str, UserTask]) -> Document:
    document: Document = {"at": event.at.isoformat(), "site": event.site_id, "actor": event.actor_id}
    program = program_in(event.canonical)
    if program:
        document["program"] = program
    case, user_task = cases.get(event.instance_id or ""), user_tasks.get(event.activity_id or "")
    if case:
        document["case"] = case_facts(case)
    if user_task:
        document["user_task"] = user_task_facts(user_task)
    elif event.element_id:
        document["element"] = event.element_id
    return document


def _cases(session: Session, ids: set[str]) -> dict[str, ProcessInstance]:
    query = select(ProcessInstance).where(ProcessInstance.id.in_(ids))
    return {case.id: case for case in session.scalars(query)} if ids else {}


def _user_tasks(session: Session, ids: set[str]) -> dict[str, UserTask]:
    query = select(UserTask).where(UserTask.id.in_(ids))
    return {user_task.id: user_task for user_task in session.scalars(query)} if ids else {}
