"""The negative controls of the verdict: each fault it is there for is found."""

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from app.models import HistoryEvent, ProcessInstance, UserTask
from app.operations.actor import SYSTEM
from app.operations.history import Event, append_events, case_stream
from app.worker import run_due
from tests.integration.databases import only_sqlite
from tests.integration.operations.dealership import NOW, Dealership
from tests.integration.reliability.product import Place
from tests.integration.reliability.verdict import find_faults

pytestmark = only_sqlite


@pytest.fixture
def completed(place: Place, dealership: Dealership) -> str:
    """The id of a user task that was completed, with its effect."""
    case = dealership.start()
    user_task_id = dealership.user_task(case, "check")
    dealership.complete(case, "check", "ada", verdict="send", note="x")
    dealership.session.commit()
    run_due(place.sessions, NOW)
    return user_task_id


def test_no_fault_where_there_is_none(session: Session, completed: str) -> None:
    assert find_faults(session, [completed]) == []


def test_lost_work(session: Session, completed: str) -> None:
    assert find_faults(session, [completed, "another"]) == ["acknowledged and lost: another"]


def test_work_done_twice(session: Session, completed: str) -> None:
    instance_id = session.get_one(UserTask, completed).instance_id
    again = Event("user_task_completed", {}, activity_id=completed)
    append_events(session, case_stream(instance_id), [again], actor=SYSTEM, now=NOW, instance_id=instance_id)
    assert find_faults(session, [completed]) == [f"user_task_completed 2 times: {completed}"]


def test_deed_without_history(session: Session, completed: str) -> None:
    session.execute(update(UserTask).where(UserTask.id == completed).values(state="open"))
    faults = find_faults(session, [])
    assert f"done without history or history without deed: {completed}" in faults


def test_missing_effect(session: Session, completed: str) -> None:
    session.execute(update(ProcessInstance).where(ProcessInstance.process_key == "answer").values(process_key="x"))
    assert find_faults(session, [completed]) == ["0 effects of 1 completions"]


def test_broken_history(session: Session, completed: str) -> None:
    for trigger in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        session.execute(text(f'DROP TRIGGER "{trigger}"'))
    first = session.scalars(select(HistoryEvent.sequence).order_by(HistoryEvent.sequence)).first()
    session.execute(delete(HistoryEvent).where(HistoryEvent.sequence == first))
    assert any(fault.startswith("history: ") for fault in find_faults(session, [completed]))
