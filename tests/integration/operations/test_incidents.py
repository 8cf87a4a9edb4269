import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine import CancelActivity, StartBefore
from app.engine.outcome import RaisedIncident
from app.errors import NotAllowed
from app.models import Incident, ProcessInstance, UserTask
from app.models.queries_user_task import find_draft
from app.operations.actor import SYSTEM, Actor
from app.operations.case_changes import modify_case
from app.operations.deployments import deploy
from app.operations.failures import StepNotDone, record_failed_step
from app.operations.history import CONFIGURATION_STREAM, case_stream
from app.operations.history_reading import read_events
from app.operations.incident_rows import insert_incident_of_no_case
from app.operations.incidents import IncidentAlreadyResolved, IncidentNotFound, NothingToTry, retry_incident
from app.operations.messages import correlate_message
from app.operations.process_instances import start_process
from app.operations.user_tasks import assign_user_task, complete_user_task
from tests.integration.operations.dealership import CUSTOMER, NOW, RESOURCES, Dealership


def _state(session: Session, case_id: str) -> str:
    return session.scalars(select(ProcessInstance.state).where(ProcessInstance.id == case_id)).one()


def _fail(session: Session, dealership: Dealership) -> tuple[str, str]:
    """Complete without the variable that the diagram asks for, as the web does it: roll back, then record."""
    case = dealership.start()
    user_task_id = dealership.claim(case, "check", "ada")
    session.commit()
    _fail_again(session, user_task_id)
    return case.id, user_task_id


def _fail_again(session: Session, user_task_id: str) -> None:
    with pytest.raises(StepNotDone, match="verdict") as failed:
        complete_user_task(session, user_task_id, {"score": 1}, revision=None, actor=Actor("ada"), now=NOW)
    session.rollback()
    record_failed_step(session, failed.value, draft={"score": "1"}, actor=Actor("ada"), now=NOW)
    session.commit()


def test_failed_step_keeps_the_input_and_tells_the_owner(session: Session, dealership: Dealership) -> None:
    case_id, user_task_id = _fail(session, dealership)
    assert _state(session, case_id) == "incident"
    incident = session.scalars(select(Incident)).one()
    assert (incident.element_id, incident.activity_id, incident.is_open) == ("verdict_later", user_task_id, True)
    kept = find_draft(session, user_task_id, "ada")
    assert kept is not None
    assert kept.content == {"score": "1"}
    raised = read_events(session, case_stream(case_id))[-1]
    assert (raised.type, raised.element_id) == ("incident_raised", "verdict_later")
    assert raised.personal is not None
    assert raised.personal["params"]["name"] == "verdict"


def test_the_same_failure_is_one_incident(session: Session, dealership: Dealership) -> None:
    _, user_task_id = _fail(session, dealership)
    _fail_again(session, user_task_id)
    assert len(session.scalars(select(Incident.id)).all()) == 1


def test_success_of_the_step_resolves_its_incident(session: Session, dealership: Dealership) -> None:
    case_id, user_task_id = _fail(session, dealership)
    complete_user_task(session, user_task_id, {"verdict": "later"}, revision=None, actor=Actor("ada"), now=NOW)
    assert _state(session, case_id) == "active"
    assert session.scalars(select(Incident.is_open)).all() == [False]


def test_retry_is_for_owners_and_happens_once(session: Session, dealership: Dealership) -> None:
    case_id, _ = _fail(session, dealership)
    incident_id = session.scalars(select(Incident.id)).one()
    with pytest.raises(NotAllowed):
        retry_incident(session, incident_id, actor=Actor("ada"), now=NOW)
    retry_incident(session, incident_id, reason="mended", actor=Actor("own"), now=NOW)
    assert _state(session, case_id) == "active"
    with pytest.raises(IncidentAlreadyResolved):
        retry_incident(session, incident_id, actor=Actor("own"), now=NOW)
    with pytest.raises(IncidentNotFound):
        retry_incident(session, "none", actor=Actor("own"), now=NOW)


@pytest.mark.parametrize("expert", ["gone", "nobody-known"])
def test_user_task_for_nobody_is_an_incident_until_assigned(
    session: Session, dealership: Dealership, expert: str
) -> None:
    case = dealership.start(expert_id=expert)
    dealership.complete(case, "check", "ada", verdict="expert")
    assert _state(session, case.id) == "incident"
    assert session.scalars(select(Incident.kind)).all() == ["nobody_can_do"]
    with pytest.raises(NothingToTry, match="still nobody"):
        retry_incident(session, session.scalars(select(Incident.id)).one(), actor=Actor("own"), now=NOW)
    assign_user_task(session, dealership.user_task(case, "expert"), "cam", actor=Actor("own"), now=NOW)
    assert _state(session, case.id) == "active"
    dealership.complete(case, "expert", "cam")
    assert _state(session, case.id) == "completed"


def test_group_without_members_at_the_site_is_an_incident(session: Session, dealership: Dealership) -> None:
    """The outlet has a CR advisor but no customer service."""
    values = {"subject": "x", "customer_id": CUSTOMER}
    case = start_process(session, "inquiry", values, site_id="outlet", actor=SYSTEM, now=NOW)
    assert _state(session, case.id) == "active"
    correlate_message(session, "inquiry_sent", values, site_id="outlet", actor=SYSTEM, now=NOW)
    incident = session.scalars(select(Incident)).one()
    assert (incident.kind, incident.element_id) == ("nobody_can_do", "reply")
    assert json.loads(incident.params)["meant_for"] == "customer_service"


def test_person_named_by_the_diagram_has_the_user_task(session: Session, dealership: Dealership) -> None:
    case = dealership.start(expert_id="dan")
    dealership.complete(case, "check", "ada", verdict="expert")
    dealership.complete(case, "expert", "dan")
    assert _state(session, case.id) == "completed"


@pytest.mark.usefixtures("dealership")
def test_what_waits_for_each_other_is_not_tried_again(session: Session) -> None:
    diagram = (RESOURCES.parent / "parallel_join_never_complete.bpmn").read_bytes()
    deploy(session, {"p.bpmn": diagram}, name="stuck", reason="test", actor=SYSTEM, now=NOW)
    case = start_process(session, "p", {}, site_id="main", actor=SYSTEM, now=NOW)
    ask = session.scalars(select(UserTask.id).where(UserTask.instance_id == case.id)).one()
    moved = [CancelActivity(ask), StartBefore("join")]
    modify_case(session, case.id, moved, "past it", revision=None, actor=Actor("own"), now=NOW)
    incident = session.scalars(select(Incident).filter_by(instance_id=case.id, kind="false_completion")).one()
    with pytest.raises(NothingToTry):
        retry_incident(session, incident.id, actor=Actor("own"), now=NOW)
    assert (_state(session, case.id), incident.is_open) == ("incident", True)
    modify_case(session, case.id, [StartBefore("join")], "go on", revision=None, actor=Actor("own"), now=NOW)
    assert _state(session, case.id) == "completed"


def test_trying_again_what_belongs_to_no_case_is_recorded_too(session: Session, dealership: Dealership) -> None:
    incident = RaisedIncident(None, "nowhere", "job_failed", "It failed.", {})
    insert_incident_of_no_case(session, incident, site_id="main", job_id=None, now=NOW)
    (incident_id,) = session.scalars(select(Incident.id))
    retry_incident(session, incident_id, reason="the line is mended", actor=Actor("own"), now=NOW)
    told = read_events(session, CONFIGURATION_STREAM)[-1]
    assert (told.type, told.actor_id, told.reason) == ("incident_retried", "own", "the line is mended")
