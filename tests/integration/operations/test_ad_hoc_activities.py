"""Activities of ad-hoc subprocesses are begun by the people of a process, and what they did can be undone."""

import pytest
from sqlalchemy.orm import Session

from app import engine
from app.errors import NotAllowed
from app.operations.actor import SYSTEM, Actor
from app.operations.ad_hoc_activities import activities_to_begin, begin_activity
from app.operations.cases import Case, read_case
from app.operations.deployments import deploy
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.process_instances import start_process
from app.operations.steps import CaseEnded
from tests.integration.operations.dealership import NOW, Dealership, resources

pytestmark = pytest.mark.usefixtures("every_case_replays")


def _case(session: Session) -> Case:
    deploy(session, resources("ad_hoc.bpmn"), name="ad hoc", reason="test", actor=SYSTEM, now=NOW)
    return start_process(session, "ad_hoc", {"enough": False}, site_id="main", actor=Actor("ada"), now=NOW)


def _begin(session: Session, case: Case, element_id: str, person: str = "ada") -> None:
    jobs = activities_to_begin(session, case, NOW)[0].activity_id
    begin_activity(session, case.id, jobs, element_id, actor=Actor(person), now=NOW)


def test_people_begin_what_is_to_be_done_and_it_is_in_the_history(session: Session, dealership: Dealership) -> None:
    case = _case(session)
    assert [entry.element_id for entry in activities_to_begin(session, case, NOW)] == ["call", "write"]
    _begin(session, case, "call")
    _begin(session, case, "write", "own")
    assert set(dealership.open_user_tasks_of(case.id)) == {"call", "write"}
    begun = [event for event in read_events(session, case_stream(case.id)) if event.type == "ad_hoc_activity_begun"]
    assert [(event.element_id, event.actor_id) for event in begun] == [("call", "ada"), ("write", "own")]


def test_what_was_done_is_undone_by_a_user_task(session: Session, dealership: Dealership) -> None:
    case = _case(session)
    _begin(session, case, "call")
    dealership.complete(case, "call", "ada", enough=True)
    assert set(dealership.open_user_tasks_of(case.id)) == {"undo"}
    dealership.complete(case, "undo", "ada")
    with pytest.raises(CaseEnded):
        begin_activity(session, case.id, "x", "call", actor=Actor("ada"), now=NOW)


def test_only_those_who_may_start_the_process_begin_something(session: Session, dealership: Dealership) -> None:
    case = _case(session)
    for person in ("cam", "eve", "far", "dual"):
        with pytest.raises(NotAllowed):
            _begin(session, case, "call", person)
    with pytest.raises(engine.ActivityNotEnabled):
        _begin(session, case, "undo")
    with pytest.raises(engine.ActivityNotWaiting):
        begin_activity(session, case.id, "nothing", "call", actor=Actor("ada"), now=NOW)
    assert read_case(session, case.id).state == "active"
