"""The outbox: messages a step sent, each a row and a job of the same id that delivers it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.engine.outcome import Outcome, ThrownMessage
from app.identifiers import new_id
from app.models import Job, Message
from app.operations.actor import Actor
from app.operations.cases import Case
from app.operations.encoding import feel_values, values_text
from app.operations.jobs import job_row
from app.operations.rows import insert_rows

KEPT_FOR = timedelta(days=30)
DELIVERY_ATTEMPTS = 10


def record_messages(
    session: Session, case: Case, outcome: Outcome, *, actor: Actor, now: datetime
) -> tuple[str, ...]:
    """Put the messages into the outbox and return their ids, in the order of the outcome."""
    ids = tuple(new_id() for _ in outcome.messages)
    messages = [
        _message_row(message_id, case, message, actor, now)
        for message_id, message in zip(ids, outcome.messages, strict=True)
    ]
    jobs = [
        job_row("message", {}, run_at=now, now=now, job_id=message_id)
        | _of_case(case)
        | {"activity_id": message.activity_id, "element_id": message.element_id}
        for message_id, message in zip(ids, outcome.messages, strict=True)
    ]
    insert_rows(session, Message, messages)
    insert_rows(session, Job, jobs)
    return ids


def send_message(
    session: Session, case: Case, name: str, payload: Mapping[str, object], *, actor: Actor, now: datetime
) -> str:
    """Send a message for a case outside its diagram, which may be through; returns the id of the message."""
    message = ThrownMessage("", "", name, case.business_key, feel_values(payload))
    row = _message_row(new_id(), case, message, actor, now)
    insert_rows(session, Message, [row])
    job = job_row("message", {}, run_at=now, now=now, job_id=str(row["id"]))
    insert_rows(session, Job, [job | _of_case(case)])
    return str(row["id"])


def _of_case(case: Case) -> dict[str, object]:
    return {"instance_id": case.id, "site_id": case.site_id, "max_attempts": DELIVERY_ATTEMPTS}


def _message_row(message_id: str, case: Case, message: ThrownMessage, actor: Actor, now: datetime) -> dict[str, object]:
    return {
        "id": message_id,
        "site_id": case.site_id,
        "name": message.name,
        "correlation_key": message.correlation_key,
        "business_key": case.business_key,
        "payload": values_text(message.payload),
        "sender_instance_id": case.id,
        "sent_by": actor.on_behalf_of or actor.user_id,
        "state": "waiting",
        "created_at": now,
        "expires_at": now + KEPT_FOR,
    }
