"""Jobs: work for later, enqueued in the transaction that causes it and done by a worker under a lease.

A lease ends by itself, so a worker that died holds nothing up. Every lease raises the job's fence: a worker that
was too slow finds another fence and cannot finish what somebody else took over. The attempt counts from the
moment of the lease, so that a job which kills its worker runs out of attempts like any other.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, literal, or_, select, update
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.i18n import N_
from app.identifiers import new_id
from app.models import Job
from app.models.prepared import table_of
from app.operations.rows import insert_rows

MAX_ATTEMPTS = 5
LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=30)
LONGEST_ERROR = 2000
KEPT_AFTER_END = timedelta(days=30)
# Jobs that programs outside fetch for themselves; our own worker leaves them alone.
EXTERNAL = "external"

# Written into the statement, not bound: the partial indexes are used only where their condition is seen.
_PENDING, _LEASED = literal("pending", literal_execute=True), literal("leased", literal_execute=True)
_JOB = table_of(Job)
_LEASED_COLUMNS = [
    _JOB.c[name]
    for name in (
        "id", "kind", "site_id", "instance_id", "activity_id", "element_id", "payload", "attempts", "max_attempts",
        "fence",
    )
]


@dataclass(frozen=True, slots=True)
class LeasedJob:
    """A job in the hands of a worker; `fence` proves whose hands."""

    id: str
    kind: str
    site_id: str | None
    instance_id: str | None
    activity_id: str | None
    element_id: str | None
    payload: Mapping[str, Any]
    attempts: int
    max_attempts: int
    fence: int

    @property
    def is_last_attempt(self) -> bool:
        return self.attempts >= self.max_attempts


class LeaseLost(Conflict):
    """The worker was too slow: its lease ended and the job is no longer its own."""


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
    }


def claim_due_jobs(
    session: Session, kinds: Sequence[str], *, now: datetime, limit: int = 10, lease: timedelta = LEASE
) -> list[LeasedJob]:
    """Lease the jobs due longest, each to one worker only; commit before running them.

    Arguments: kinds, those the worker can run.
    """
    due = (
        select(_JOB.c.id)
        .where(_JOB.c.state == _PENDING, _JOB.c.run_at <= now, _JOB.c.kind.in_(kinds))
        .order_by(_JOB.c.run_at, _JOB.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")  # evaluated once: as a subquery PostgreSQL may lock more rows than the limit says
    )
    change = (
        update(_JOB)
        .where(_JOB.c.id.in_(select(due.c.id)))
        .values(state="leased", lease_until=now + lease, fence=_JOB.c.fence + 1, attempts=_JOB.c.attempts + 1)
        .returning(*_LEASED_COLUMNS)
    )
    rows = session.execute(change).all()
    return sorted(map(_leased, rows), key=lambda job: job.id)


def _leased(row: Row[*tuple[Any, ...]]) -> LeasedJob:
    return LeasedJob(**{**row._asdict(), "payload": json.loads(row.payload)})


def has_due_jobs(session: Session, *, now: datetime) -> bool:
    """Whether `claim_due_jobs` or an expired lease might give a worker something to do."""
    due = select(_JOB.c.id).where(_JOB.c.state == _PENDING, _JOB.c.run_at <= now, _JOB.c.kind != EXTERNAL)
    expired = select(_JOB.c.id).where(_JOB.c.state == _LEASED, _JOB.c.lease_until < now)
    return bool(session.scalar(select(or_(due.exists(), expired.exists()))))


def finish_job(session: Session, job: LeasedJob) -> None:
    """Mark the job done, first thing in the transaction that does its work; raises LeaseLost.

    Done first, the row stays locked until the commit: nobody else can take the job over half-way.
    """
    _hold(session, job, {"state": "done", "lease_until": None, "last_error": None})


def postpone_job(session: Session, job: LeasedJob, run_at: datetime) -> None:
    """Run the job again at `run_at` with all its attempts: nothing went wrong, it was only too early."""
    _hold(session, job, {"state": "pending", "lease_until": None, "run_at": run_at, "attempts": 0})


def fail_job(session: Session, job: LeasedJob, error: str, *, now: datetime, is_final: bool = False) -> bool:
    """Write down why an attempt failed; try again after a pause that doubles, unless no attempt is left.

    Arguments: is_final, true where another attempt cannot end differently. Returns whether the job is dead now;
    raises LeaseLost.
    """
    is_dead = is_final or job.is_last_attempt
    changes: dict[str, object] = {"last_error": error[:LONGEST_ERROR], "lease_until": None}
    if is_dead:
        changes["state"] = "dead"
    else:
        changes |= {"state": "pending", "run_at": now + pause_after(job.attempts)}
    _hold(session, job, changes)
    return is_dead


def revive_job(session: Session, job_id: str, *, now: datetime) -> None:
    """Give a dead job all its attempts again, due at once."""
    session.execute(
        update(_JOB).where(_JOB.c.id == job_id, _JOB.c.state == "dead").values(state="pending", run_at=now, attempts=0)
    )


def release_expired_leases(session: Session, *, now: datetime) -> None:
    """Give jobs of workers that died back, due at once; jobs without attempts left are `worn_out_jobs`."""
    expired = (
        select(_JOB.c.id)
        .where(_JOB.c.state == _LEASED, _JOB.c.lease_until < now, _JOB.c.attempts < _JOB.c.max_attempts)
        .with_for_update(skip_locked=True)
        .cte("expired")
    )
    change = update(_JOB).where(_JOB.c.id.in_(select(expired.c.id)))
    session.execute(change.values(state="pending", lease_until=None, run_at=now))


def worn_out_jobs(session: Session, *, now: datetime) -> list[LeasedJob]:
    """Jobs whose last attempt ended with the death of its worker."""
    statement = select(*_LEASED_COLUMNS).where(
        _JOB.c.state == _LEASED, _JOB.c.lease_until < now, _JOB.c.attempts >= _JOB.c.max_attempts
    )
    return [_leased(row) for row in session.execute(statement)]


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 2 s, 4 s, 8 s … at most half an hour."""
    return min(FIRST_PAUSE * (1 << min(max(attempts - 1, 0), 20)), LONGEST_PAUSE)


def _hold(session: Session, job: LeasedJob, changes: Mapping[str, object]) -> None:
    change = update(_JOB).where(_JOB.c.id == job.id, _JOB.c.state == "leased", _JOB.c.fence == job.fence)
    if session.execute(change.values(**changes).returning(_JOB.c.id)).first() is None:
        raise LeaseLost(N_("Another worker has taken this job over."))
