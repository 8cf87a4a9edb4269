from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import Job
from app.operations.job_leases import (
    LEASE,
    Lease,
    LeasedJob,
    LeaseLost,
    claim_due_jobs,
    fail_job,
    finish_job,
    give_back_jobs,
    has_due_jobs,
    hold_job,
    postpone_job,
    read_leases,
    release_leases,
    renew_leases,
    start_jobs,
)
from app.operations.jobs import EXTERNAL, enqueue, resume_jobs, revive_job, suspend_jobs
from app.operations.periodic_jobs import KEPT_AFTER_END, forget_ended_jobs
from tests.integration.operations.dealership import NOW, Dealership, later

pytestmark = pytest.mark.usefixtures("every_case_replays")

KINDS = ("letter",)


def _enqueue(session: Session, run_at: datetime = NOW, kind: str = "letter", attempts: int = 2) -> str:
    return enqueue(session, kind, {"to": "你"}, run_at=run_at, now=NOW, max_attempts=attempts)


def _claim(session: Session, now: datetime = NOW, limit: int = 10) -> list[LeasedJob]:
    """Lease and start."""
    jobs = claim_due_jobs(session, KINDS, now=now, limit=limit)
    start_jobs(session, jobs)
    return jobs


def _ended(session: Session, now: datetime) -> list[Lease]:
    return [lease for lease in read_leases(session) if lease.until < now]


def _row(session: Session, job_id: str) -> Job:
    session.expire_all()
    return session.get_one(Job, job_id)


def test_due_jobs_are_leased_once_longest_due_first(session: Session) -> None:
    second, first = _enqueue(session, later(minutes=-1)), _enqueue(session, later(minutes=-2))
    _enqueue(session, later(seconds=1))
    _enqueue(session, kind=EXTERNAL)
    assert has_due_jobs(session, KINDS, now=NOW)
    (job,) = _claim(session, limit=1)
    assert (job.id, job.payload, job.attempts, job.fence) == (first, {"to": "你"}, 1, 1)
    assert [job.id for job in _claim(session)] == [second]
    assert _claim(session) == []
    assert not has_due_jobs(session, KINDS, now=NOW)


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
    assert _ended(session, NOW) == []
    assert release_leases(session, _ended(session, after), now=after) == []
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
    assert (row.state, row.last_error, row.attempts) == ("pending", "no answer", 1)
    assert later(seconds=2) <= row.run_at <= later(seconds=2.5)
    (job,) = _claim(session, row.run_at)
    assert fail_job(session, job, "no answer", now=row.run_at)
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


def test_job_that_kills_its_worker_wears_out_and_its_neighbour_does_not(session: Session) -> None:
    """Both were leased by the worker that died, only one was started."""
    job_id, neighbour_id = _enqueue(session, attempts=1), _enqueue(session, attempts=1)
    jobs = {job.id: job for job in claim_due_jobs(session, KINDS, now=NOW)}
    start_jobs(session, [jobs[job_id]])
    after = NOW + LEASE + timedelta(seconds=1)
    (worn_out,) = release_leases(session, _ended(session, after), now=after)
    assert (worn_out.id, worn_out.attempts, worn_out.is_last_attempt) == (job_id, 1, True)
    assert [(job.id, job.attempts) for job in _claim(session, after)] == [(neighbour_id, 1)]


def test_renewed_lease_lasts_and_a_lost_one_stays_lost(session: Session) -> None:
    _enqueue(session)
    (job,) = _claim(session)
    after = NOW + LEASE + timedelta(seconds=1)
    renew_leases(session, [job], now=NOW + LEASE / 2)
    assert _ended(session, after) == []
    release_leases(session, read_leases(session), now=after)
    renew_leases(session, [job], now=after)
    assert read_leases(session) == []


def test_jobs_given_back_are_due_as_before(session: Session) -> None:
    job_id = _enqueue(session, later(minutes=-1))
    jobs = claim_due_jobs(session, KINDS, now=NOW)
    give_back_jobs(session, jobs)
    row = _row(session, job_id)
    assert (row.state, row.attempts, row.run_at) == ("pending", 0, later(minutes=-1))
    with pytest.raises(LeaseLost):
        finish_job(session, jobs[0])


def test_kinds_take_turns(session: Session) -> None:
    """A thousand timers due for an hour leave room for the message sent just now."""
    letters = [_enqueue(session, later(minutes=-60 + number)) for number in range(20)]
    parcel = _enqueue(session, kind="parcel")
    jobs = claim_due_jobs(session, ("letter", "parcel"), now=NOW, limit=4)
    assert [job.id for job in jobs] == [*letters[:3], parcel]


def test_pauses_of_the_diagram_are_kept(session: Session) -> None:
    job_id = _enqueue(session)
    session.execute(update(Job).values(retry_delays="[600, 1200]"))
    (job,) = _claim(session)
    fail_job(session, job, "no answer", now=NOW)
    assert _row(session, job_id).run_at == later(seconds=600)


def test_jobs_of_a_suspended_case_wait(session: Session, dealership: Dealership) -> None:
    case, other = dealership.start(), dealership.start()
    (leased, _) = claim_due_jobs(session, ("timer",), now=later(hours=1))
    for instance_id in (case.id, other.id):
        suspend_jobs(session, instance_id)
    assert not has_due_jobs(session, ("timer",), now=later(hours=9))
    hold_job(session, leased, {"result": "what was done already"})
    with pytest.raises(LeaseLost):
        finish_job(session, leased)
    assert not has_due_jobs(session, ("timer",), now=later(hours=9))
    resume_jobs(session, leased.instance_id or "")
    (again,) = claim_due_jobs(session, ("timer",), now=later(hours=9))
    assert (again.id, again.payload) == (leased.id, {"result": "what was done already"})
    assert leased.instance_id in (case.id, other.id)


def test_ended_jobs_are_forgotten_in_the_end(session: Session) -> None:
    _enqueue(session)
    (job,) = _claim(session)
    finish_job(session, job)
    pending = _enqueue(session)
    assert forget_ended_jobs(session, NOW + KEPT_AFTER_END) == 0
    assert forget_ended_jobs(session, NOW + KEPT_AFTER_END + timedelta(seconds=1)) == 1
    assert session.scalars(select(Job.id)).all() == [pending]
