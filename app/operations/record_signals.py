"""Signals of a step reach the other cases of the site: a job for each, in the transaction of the throw.

The case that throws has heard its signal already. Each other one that waits, and each process that a signal starts,
gets a job of its own: heard exactly once, one case in a transaction, and by nobody who came later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine.outcome import Outcome
from app.models import Job, MessageSubscription
from app.models.prepared import table_of
from app.operations.actor import Actor
from app.operations.cases import Case
from app.operations.definitions import newest_triggers
from app.operations.encoding import encode_values
from app.operations.jobs import START_BY_EVENT, job_row
from app.operations.rows import insert_rows

SIGNAL: Final = "signal"
_SUBSCRIPTION = table_of(MessageSubscription)


@dataclass(frozen=True, slots=True)
class Thrown:
    """A signal on its way: its payload encoded, the case it comes from, the person whose step threw it."""

    name: str
    site_id: str
    values: Mapping[str, object]
    sender_id: str | None
    sent_by: str


def record_signals(session: Session, case: Case, outcome: Outcome, *, actor: Actor, now: datetime) -> None:
    """Let the signals of a step reach the other cases of the site."""
    for signal in outcome.signals:
        values = encode_values(signal.payload)
        thrown = Thrown(signal.name, case.site_id, values, case.id, actor.on_behalf_of or actor.user_id)
        spread_signal(session, thrown, now)


def spread_signal(session: Session, signal: Thrown, now: datetime) -> int:
    """Write the jobs of all who hear a signal; returns how many."""
    waiting = select(_SUBSCRIPTION.c.id, _SUBSCRIPTION.c.instance_id, _SUBSCRIPTION.c.element_id).where(
        _SUBSCRIPTION.c.kind == SIGNAL,
        _SUBSCRIPTION.c.name == signal.name,
        _SUBSCRIPTION.c.site_id == signal.site_id,
        _SUBSCRIPTION.c.instance_id != (signal.sender_id or ""),
    )
    payload = {"name": signal.name, "values": signal.values, "sender_id": signal.sender_id, "sent_by": signal.sent_by}
    rows = [
        job_row(SIGNAL, payload, run_at=now, now=now)
        | {"site_id": signal.site_id, "instance_id": row.instance_id}
        | {"activity_id": row.id, "element_id": row.element_id}
        for row in session.execute(waiting.order_by(_SUBSCRIPTION.c.id)).all()
    ]
    rows += [
        job_row(START_BY_EVENT, {**payload, "definition_id": definition.id, "place": place}, run_at=now, now=now)
        | {"site_id": signal.site_id, "element_id": definition.process.start_triggers[place].element_id}
        for definition, place in newest_triggers(session, SIGNAL)
        if definition.process.start_triggers[place].name == signal.name
    ]
    insert_rows(session, Job, rows)
    return len(rows)
