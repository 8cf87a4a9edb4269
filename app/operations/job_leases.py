"""Leases: due jobs shared among workers, each to one only, done or given back under a fence.

A lease ends by itself, so a worker that died holds nothing up; one that lives renews what it has in hand. Every lease
raises the job's fence: a worker that was too slow finds another fence and cannot finish what somebody else took over.
The attempt counts from its start, so that a job which kills its worker runs out of attempts like any other, while the
jobs that were only leased beside it do not.
"""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, Row, Update, bindparam, exists, func, literal, select, union_all, update
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.i18n import N_
from app.models import Job
from app.models.prepared import Prepared, run, table_of
from app.operations.jobs import WAITING_AGAIN

LEASE = timedelta(seconds=40)
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=30)
# Jobs that failed together shall not all come back together.
LONGEST_JITTER = 0.25
LONGEST_ERROR = 2000

# Written into the statement, not bound: the partial indexes are used only where their condition is seen.
_PENDING, _LEASED = literal("pending", literal_execute=True), literal("leased", literal_execute=True)
_JOB = table_of(Job)
_LEASED_COLUMNS = [
    _JOB.c[name]
    for name in (
        "id", "kind", "site_id", "instance_id", "activity_id", "element_id", "payload", "attempts", "max_attempts",
        "fence", "retry_delays",
    )
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LeasedJob:
    """A job in the hands of a worker; `fence` proves whose hands, `attempts` counts this attempt too.

    `retry_delays` are the seconds to wait before the second, third … attempt; None: pauses that double.
    """

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
    retry_delays: tuple[int, ...] | None = None

    @property
    def is_last_attempt(self) -> bool:
        return self.attempts >= self.max_attempts


@dataclass(frozen=True, slots=True)
class Lease:
    """Who has which job until when, as the table says; `is_last` when no attempt is left after this one."""

    job_id: str
    kind: str
    fence: int
    until: datetime
    is_last: bool


class LeaseLost(Conflict):
    """The worker was too slow: its lease ended and the job is no longer its own."""


_UNDER_FENCE = (
    (_JOB.c.id == bindparam("job_id")) & (_JOB.c.fence == bindparam("job_fence")) & (_JOB.c.state == "leased")
)
# Steps over a row that a step of another case has locked: waiting for each other would be a deadlock.
_START = Prepared(
    update(_JOB)
    .where(_JOB.c.id.in_(select(_JOB.c.id).where(_UNDER_FENCE).with_for_update(skip_locked=True)))
    .values(attempts=_JOB.c.attempts + 1)
)
_HELD = update(_JOB).where(_UNDER_FENCE)
_RENEW = Prepared(_HELD.values(lease_until=bindparam("until")))
_GIVE_BACK = Prepared(_HELD.values(state=WAITING_AGAIN, lease_until=None))
_RELEASE = Prepared(_HELD.values(state=WAITING_AGAIN, lease_until=None, run_at=bindparam("due")))
_FINISH = Prepared(_HELD.values(state="done", lease_until=None, last_error=None))
_LEASES = select(
    _JOB.c.id, _JOB.c.kind, _JOB.c.fence, _JOB.c.lease_until, _JOB.c.attempts >= _JOB.c.max_attempts
).where(_JOB.c.state == _LEASED)


def claim_due_jobs(
    session: Session, kinds: Sequence[str], *, now: datetime, limit: int = 10, lease: timedelta = LEASE
) -> list[LeasedJob]:
    """Lease due jobs, each to one worker only: those due longest of each kind, the kinds in turn.

    Commit before running them, and call `start_jobs` before each. Arguments: kinds, those the worker can run.
    """
    values = {"due": now, "most": limit, "until": now + lease}
    rows = run(session, _claim(tuple(kinds)), values).all()
    return [_leased(row, coming=1) for row in sorted(rows, key=lambda row: (row.run_at, row.id))]


@lru_cache(maxsize=32)
def _claim(kinds: tuple[str, ...]) -> Update:
    lanes = [_lane(number, kind) for number, kind in enumerate(kinds)]
    due = union_all(*(select(lane.c.id, lane.c.kind, lane.c.run_at) for lane in lanes)).subquery("due")
    order = (due.c.run_at, due.c.id)
    turn = func.row_number().over(partition_by=due.c.kind, order_by=order).label("turn")
    in_turn = select(due.c.id, due.c.run_at, turn).subquery("in_turn")
    chosen = select(in_turn.c.id).order_by(in_turn.c.turn, in_turn.c.run_at, in_turn.c.id).limit(bindparam("most"))
    return (
        update(_JOB)
        .where(_JOB.c.id.in_(chosen))
        .values(state="leased", lease_until=bindparam("until"), fence=_JOB.c.fence + 1)
        .returning(*_LEASED_COLUMNS, _JOB.c.run_at)
    )


def _lane(number: int, kind: str) -> CTE:
    """The jobs due longest of one kind; a CTE is evaluated once, as a subquery PostgreSQL may lock more rows."""
    return (
        select(_JOB.c.id, _JOB.c.kind, _JOB.c.run_at)
        .where(_JOB.c.state == _PENDING, _JOB.c.kind == kind, _JOB.c.run_at <= bindparam("due"))
        .order_by(_JOB.c.run_at, _JOB.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .cte(f"lane_{number}")
    )


def _leased(row: Row[*tuple[Any, ...]], *, coming: int = 0) -> LeasedJob:
    values = [getattr(row, column.name) for column in _LEASED_COLUMNS]
    job = LeasedJob(*values)
    delays = tuple(json.loads(row.retry_delays)) if row.retry_delays else None
    return replace(job, payload=json.loads(row.payload), attempts=job.attempts + coming, retry_delays=delays)


def has_due_jobs(session: Session, kinds: Sequence[str], *, now: datetime) -> bool:
    """Whether `claim_due_jobs` might give a worker something to do; only reads."""
    return bool(run(session, _has_due(tuple(kinds)), {"due": now}).scalar())


@lru_cache(maxsize=32)
def _has_due(kinds: tuple[str, ...]) -> Any:
    due = exists().where(_JOB.c.state == _PENDING, _JOB.c.kind.in_(kinds), _JOB.c.run_at <= bindparam("due"))
    return select(due)


def start_jobs(session: Session, jobs: Iterable[LeasedJob]) -> None:
    """Charge the attempts that begin when this transaction is committed."""
    _under_fence(session, _START, jobs)


def renew_leases(session: Session, jobs: Iterable[LeasedJob], *, now: datetime, lease: timedelta = LEASE) -> None:
    """Keep jobs that take longer; one whose lease is lost stays lost."""
    _under_fence(session, _RENEW, jobs, until=now + lease)


def give_back_jobs(session: Session, jobs: Iterable[LeasedJob]) -> None:
    """Return jobs that were leased and never started: the worker stops."""
    _under_fence(session, _GIVE_BACK, jobs)


def _under_fence(session: Session, statement: Prepared, jobs: Iterable[LeasedJob], **values: object) -> None:
    rows = [{"job_id": job.id, "job_fence": job.fence, **values} for job in jobs]
    if rows:
        statement.change_all(session, rows)


def finish_job(session: Session, job: LeasedJob) -> None:
    """Mark the job done, first thing in the transaction that does its work; raises LeaseLost.

    Done first, the row stays locked until the commit: nobody else can take the job over half-way.
    """
    if _FINISH.change(session, {"job_id": job.id, "job_fence": job.fence}) == 0:
        raise _lost()


def postpone_job(session: Session, job: LeasedJob, run_at: datetime, *, attempts: int = 0) -> None:
    """Run the job again at `run_at`: nothing went wrong, it was only too early.

    Arguments: attempts, how many of its attempts count; by default it has all of them again.
    """
    _hold(session, job, {"state": WAITING_AGAIN, "lease_until": None, "run_at": run_at, "attempts": attempts})


def hold_job(session: Session, job: LeasedJob, payload: Mapping[str, object]) -> None:
    """Lay the job aside until its case is resumed, with what was already done for it in `payload`."""
    text = json.dumps(payload, ensure_ascii=False)
    _hold(session, job, {"state": "suspended", "lease_until": None, "attempts": 0, "payload": text})


def fail_job(session: Session, job: LeasedJob, error: str, *, now: datetime, is_final: bool = False) -> bool:
    """Write down why an attempt failed; try again after a pause, unless no attempt is left.

    Arguments: is_final, true where another attempt cannot end differently. Returns whether the job is dead now;
    raises LeaseLost.
    """
    is_dead = is_final or job.is_last_attempt
    changes: dict[str, object] = {"last_error": error[:LONGEST_ERROR], "lease_until": None, "attempts": job.attempts}
    if is_dead:
        changes["state"] = "dead"
    else:
        changes |= {"state": WAITING_AGAIN, "run_at": now + pause_after(job.attempts, job.retry_delays)}
    _hold(session, job, changes)
    return is_dead


def read_leases(session: Session) -> list[Lease]:
    """All leases there are, for whoever looks after those that ended."""
    return [Lease(*row) for row in run(session, _LEASES)]


def release_leases(session: Session, leases: Iterable[Lease], *, now: datetime) -> list[LeasedJob]:
    """Give jobs of workers that died back, due at once; returns those that have no attempt left, still leased."""
    leases = list(leases)
    rows = [{"job_id": lease.job_id, "job_fence": lease.fence, "due": now} for lease in leases if not lease.is_last]
    if rows:
        _RELEASE.change_all(session, rows)
    worn_out = [lease.job_id for lease in leases if lease.is_last]
    if not worn_out:
        return []
    statement = select(*_LEASED_COLUMNS).where(_JOB.c.id.in_(worn_out), _JOB.c.state == _LEASED)
    return [_leased(row) for row in run(session, statement)]


def pause_after(attempts: int, delays: Sequence[int] | None = None) -> timedelta:
    """How long to wait after so many attempts: as the diagram says, else 2 s, 4 s, 8 s … at most half an hour.

    Our own pauses are up to a quarter longer, by chance; those of the diagram (the last one goes on) are exact.
    """
    if delays:
        return timedelta(seconds=delays[min(max(attempts, 1), len(delays)) - 1])
    pause = min(FIRST_PAUSE * (1 << min(max(attempts - 1, 0), 20)), LONGEST_PAUSE)
    return pause * random.uniform(1, 1 + LONGEST_JITTER)  # noqa: S311 - not a secret


def _hold(session: Session, job: LeasedJob, changes: Mapping[str, object]) -> None:
    change = update(_JOB).where(_JOB.c.id == job.id, _JOB.c.state == "leased", _JOB.c.fence == job.fence)
    if session.execute(change.values(**changes).returning(_JOB.c.id)).first() is None:
        raise _lost()


def _lost() -> LeaseLost:
    return LeaseLost(N_("Another worker has taken this job over."))
