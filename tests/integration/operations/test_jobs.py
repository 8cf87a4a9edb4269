from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import Job
from app.operations.jobs import (
    EXTERNAL,
    LEASE,
    LeasedJob,
    LeaseLost,
    claim_due_jobs,
    enqueue,
    fail_job,
    finish_job,
    has_due_jobs,
    postpone_job,
    release_expired_leases,
    revive_job,
    worn_out_jobs,
)
from app.operations.periodic_jobs import KEPT_AFTER_END, forget_ended_jobs
from tests.integration.operations.dealership import NOW, later

KINDS = ("letter",)


def _enqueue(session: Session, run_at: datetime = NOW, kind: str = "letter", attempts: int = 2) -> str:
    return enqueue(session, kind, {"to": "你"}, run_at=run_at, now=NOW, max_attempts=attempts)


def _claim(session: Session, now: datetime = NOW, limit: int = 10) -> list[LeasedJob]:
    return claim_due_jobs(session, KINDS, now=now, limit=limit)


def _row(session: Session, job_id: str) -> Job:
    session.expire_all()
    return session.get_one(Job, job_id)


def test_due_jobs_are_leased_once_longest_due_first(session: Session) -> None:
    second, first = _enqueue(session, later(minutes=-1)), _enqueue(session, later(minutes=-2))
    _enqueue(session, later(seconds=1))
    _enqueue(session, kind=EXTERNAL)
    assert has_due_jobs(session, now=NOW)
    (job,) = _claim(session, limit=1)
    assert (job.id, job.payload, job.attempts, job.fence) == (first, {"to": "你"}, 1, 1)
    assert [job.id for job in _claim(session)] == [second]
    assert _claim(session) == []
    assert not has_due_jobs(session, now=NOW)


def test_two_workers_never_lease_the_same(sessions: sessionmaker[Session]) -> None:
    """On PostgreSQL the second steps over rows the first has locked; SQLite lets only one write at a time."""
    with writing(1), sessions() as one, sessions() as two:
        for _ in range(4):
            _enqueue(one)
        one.commit()
        leased_by_one = {job.id for job in _claim(one, limit=2)}
        if one.get_bind(Job).dialect.name == "sqlite":
            one.commit()
        leased_by_two = {job.id for job in _claim(two)}
    assert len(leased_by_one) == len(leased_by_two) == 2
    assert not leased_by_one & leased_by_two


def test_finished_job_stays_done(session: Session) -> None:
    job_id = _enqueue(session)
    (job,) = _claim(session)
    finish_job(session, job)
    assert _row(session, job_id).state == "done"
    with pytest.raises(LeaseLost):
        finish_job(session, job)


def test_worker_that_lost_its_lease_cannot_finish(session: Session) -> None:
    _enqueue(session)
    (slow,) = _claim(session)
    after = NOW + LEASE + timedelta(seconds=1)
    assert has_due_jobs(session, now=after)
    release_expired_leases(session, now=after)
    (quick,) = _claim(session, after)
    assert (quick.id, quick.fence, quick.attempts) == (slow.id, 2, 2)
    for change in (finish_job, lambda s, j: fail_job(s, j, "late", now=NOW), lambda s, j: postpone_job(s, j, NOW)):
        with pytest.raises(LeaseLost):
            change(session, slow)
    finish_job(session, quick)


def test_failed_job_waits_longer_each_time_and_dies(session: Session) -> None:
    job_id = _enqueue(session)
    (job,) = _claim(session)
    assert not fail_job(session, job, "no answer", now=NOW)
    row = _row(session, job_id)
    assert (row.state, row.run_at, row.last_error) == ("pending", later(seconds=2), "no answer")
    (job,) = _claim(session, later(seconds=2))
    assert fail_job(session, job, "no answer", now=later(seconds=2))
    assert _row(session, job_id).state == "dead"
    revive_job(session, job_id, now=later(hours=1))
    (job,) = _claim(session, later(hours=1))
    assert job.attempts == 1


def test_hopeless_job_dies_at_once(session: Session) -> None:
    _enqueue(session)
    (job,) = _claim(session)
    assert fail_job(session, job, "wrong diagram", now=NOW, is_final=True)


def test_postponed_job_keeps_its_attempts(session: Session) -> None:
    job_id = _enqueue(session)
    (job,) = _claim(session)
    postpone_job(session, job, later(hours=1))
    assert (_row(session, job_id).attempts, _row(session, job_id).run_at) == (0, later(hours=1))


def test_job_that_kills_its_worker_wears_out(session: Session) -> None:
    job_id = _enqueue(session, attempts=1)
    _claim(session)
    after = NOW + LEASE + timedelta(seconds=1)
    assert worn_out_jobs(session, now=NOW) == []
    release_expired_leases(session, now=after)
    assert [job.id for job in worn_out_jobs(session, now=after)] == [job_id]


def test_ended_jobs_are_forgotten_in_the_end(session: Session) -> None:
    _enqueue(session)
    (job,) = _claim(session)
    finish_job(session, job)
    pending = _enqueue(session)
    assert forget_ended_jobs(session, NOW + KEPT_AFTER_END) == 0
    assert forget_ended_jobs(session, NOW + KEPT_AFTER_END + timedelta(seconds=1)) == 1
    assert session.scalars(select(Job.id)).all() == [pending]
