"""What a case waits for: timers and jobs as rows of the job table, message subscriptions."""

from datetime import datetime

from sqlalchemy import BindParameter, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from app.engine.outcome import Outcome, RequestedJob
from app.models import Job, Message, MessageSubscription
from app.models.prepared import run, table_of
from app.operations.cases import Case
from app.operations.encoding import encode_values
from app.operations.jobs import EXTERNAL, OF_THE_CASE, job_row
from app.operations.rows import insert_rows

_JOB, _SUBSCRIPTION, _MESSAGE = table_of(Job), table_of(MessageSubscription), table_of(Message)

_CANCELLED: BindParameter[list[str]] = bindparam("cancelled", expanding=True)
_REARMED: BindParameter[list[str]] = bindparam("rearmed", expanding=True)
_CANCEL_ALL = (
    update(_JOB)
    .where(
        _JOB.c.instance_id == bindparam("of_instance"),
        _JOB.c.kind.in_(OF_THE_CASE),
        _JOB.c.state.in_(("pending", "leased", "suspended", "dead")),
    )
    .values(state="cancelled", lease_until=None)
)
_CANCEL_SOME = _CANCEL_ALL.where(
    or_(_JOB.c.activity_id.in_(_CANCELLED), (_JOB.c.kind == "timer") & _JOB.c.activity_id.in_(_REARMED))
)


def record_waiting(session: Session, case: Case, outcome: Outcome, *, now: datetime) -> None:
    """Arm and disarm timers, enqueue jobs, begin and end waiting for messages."""
    _cancel_jobs(session, case, outcome)
    rows = [
        job_row("timer", {}, run_at=timer.due_at, now=now)
        | {"instance_id": case.id, "site_id": case.site_id}
        | {"activity_id": timer.activity_id, "element_id": timer.element_id}
        for timer in {timer.activity_id: timer for timer in outcome.timers}.values()
        if timer.due_at is not None
    ]
    rows += [_requested_row(case, job, now) for job in outcome.jobs]
    insert_rows(session, Job, rows)
    _record_subscriptions(session, case, outcome, now)


def _cancel_jobs(session: Session, case: Case, outcome: Outcome) -> None:
    """Jobs go with the activity that wanted them; the worker that holds one finds its lease lost."""
    if outcome.is_ended:
        run(session, _CANCEL_ALL, {"of_instance": case.id})
        return
    cancelled = {activity.id for activity in outcome.activities if activity.state == "cancelled"}
    rearmed = {timer.activity_id for timer in outcome.timers}
    if cancelled or rearmed:
        values = {"of_instance": case.id, "cancelled": sorted(cancelled), "rearmed": sorted(rearmed)}
        run(session, _CANCEL_SOME, values)


def _requested_row(case: Case, job: RequestedJob, now: datetime) -> dict[str, object]:
    payload: dict[str, object] = {"inputs": encode_values(job.inputs)}
    payload |= {"connector": job.connector} if job.connector else {"topic": job.topic}
    row = job_row("connector" if job.connector else EXTERNAL, payload, run_at=now, now=now)
    return row | {
        "instance_id": case.id,
        "site_id": case.site_id,
        "activity_id": job.activity_id,
        "element_id": job.element_id,
        "max_attempts": job.retries,
    }


def _record_subscriptions(session: Session, case: Case, outcome: Outcome, now: datetime) -> None:
    last = {change.activity_id: change for change in outcome.subscriptions}
    closed = [change.activity_id for change in last.values() if not change.is_open]
    if outcome.is_ended:
        run(session, delete(_SUBSCRIPTION).where(_SUBSCRIPTION.c.instance_id == case.id))
    elif closed:
        run(session, delete(_SUBSCRIPTION).where(_SUBSCRIPTION.c.id.in_(closed)))
    opened = [change for change in last.values() if change.is_open and not outcome.is_ended]
    rows = [
        {
            "id": change.activity_id,
            "instance_id": case.id,
            "site_id": case.site_id,
            "name": change.name,
            "correlation_key": change.correlation_key,
            "element_id": change.element_id,
        }
        for change in opened
    ]
    insert_rows(session, MessageSubscription, rows)
    for change in opened:
        wake_messages(session, case.site_id, change.name, change.correlation_key, now=now)


def wake_messages(session: Session, site_id: str, name: str, correlation_key: str | None, *, now: datetime) -> None:
    """Messages that came before anybody could take them are tried again at once."""
    waiting = select(_MESSAGE.c.id).where(
        _MESSAGE.c.state == "waiting",
        _MESSAGE.c.name == name,
        _MESSAGE.c.site_id == site_id,
        _MESSAGE.c.correlation_key.is_not_distinct_from(correlation_key),
    )
    run(session, update(_JOB).where(_JOB.c.id.in_(waiting), _JOB.c.state == "pending").values(run_at=now))
