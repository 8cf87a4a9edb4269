"""R15: a step of a case that went round its loop thousands of times is no more work than one of its first.

The library alone finds no open user task after 500 rounds and calls the case completed.
"""

from contextlib import nullcontext
from cProfile import Profile
from pstats import Stats

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

# Steps whose work is counted at the beginning and at the end.
WINDOW = 50
MOST_GROWTH = 1.1


@pytest.fixture
def round_and_round(session: Session) -> str:
    """The id of a case in a loop of one user task."""
    found_dealership(session)
    deploy(session, resources("round.bpmn"), name="l", reason="r", actor=SYSTEM, now=NOW)
    case = start_process(session, "round", {}, site_id="main", actor=SYSTEM, now=NOW)
    session.commit()
    return case.id


def test_r15_a_long_loop_is_flat_work(sessions: sessionmaker[Session], round_and_round: str) -> None:
    steps = scaled(1_200, 5_000)
    first, last = Profile(), Profile()
    for number in range(1, steps + 1):
        counted = first if WINDOW < number <= 2 * WINDOW else last if number > steps - WINDOW else None
        _step(sessions, round_and_round, counted, again=number < steps)
    assert 0 < _calls(last) < _calls(first) * MOST_GROWTH, (_calls(first), _calls(last))
    with sessions() as session:
        case = session.get_one(ProcessInstance, round_and_round)
        assert (case.state, case.end_event_id) == ("completed", "end")
        told = select(func.count()).where(HistoryEvent.type == "user_task_completed")
        assert session.scalar(told) == steps
        assert verify_history(session).is_intact


def _step(sessions: sessionmaker[Session], case_id: str, counted: Profile | None, *, again: bool) -> None:
    """Complete the one open user task; finding it among all that are done is not part of what is counted."""
    with sessions() as session:
        open_one = select(UserTask.id).where(UserTask.instance_id == case_id, UserTask.state == "open")
        user_task_id = session.scalars(open_one).one()
    with counted or nullcontext(), writing(5), sessions() as session:
        complete_user_task(
            session, user_task_id, {"is_again": again}, revision=None, is_claimed_implicitly=True, actor=Actor("ada"),
            now=NOW,
        )  # fmt: skip
        session.commit()


def _calls(profile: Profile) -> int:
    """Function calls: unlike time they are the same on every machine, however busy it is."""
    calls: int = Stats(profile).total_calls  # type: ignore[attr-defined]
    return calls
