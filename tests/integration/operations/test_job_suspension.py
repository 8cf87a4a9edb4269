"""Jobs that wait alone while their case goes on, whatever a worker was about to do with them."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.errors import NotAllowed
from app.models import Job
from app.operations.actor import Actor
from app.operations.cases import Case
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.job_leases import LeaseLost, claim_due_jobs, fail_job, finish_job
from app.operations.job_suspension import JobDefinition, suspend_job_definition, suspend_jobs_of_cases
from app.operations.jobs import revive_job
from app.operations.suspension import resume_case, suspend_case
from app.worker import run_due
from tests.integration.operations.dealership import NOW, Dealership, later

OWNER = Actor("own")


def _timer(session: Session, case: Case) -> Job:
    session.expire_all()
    return session.scalars(select(Job).where(Job.instance_id == case.id, Job.kind == "timer")).one()


def _change(session: Session, case: Case, *, is_suspended: bool, actor: Actor = OWNER) -> None:
    job = _timer(session, case)
    suspend_jobs_of_cases(session, [job.id], is_suspended=is_suspended, actor=actor, now=NOW)
    session.commit()


def test_a_job_waits_alone_and_is_due_when_resumed(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership
) -> None:
    case, other = dealership.start(), dealership.start()
    session.commit()
    with pytest.raises(NotAllowed):
        _change(session, case, is_suspended=True, actor=Actor("ada"))
    session.rollback()
    _change(session, case, is_suspended=True)
    _change(session, case, is_suspended=True)  # what is so already is not told again
    assert run_due(sessions, later(hours=5)) == 1
    assert list(dealership.open_user_tasks_of(case.id)) == ["check"]
    assert sorted(dealership.open_user_tasks_of(other.id)) == ["check", "remind"]
    session.rollback()
    _change(session, case, is_suspended=False)
    assert run_due(sessions, later(hours=5)) == 1
    assert sorted(dealership.open_user_tasks_of(case.id)) == ["check", "remind"]
    told = [event for event in read_events(session, case_stream(case.id)) if event.type.startswith("job_")]
    expected = [("job_suspended", "own", "timer"), ("job_resumed", "own", "timer")]
    assert [(event.type, event.actor_id, event.body["kind"]) for event in told] == expected


def test_a_timer_in_hand_is_lost_to_its_worker(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    session.commit()
    (leased,) = claim_due_jobs(session, ["timer"], now=later(hours=2))
    _change(session, case, is_suspended=True)
    assert _timer(session, case).state == "suspended"
    with pytest.raises(LeaseLost):
        finish_job(session, leased)


def test_a_job_that_fails_or_is_tried_again_goes_on_waiting(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    job = _timer(session, case)
    job.kind = "connector"
    session.commit()
    (leased,) = claim_due_jobs(session, ["connector"], now=later(hours=2))
    suspend_jobs_of_cases(session, [job.id], is_suspended=True, actor=OWNER, now=NOW)
    assert session.scalar(select(Job.state).where(Job.id == job.id)) == "leased"  # it is at work outside
    fail_job(session, leased, "no answer", now=later(hours=2))
    assert session.scalar(select(Job.state).where(Job.id == job.id)) == "suspended"
    session.expire_all()
    job.state = "dead"
    revive_job(session, job.id, now=later(hours=2))
    assert session.scalar(select(Job.state).where(Job.id == job.id)) == "suspended"


def test_in_a_suspended_case_all_jobs_wait_and_with_it_all_go_on(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    suspend_case(session, case.id, "r", actor=OWNER, now=NOW)
    for is_suspended in (True, False, True):
        _change(session, case, is_suspended=is_suspended)
        assert _timer(session, case).state == "suspended"
    resume_case(session, case.id, "r", actor=OWNER, now=NOW)
    session.expire_all()
    assert (_timer(session, case).state, _timer(session, case).is_suspended) == ("pending", False)


def test_jobs_of_suspended_work_wait_from_the_moment_they_are_made(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    work = JobDefinition(case.definition_id, str(_timer(session, case).element_id), "timer")
    states = []
    for is_suspended in (True, True, False):
        suspend_job_definition(session, work, is_suspended=is_suspended, with_scheduled=False, actor=OWNER, now=NOW)
        made = _timer(session, dealership.start())
        states.append((made.state, made.is_suspended))
    assert states == [("suspended", True), ("suspended", True), ("pending", False)]
    assert _timer(session, case).state == "pending"
    with pytest.raises(NotAllowed):
        suspend_job_definition(session, work, is_suspended=True, with_scheduled=True, actor=Actor("ada"), now=NOW)
