"""Jobs: work for later, enqueued in the transaction that causes it, so that both happen or neither.

`job_leases` tells how workers share and do them.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Update, bindparam, update
from sqlalchemy.orm import Session

from app.identifiers import new_id
from app.models import Job
from app.models.prepared import run, table_of
from app.operations.rows import insert_rows

MAX_ATTEMPTS = 5
KEPT_AFTER_END = timedelta(days=30)
# Jobs that programs outside fetch for themselves; our own worker leaves them alone.
EXTERNAL = "external"
# They go with their case. Messages a case has sent are delivered even when the case itself is over.
OF_THE_CASE = ("timer", "connector", "continuation", "signal", EXTERNAL)
START_BY_EVENT = "event_start"  # the case of a signal thrown or a timer due
START_BY_TIMER = "timer_start"  # the next time of a timer start event

_JOB = table_of(Job)


def _change_of_case(states: tuple[str, ...], **changes: object) -> Update:
    return (
        update(_JOB)
        .where(_JOB.c.instance_id == bindparam("of_instance"), _JOB.c.kind.in_(OF_THE_CASE), _JOB.c.state.in_(states))
        .values(**changes)
    )


_SUSPEND = _change_of_case(("pending",), state="suspended")
_RESUME = _change_of_case(("suspended",), state="pending")


def enqueue(
    session: Session,
    kind: str,
    payload: Mapping[str, object] | None = None,
    *,
    run_at: datetime,
    now: datetime,
    site_id: str | None = None,
    max_attempts: int = MAX_ATTEMPTS,
    job_id: str | None = None,
) -> str:
    """Enqueue a job that belongs to no case and return its id; it exists once the transaction is committed.

    Arguments: kind, one of `job_handlers.JOB_HANDLERS`; payload, plain JSON.
    """
    row = job_row(kind, payload or {}, run_at=run_at, now=now, job_id=job_id)
    row |= {"site_id": site_id, "max_attempts": max_attempts}
    insert_rows(session, Job, [row])
    return str(row["id"])


def job_row(
    kind: str, payload: Mapping[str, object], *, run_at: datetime, now: datetime, job_id: str | None = None
) -> dict[str, object]:
    """The row of a new job, for callers that write several at once."""
    return {
        "id": job_id or new_id(),
        "kind": kind,
        "state": "pending",
        "site_id": None,
        "instance_id": None,
        "activity_id": None,
        "element_id": None,
        "payload": json.dumps(payload, ensure_ascii=False),
        "run_at": run_at,
        "created_at": now,
        "attempts": 0,
        "max_attempts": MAX_ATTEMPTS,
        "fence": 0,
        "retry_delays": None,
    }


def revive_job(session: Session, job_id: str, *, now: datetime) -> None:
    """Give a dead job all its attempts again, due at once."""
    session.execute(
        update(_JOB).where(_JOB.c.id == job_id, _JOB.c.state == "dead").values(state="pending", run_at=now, attempts=0)
    )


def suspend_jobs(session: Session, instance_id: str) -> None:
    """Let the jobs of a case wait while it is suspended; a worker that has one in hand lays it aside itself."""
    run(session, _SUSPEND, {"of_instance": instance_id})


def resume_jobs(session: Session, instance_id: str) -> None:
    """The case runs again: what fell due meanwhile is due at once."""
    run(session, _RESUME, {"of_instance": instance_id})
