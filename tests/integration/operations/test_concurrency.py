"""Fifty at once: one wins, all others are told so, and the history tells of one."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.errors import AppError
from app.models import Message, ProcessInstance, UserTask
from app.operations.actor import SYSTEM, Actor
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.history_verification import verify_history
from app.operations.process_instances import start_process
from app.operations.user_task_rows import UserTaskAlreadyCompleted, UserTaskAssignedToOther
from app.operations.user_tasks import claim_user_task, complete_user_task
from app.worker import Worker
from tests.integration.operations.dealership import NOW, Dealership, later

THREADS = 50


class Crowd:
    """Runs an operation in many threads at the same time, each in a transaction of its own."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions
        self._barrier = threading.Barrier(THREADS)

    def run(self, operation: Callable[[Session, int], object]) -> list[type[AppError] | None]:
        """The error each one got; None for success."""

        def one(number: int) -> type[AppError] | None:
            self._barrier.wait()
            try:
                with writing(30), self._sessions() as session:
                    operation(session, number)
                    session.commit()
            except AppError as error:
                return type(error)
            return None

        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(one, range(THREADS)))


@pytest.fixture
def crowd(sessions: sessionmaker[Session]) -> Crowd:
    return Crowd(sessions)


def _types(session: Session, case_id: str) -> list[str]:
    return [event.type for event in read_events(session, case_stream(case_id))]


def test_one_of_many_claims(session: Session, dealership: Dealership, crowd: Crowd) -> None:
    case = dealership.start()
    user_task_id = dealership.user_task(case, "check")
    session.commit()
    people = ("ada", "bea", "two")
    answers = crowd.run(
        lambda each, number: claim_user_task(each, user_task_id, actor=Actor(people[number % 3]), now=NOW)
    )
    winner = session.get_one(UserTask, user_task_id).assignee_id
    for number, answer in enumerate(answers):  # having it already is no error
        assert answer is (None if people[number % 3] == winner else UserTaskAssignedToOther)
    assert _types(session, case.id).count("user_task_claimed") == 1


def test_trap_6_one_of_many_completes_a_user_task(session: Session, dealership: Dealership, crowd: Crowd) -> None:
    case = dealership.start()
    user_task_id = dealership.claim(case, "check", "ada")
    session.commit()
    answers = crowd.run(
        lambda each, _number: complete_user_task(
            each, user_task_id, {"verdict": "send", "note": "x"}, revision=2, actor=Actor("ada"), now=NOW
        )
    )
    assert answers.count(None) == 1
    assert answers.count(UserTaskAlreadyCompleted) == THREADS - 1
    assert _types(session, case.id).count("user_task_completed") == 1
    assert len(session.scalars(select(Message.id)).all()) == 1
    assert verify_history(session).is_intact


def test_every_case_gets_a_number_of_its_own(session: Session, dealership: Dealership, crowd: Crowd) -> None:
    answers = crowd.run(
        lambda each, _number: start_process(
            each, "inquiry", {"subject": "x", "customer_id": "c"}, site_id="main", actor=SYSTEM, now=NOW
        )
    )
    assert answers == [None] * THREADS
    numbers = session.scalars(select(ProcessInstance.case_number)).all()
    assert sorted(numbers) == [f"IN-2026-{number:06d}" for number in range(1, THREADS + 1)]


def test_two_workers_fire_each_timer_once(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership
) -> None:
    cases = [dealership.start() for _ in range(20)]
    session.commit()
    workers = [Worker(sessions, lambda: later(hours=1)) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(Worker.run_due, workers))
    assert sum(done) == len(cases)
    for case in cases:
        assert _types(session, case.id).count("timer_fired") == 1
        assert set(dealership.open_user_tasks_of(case.id)) == {"check", "remind"}
