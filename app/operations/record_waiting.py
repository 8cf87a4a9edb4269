"""What a case waits for: timers and jobs as rows of the job table, message subscriptions."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, bindparam, delete, literal, or_, select, update
from sqlalchemy.orm import Session

from app.engine.outcome import Outcome, RequestedJob, TimerChange
from app.models import ExternalTask, Job, Message, MessageSubscription
from app.models.job import OPEN_JOB_STATES
from app.models.prepared import Prepared, table_of
from app.operations.cases import Case
from app.operations.cause import Cause
from app.operations.encoding import encode_values
from app.operations.jobs import EXTERNAL, OF_THE_CASE, insert_jobs_of_definition, job_row
from app.operations.rows import insert_rows

# A timer that is due at once, armed by what goes on by itself: in a loop it would never leave room for other work.
SHORTEST_PAUSE = timedelta(seconds=1)
_BY_ITSELF = frozenset({"timer_fired", "job_completed", "case_continued", "message_received", "signal_received"})

_JOB, _SUBSCRIPTION, _MESSAGE = table_of(Job), table_of(MessageSubscription), table_of(Message)
_IS_OF_THE_CASE = _JOB.c.kind.in_(list(map(literal, OF_THE_CASE)))
_OPEN_JOBS = (
    _JOB.c.instance_id == bindparam("of_instance"),
    _JOB.c.state.in_(list(map(literal, OPEN_JOB_STATES))),
)
_CANCEL = update(_JOB).values(state="cancelled", lease_until=None)
_CANCEL_ALL = Prepared(_CANCEL.where(*_OPEN_JOBS, _IS_OF_THE_CASE))
_CANCEL_SOME = Prepared(
    _CANCEL.where(
        *_OPEN_JOBS,
        _JOB.c.activity_id == bindparam("of_activity"),
        or_(_JOB.c.kind == "timer", bindparam("is_cancelled", type_=Boolean) & _IS_OF_THE_CASE),
    )
)
_FORGET_ALL = Prepared(delete(_SUBSCRIPTION).where(_SUBSCRIPTION.c.instance_id == bindparam("of_instance")))
_FORGET_ONE = Prepared(delete(_SUBSCRIPTION).where(_SUBSCRIPTION.c.id == bindparam("of_activity")))
_WAKE = Prepared(
    update(_JOB)
    .where(
        _JOB.c.id.in_(
            select(_MESSAGE.c.id).where(
                _MESSAGE.c.state == "waiting",
                _MESSAGE.c.name == bindparam("message_name"),
                _MESSAGE.c.site_id == bindparam("of_site"),
                _MESSAGE.c.correlation_key.is_not_distinct_from(bindparam("of_key")),
            )
        ),
        _JOB.c.state == "pending",
    )
    .values(run_at=bindparam("due"))
)


def record_waiting(session: Session, case: Case, outcome: Outcome, *, cause: Cause, now: datetime) -> None:
    """Arm and disarm timers, enqueue jobs, begin and end waiting for messages."""
    earliest = now + SHORTEST_PAUSE if cause.type in _BY_ITSELF else now
    if case.revision:  # a case that starts now has no jobs yet
        _cancel_jobs(session, case, outcome)
    rows = [
        job_row("timer", {}, run_at=max(timer.due_at, earliest), now=now)
        | {"instance_id": case.id, "site_id": case.site_id}
        | {"activity_id": timer.activity_id, "element_id": timer.element_id}
        | _attempts(timer)
        for timer in {timer.activity_id: timer for timer in outcome.timers}.values()
        if timer.due_at is not None
    ]
    rows += [_requested_row(case, job, now) for job in outcome.jobs]
    insert_jobs_of_definition(session, case.definition_id, rows)
    insert_rows(session, ExternalTask, [_external(row) for row in rows if row["kind"] == EXTERNAL])
    _record_subscriptions(session, case, outcome, now)


def _cancel_jobs(session: Session, case: Case, outcome: Outcome) -> None:
    """Jobs go with the activity that wanted them; the worker that holds one finds its lease lost."""
    if outcome.is_ended:
        _CANCEL_ALL.change(session, {"of_instance": case.id})
        return
    cancelled = {activity.id for activity in outcome.activities if activity.state == "cancelled"}
    rearmed = {timer.activity_id for timer in outcome.timers}
    if cancelled or rearmed:
        _CANCEL_SOME.change_all(
            session,
            [
                {"of_instance": case.id, "of_activity": activity_id, "is_cancelled": activity_id in cancelled}
                for activity_id in sorted(cancelled | rearmed)
            ],
        )


def _requested_row(case: Case, job: RequestedJob, now: datetime) -> dict[str, object]:
    payload: dict[str, object] = {"inputs": encode_values(job.inputs)}
    kind = EXTERNAL
    if job.is_continuation:
        kind, payload = "continuation", {}
    elif job.connector:
        kind, payload["connector"] = "connector", job.connector
    else:
        payload["topic"] = job.topic
    row = job_row(kind, payload, run_at=now, now=now)
    return row | {
        "instance_id": case.id,
        "site_id": case.site_id,
        "activity_id": job.activity_id,
        "element_id": job.element_id,
        **_attempts(job),
    }


def _attempts(wanted: RequestedJob | TimerChange) -> dict[str, object]:
    delays = wanted.retry_delays
    return {"max_attempts": wanted.retries, "retry_delays": json.dumps(delays) if delays is not None else None}


def _external(row: Mapping[str, Any]) -> dict[str, object]:
    topic = json.loads(row["payload"])["topic"]
    return {
        "job_id": row["id"], "topic": topic, "priority": 0, "worker_id": None, "error_message": None,
        "error_details": None,
    }  # fmt: skip


def _record_subscriptions(session: Session, case: Case, outcome: Outcome, now: datetime) -> None:
    last = {change.activity_id: change for change in outcome.subscriptions}
    closed = [{"of_activity": change.activity_id} for change in last.values() if not change.is_open]
    if outcome.is_ended:
        _FORGET_ALL.change(session, {"of_instance": case.id})
    elif closed:
        _FORGET_ONE.change_all(session, closed)
    opened = [change for change in last.values() if change.is_open and not outcome.is_ended]
    rows = [
        {
            "id": change.activity_id,
            "instance_id": case.id,
            "site_id": case.site_id,
            "name": change.name,
            "correlation_key": change.correlation_key,
            "element_id": change.element_id,
            "kind": change.kind,
        }
        for change in opened
    ]
    insert_rows(session, MessageSubscription, rows)
    for row in rows:
        if row["kind"] == "message":
            wake_messages(session, case.site_id, str(row["name"]), row["correlation_key"], now=now)


def wake_messages(session: Session, site_id: str, name: str, correlation_key: object, *, now: datetime) -> None:
    """Messages that came before anybody could take them are tried again at once."""
    values = {"message_name": name, "of_site": site_id, "of_key": correlation_key, "due": now}
    _WAKE.change(session, values)
