"""The worker: timers, connectors, failures, and stopping."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.errors import Busy
from app.models import Consent, HistorySeal, Incident, Job, ProcessInstance
from app.operations.actor import SYSTEM, Actor
from app.operations.cases import lock_case
from app.operations.deployments import deploy
from app.operations.failures import FailedAttempt, record_failed_attempt
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.incidents import retry_incident
from app.operations.job_handlers import JOB_HANDLERS, JobKind
from app.operations.job_leases import LEASE, claim_due_jobs, start_jobs
from app.operations.periodic_jobs import PeriodicJob
from app.operations.process_instances import start_process
from app.operations.subject_keys import subject_keys
from app.worker import Worker, WorkerThread, run_due
from app.worker import hands as worker_hands
from app.worker import worker as worker_module
from app.worker.bench import PAUSE_WHEN_BUSY
from tests.integration.operations.dealership import CUSTOMER, NOW, Dealership, later, resources
from tests.integration.webhook_receiver import shop_at, webhook_receiver

Sessions = sessionmaker[Session]


def _states(session: Session, kind: str) -> list[str]:
    """Of a kind of job; leaves no transaction open that would keep the worker waiting."""
    session.rollback()
    states = list(session.scalars(select(Job.state).where(Job.kind == kind).order_by(Job.id)))
    session.rollback()
    return states


def test_timer_fires_once_when_due(session: Session, sessions: Sessions, dealership: Dealership) -> None:
    case = dealership.start()
    session.commit()
    assert run_due(sessions, later(minutes=59)) == 0
    assert run_due(sessions, later(hours=1)) == 1
    assert run_due(sessions, later(hours=2)) == 0
    session.rollback()
    assert set(dealership.open_user_tasks_of(case.id)) == {"check", "remind"}
    fired = [event for event in read_events(session, case_stream(case.id)) if event.type == "timer_fired"]
    assert [(event.element_id, event.at, event.actor_id) for event in fired] == [("late", later(hours=1), "system")]


class _DoneAtOnce(ThreadPoolExecutor):
    """Threads so quick that their work is done before whoever gave it to them goes on."""

    def submit(self, *work: Any, **named: Any) -> Future[Any]:
        future = super().submit(*work, **named)
        future.exception()
        return future


def test_jobs_done_before_anybody_looks_are_counted_too(
    sessions: Sessions, session: Session, dealership: Dealership, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        dealership.start()
    session.commit()
    monkeypatch.setattr(worker_module, "ThreadPoolExecutor", _DoneAtOnce)
    assert run_due(sessions, later(hours=1)) == 3


def test_periodic_work_that_fails_stops_neither_the_rest_nor_the_jobs(
    session: Session, sessions: Sessions, dealership: Dealership, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_session: Session, _now: object) -> int:
        raise ValueError("a row it cannot read")

    worker = Worker(sessions, lambda: later(hours=1))

    def stop(_session: Session, _now: object) -> int:
        if _states(session, "timer") == ["done"]:
            worker.stop()
        return 0

    dealership.start()
    session.commit()
    often = timedelta(0)
    monkeypatch.setattr(
        worker_module, "PERIODIC_JOBS", (PeriodicJob("fails", often, fail), PeriodicJob("stops", often, stop))
    )
    worker.run_forever()
    assert _states(session, "timer") == ["done"]


def test_timer_of_a_completed_user_task_is_cancelled(
    session: Session, sessions: Sessions, dealership: Dealership
) -> None:
    dealership.complete(dealership.start(), "check", "ada", verdict="later")
    session.commit()
    assert _states(session, "timer") == ["cancelled"]
    assert run_due(sessions, later(hours=5)) == 0


def test_operation_connector_writes_with_its_step(
    session: Session, sessions: Sessions, dealership: Dealership
) -> None:
    case = dealership.start()
    dealership.complete(case, "check", "ada", verdict="withdraw")
    session.commit()
    assert run_due(sessions, NOW) == 1
    session.rollback()
    assert session.scalars(select(Consent.state).where(Consent.customer_id == CUSTOMER)).all() == ["withdrawn"]
    assert session.get_one(ProcessInstance, case.id).state == "completed"
    done = [event for event in read_events(session, case_stream(case.id)) if event.type == "job_completed"]
    assert [event.body["connector"] for event in done] == ["record-consent-withdrawn"]


def test_connector_that_cannot_succeed_ends_as_an_incident(
    session: Session, sessions: Sessions, dealership: Dealership
) -> None:
    case = dealership.start(customer_id=None)
    dealership.complete(case, "check", "ada", verdict="withdraw")
    session.commit()
    for hours in range(6):
        run_due(sessions, later(hours=hours))
    assert _states(session, "connector") == ["dead"]
    told = [event for event in read_events(session, case_stream(case.id)) if event.type == "job_attempt_failed"]
    assert [event.body["retries"] for event in told] == [4, 3, 2, 1, 0]
    assert all(event.element_id == "withdraw" and event.personal["remark"] for event in told if event.personal)
    incident = session.scalars(select(Incident)).one()
    assert (incident.instance_id, incident.element_id, incident.kind) == (case.id, "withdraw", "job_failed")
    assert session.get_one(ProcessInstance, case.id).state == "incident"
    retry_incident(session, incident.id, actor=Actor("own"), now=later(hours=9))
    session.commit()
    assert _states(session, "connector") == ["pending"]


def test_a_failure_is_told_without_words_where_the_person_was_erased(
    session: Session, dealership: Dealership
) -> None:
    case = dealership.start()
    subject_keys(session).destroy(case.subject_id, NOW)
    failed = FailedAttempt("job", "connector", None, "withdraw", "no answer", 2)
    record_failed_attempt(session, lock_case(session, case.id), failed, actor=SYSTEM, now=later(hours=1))
    (*_others, told) = read_events(session, case_stream(case.id))
    assert (told.type, told.body["retries"], told.personal) == ("job_attempt_failed", 2, None)


def test_jobs_of_dead_workers_are_taken_over(session: Session, sessions: Sessions, dealership: Dealership) -> None:
    case = dealership.start()
    claim_due_jobs(session, ("timer",), now=later(hours=1))
    session.commit()
    assert run_due(sessions, later(hours=1)) == 0
    assert run_due(sessions, later(hours=1) + LEASE * 2) == 1
    session.rollback()
    assert "remind" in dealership.open_user_tasks_of(case.id)


def test_job_that_kills_workers_ends_as_an_incident(
    session: Session, sessions: Sessions, dealership: Dealership
) -> None:
    dealership.start()
    session.scalars(select(Job)).one().max_attempts = 1
    session.flush()
    start_jobs(session, claim_due_jobs(session, ("timer",), now=later(hours=1)))
    session.commit()
    run_due(sessions, later(hours=1) + LEASE * 2)
    assert _states(session, "timer") == ["dead"]
    assert session.scalars(select(Incident.kind)).all() == ["job_failed"]


def test_worker_seals_the_history(session: Session, sessions: Sessions, dealership: Dealership) -> None:
    run_due(sessions, NOW)
    session.rollback()
    assert len(session.scalars(select(HistorySeal.number)).all()) == 1


def test_thread_works_and_stops(session: Session, sessions: Sessions, dealership: Dealership) -> None:
    case = dealership.start()
    session.commit()
    thread = WorkerThread(Worker(sessions, lambda: later(hours=1)))
    thread.start()
    for _ in range(100):
        threading.Event().wait(0.05)
        if _states(session, "timer") == ["done"]:
            break
    thread.stop()
    assert "remind" in dealership.open_user_tasks_of(case.id)
    assert "worker" not in {running.name for running in threading.enumerate()}


def test_worker_outlives_errors_of_the_database(
    sessions: Sessions, dealership: Dealership, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[int] = []

    def fail(_self: Worker, _pool: object) -> int:
        rounds.append(1)
        if len(rounds) == 3:
            worker.stop()
        raise OSError("the database is away")

    monkeypatch.setattr("app.worker.worker.PAUSE_AFTER_ERROR_SECONDS", 0.001)
    monkeypatch.setattr(Worker, "_round", fail)
    worker = Worker(sessions, lambda: NOW)
    worker.run_forever()
    assert len(rounds) == 3


def test_worker_that_stops_finishes_what_it_started_and_gives_the_rest_back(
    session: Session, sessions: Sessions, dealership: Dealership, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        dealership.start()
    session.commit()
    worker = Worker(sessions, lambda: later(hours=1), hands_inside=1)
    timer = JOB_HANDLERS["timer"]

    def fire_and_stop(*arguments: Any) -> None:
        timer.apply(*arguments)
        worker.stop()

    monkeypatch.setitem(worker_hands.JOB_HANDLERS, "timer", JobKind("timer", fire_and_stop))
    worker.run_forever()
    jobs = session.execute(select(Job.state, Job.attempts, Job.fence).order_by(Job.state)).all()
    # The second was charged with the commit of the first, so it is run; the others keep their attempts.
    assert sorted(job.state for job in jobs) == ["done", "done", "pending", "pending"]
    assert {(job.attempts, job.fence) for job in jobs if job.state == "pending"} == {(0, 1)}


def test_slow_receiver_holds_up_nobody(session: Session, sessions: Sessions, dealership: Dealership) -> None:
    deploy(session, resources("notify.bpmn"), name="n", reason="r", actor=SYSTEM, now=NOW)
    start_process(session, "notify", {"day": "2026-03-02", "count": 2}, site_id="main", actor=SYSTEM, now=NOW)
    dealership.start()
    session.commit()
    answer = threading.Event()
    with webhook_receiver(answer_after=answer) as receiver:
        worker = Worker(sessions, lambda: later(hours=1), shop_at(receiver))
        thread = WorkerThread(worker)
        thread.start()
        assert _becomes(lambda: _states(session, "timer") == ["done"])
        assert _states(session, "connector") == ["leased"]
        answer.set()
        assert _becomes(lambda: _states(session, "connector") == ["done"])
        thread.stop()


def _becomes(condition: Callable[[], bool]) -> bool:
    for _ in range(200):
        if condition():
            return True
        threading.Event().wait(0.05)
    return False


def test_job_is_not_to_blame_for_a_busy_database(
    session: Session, sessions: Sessions, dealership: Dealership, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_up(*_arguments: Any) -> None:
        raise Busy("busy")

    dealership.start()
    session.commit()
    monkeypatch.setitem(worker_hands.JOB_HANDLERS, "timer", JobKind("timer", give_up))
    run_due(sessions, later(hours=1))
    job = session.scalars(select(Job)).one()
    assert (job.state, job.attempts, job.run_at) == ("pending", 0, later(hours=1) + PAUSE_WHEN_BUSY)


def test_webhook_is_called_between_two_transactions(
    session: Session, sessions: Sessions, dealership: Dealership
) -> None:
    deploy(session, resources("notify.bpmn"), name="n", reason="r", actor=SYSTEM, now=NOW)
    case = start_process(session, "notify", {"day": "2026-03-02", "count": 2}, site_id="main", actor=SYSTEM, now=NOW)
    session.commit()
    with webhook_receiver() as receiver:
        run_due(sessions, NOW, surroundings=shop_at(receiver))
    session.rollback()
    job_id = session.scalars(select(Job.id).where(Job.kind == "connector")).one()
    assert receiver.received == [(job_id, {"day": "2026-03-02", "count": 2})]
    assert session.get_one(ProcessInstance, case.id).state == "completed"
