"""Every external input of a case is in its history: played again on the engine, they lead to the same place."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from app.engine.live_cases import LIVE_CASES
from app.errors import NotFound
from app.models import ActivityInstance, Site, Variable
from app.models.prepared import table_of
from app.operations.actor import SYSTEM, Actor
from app.operations.deployments import deploy
from app.operations.history_erasure import erase_subject
from app.operations.messages import correlate_message
from app.operations.process_instances import cancel_instance, start_process
from app.operations.replay import CaseNotReplayable, Difference, find_case, replay_case
from app.operations.user_tasks import complete_user_task
from app.worker import run_due
from tests.integration.operations.dealership import CUSTOMER, NOW, Dealership, later, resources
from tests.unit.engine.case import flows, process_of


def difference(session: Session, case_id: str) -> Difference | None:
    LIVE_CASES.clear()
    return replay_case(session, case_id).difference


def said(found: Difference | None) -> str:
    assert found is not None
    return found.msgid % found.params


@pytest.fixture
def long_case(session: Session, sessions: sessionmaker[Session], dealership: Dealership) -> str:
    """Answers, timers and job results; the customer's words are personal."""
    case = dealership.start()
    session.commit()
    run_due(sessions, later(hours=1))
    dealership.complete(case, "remind", "cam", now=later(hours=2))
    dealership.complete(case, "check", "ada", now=later(hours=3), verdict="later", note="private", score=1)
    dealership.complete(case, "later", "bea", now=later(days=3))
    session.commit()
    return case.id


def test_a_case_in_the_middle_of_its_work(session: Session, long_case: str) -> None:
    result = replay_case(session, long_case)
    assert (result.difference, result.steps) == (None, 5)


def test_a_case_that_has_ended(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership, long_case: str
) -> None:
    user_task_id = dealership.open_user_tasks_of(long_case)["check"]
    complete_user_task(
        session, user_task_id, {"verdict": "withdraw"}, revision=None, is_claimed_implicitly=True, actor=Actor("bea"),
        now=later(days=3),
    )  # fmt: skip
    session.commit()
    run_due(sessions, later(days=3))
    session.rollback()
    assert difference(session, long_case) is None


def test_messages(session: Session, dealership: Dealership) -> None:
    case = start_process(session, "listener", {"order": "7"}, site_id="main", actor=SYSTEM, now=NOW)
    correlate_message(
        session, "go", {"word": "run"}, site_id="main", correlation_key="7", actor=SYSTEM, now=later(hours=1)
    )
    dealership.complete(case, "after", "cam", extra=True)
    assert difference(session, case.id) is None


def test_a_cancelled_case(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    cancel_instance(session, case.id, "a mistake", actor=Actor("own"), now=later(hours=1))
    assert difference(session, case.id) is None


def test_parallel_branches_with_timers(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership
) -> None:
    deploy(session, resources("busy.bpmn"), name="busy", reason="r", actor=SYSTEM, now=NOW)
    case = start_process(session, "busy", {}, site_id="main", actor=SYSTEM, now=NOW)
    session.commit()
    for hours in range(1, 5):
        run_due(sessions, later(hours=hours))
        assert difference(session, case.id) is None
        session.rollback()


CALENDAR = process_of(
    '<bpmn:startEvent id="s"/><bpmn:userTask id="t" camunda:candidateGroups="customer_service"'
    ' camunda:dueDate="=add working days(now(), 2)"/><bpmn:userTask id="u" camunda:candidateGroups="customer_service"'
    ' camunda:dueDate="=add working hours(now(), 9 - working hours between(now(), add working days(now(), 0.5)))"/>'
    '<bpmn:endEvent id="e"/>',
    flows("s t", "t u", "u e"),
    key="calendar",
)


def test_what_the_calendar_and_the_zone_were_then(session: Session, dealership: Dealership) -> None:
    deploy(session, {"calendar.bpmn": CALENDAR}, name="calendar", reason="r", actor=SYSTEM, now=NOW)
    case = start_process(session, "calendar", {}, site_id="main", actor=SYSTEM, now=NOW)
    dealership.complete(case, "t", "cam", now=later(days=1))
    session.get_one(Site, "main").zone = "America/Sao_Paulo"
    session.flush()
    assert difference(session, case.id) is None


def test_the_first_difference_in_a_variable_is_named(session: Session, long_case: str) -> None:
    variable = table_of(Variable)
    change = update(variable).where(variable.c.instance_id == long_case, variable.c.name == "score")
    session.execute(change.values(value='["n", "5"]'))
    assert 'score is stored as ["n", "5"], the replay has ["n", "1"].' in said(difference(session, long_case))


def test_the_first_difference_in_the_path_is_named(session: Session, long_case: str) -> None:
    activity = table_of(ActivityInstance)
    change = update(activity).where(activity.c.instance_id == long_case, activity.c.element_id == "remind")
    session.execute(change.values(state="cancelled"))
    text = said(difference(session, long_case))
    assert 'stored as ["remind", "cancelled"], the replay has ["remind", "done"]' in text


def test_an_erased_person_is_told_and_nothing_breaks(session: Session, long_case: str) -> None:
    erase_subject(session, CUSTOMER, reason="asked for it", actor=Actor("own"), now=later(days=9))
    session.commit()
    with pytest.raises(CaseNotReplayable, match="has been erased"):
        replay_case(session, long_case)


def test_a_case_is_found_by_its_number_or_id(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    assert find_case(session, case.case_number) == find_case(session, case.id) == case.id
    with pytest.raises(NotFound):
        find_case(session, "no such case")
