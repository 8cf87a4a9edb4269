"""R15: a case that goes round its loop thousands of times is as quick at the end as at the beginning.

The library alone finds no open user task after 500 rounds and calls the case completed.
"""

import statistics
import time

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import HistoryEvent, ProcessInstance, UserTask
from app.operations.actor import SYSTEM, Actor
from app.operations.deployments import deploy
from app.operations.history_verification import verify_history
from app.operations.process_instances import start_process
from app.operations.user_tasks import complete_user_task
from tests.integration.operations.dealership import NOW, found_dealership, resources
from tests.integration.reliability.scale import scaled

# The quickest of each hundred steps: what a busy machine adds is not what is asked.
WINDOW = 100
MOST_GROWTH = 1.5


@pytest.fixture
def round_and_round(session: Session) -> str:
    """The id of a case in a loop of one user task."""
    found_dealership(session)
    deploy(session, resources("round.bpmn"), name="l", reason="r", actor=SYSTEM, now=NOW)
    case = start_process(session, "round", {}, site_id="main", actor=SYSTEM, now=NOW)
    session.commit()
    return case.id


def test_r15_a_long_loop_takes_flat_time(sessions: sessionmaker[Session], round_and_round: str) -> None:
    steps = scaled(1_200, 5_000)
    seconds = [_step(sessions, round_and_round, again=number < steps) for number in range(1, steps + 1)]
    first, last = (_quick(seconds[window]) for window in (slice(WINDOW, 2 * WINDOW), slice(-WINDOW, None)))
    assert last < first * MOST_GROWTH, (first, last)
    with sessions() as session:
        case = session.get_one(ProcessInstance, round_and_round)
        assert (case.state, case.end_event_id) == ("completed", "end")
        told = select(func.count()).where(HistoryEvent.type == "user_task_completed")
        assert session.scalar(told) == steps
        assert verify_history(session).is_intact


def _step(sessions: sessionmaker[Session], case_id: str, *, again: bool) -> float:
    """CPU seconds of completing the one open user task; finding it among all that are done is not part of it."""
    with sessions() as session:
        open_one = select(UserTask.id).where(UserTask.instance_id == case_id, UserTask.state == "open")
        user_task_id = session.scalars(open_one).one()
    begin = time.thread_time()
    with writing(5), sessions() as session:
        complete_user_task(
            session, user_task_id, {"is_again": again}, revision=None, is_claimed_implicitly=True, actor=Actor("ada"),
            now=NOW,
        )  # fmt: skip
        session.commit()
    return time.thread_time() - begin


def _quick(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=10)[0]
