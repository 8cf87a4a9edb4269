"""R14: a hostile diagram is stopped with an incident; what a person typed is kept, and other cases go on."""

from __future__ import annotations

from time import thread_time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Incident, Notification, ProcessInstance, Variable
from app.models.queries_user_task import find_draft
from app.operations.actor import SYSTEM, Actor
from app.operations.cases import Case
from app.operations.deployments import deploy
from app.operations.failures import StepNotDone, record_failed_step
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.history_sealing import seal_history
from app.operations.incidents import retry_incident
from app.operations.process_instances import start_process
from app.operations.telling import tell_of_events
from app.operations.user_tasks import complete_user_task
from tests.integration.operations.dealership import NOW, Dealership, resources

SECONDS = 5.0


def _started(session: Session) -> Case:
    deploy(session, resources("hostile.bpmn"), name="hostile", reason="test", actor=SYSTEM, now=NOW)
    case = start_process(session, "hostile", {"kind": "none"}, site_id="main", actor=SYSTEM, now=NOW)
    session.commit()
    return case


def _complete(session: Session, user_task_id: str, kind: str) -> StepNotDone:
    """Complete as the web does: roll back, then record the failure with what was typed."""
    begin = thread_time()
    with pytest.raises(StepNotDone) as failed:
        complete_user_task(session, user_task_id, {"kind": kind}, revision=None, actor=Actor("ada"), now=NOW)
    session.rollback()
    record_failed_step(session, failed.value, draft={"kind": kind}, actor=Actor("ada"), now=NOW)
    session.commit()
    assert thread_time() - begin < SECONDS
    return failed.value


@pytest.mark.parametrize(
    ("kind", "elements"),
    [
        ("endless", {"spin", "again", "merge", "enough"}),
        ("self", {"hostile_self"}),
        ("crowd", {"crowd"}),
        ("swell", {"swell"}),
    ],
)
def test_a_hostile_step_never_happened_but_is_told(
    session: Session, dealership: Dealership, kind: str, elements: set[str]
) -> None:
    case, other = _started(session), dealership.start()
    user_task_id = dealership.claim(case, "choose", "ada")
    session.commit()
    _complete(session, user_task_id, kind)

    incident = session.scalars(select(Incident).where(Incident.instance_id == case.id)).one()
    assert (incident.kind, incident.is_open, incident.element_id in elements) == ("budget", True, True)
    assert session.get_one(ProcessInstance, case.id).state == "incident"
    assert set(dealership.open_user_tasks_of(case.id)) == {"choose"}, "the step was rolled back"
    values = session.scalars(select(Variable.value).where(Variable.instance_id == case.id, Variable.name == "kind"))
    assert values.all() == ['"none"'], "and so was what it had changed"
    draft = find_draft(session, user_task_id, "ada")
    assert draft is not None
    assert draft.content == {"kind": kind}
    assert read_events(session, case_stream(case.id))[-1].type == "incident_raised"
    while seal_history(session, NOW):
        pass
    while tell_of_events(session, NOW):
        pass
    told = session.execute(select(Notification.user_id, Notification.kind)).all()
    assert ("own", "incident") in told, "the process owner is told"
    session.commit()

    begin = thread_time()
    dealership.complete(other, "check", "bea", verdict="later")
    session.commit()
    assert thread_time() - begin < 1.0, "other cases go on"
    assert session.get_one(ProcessInstance, other.id).state == "active"


def test_the_owner_tries_again_and_the_person_answers_differently(session: Session, dealership: Dealership) -> None:
    case = _started(session)
    user_task_id = dealership.claim(case, "choose", "ada")
    session.commit()
    _complete(session, user_task_id, "self")
    incident_id = session.scalars(select(Incident.id)).one()
    retry_incident(session, incident_id, reason="another way", actor=Actor("own"), now=NOW)
    complete_user_task(session, user_task_id, {"kind": "none"}, revision=None, actor=Actor("ada"), now=NOW)
    assert session.get_one(ProcessInstance, case.id).state == "completed"
