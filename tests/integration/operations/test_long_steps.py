"""Steps in haste are given up, and can be tried without a lock."""

import pytest
from sqlalchemy.orm import Session

from app.database import reading
from app.models import Incident
from app.operations.actor import SYSTEM, Actor
from app.operations.deployments import deploy
from app.operations.failures import StepNotDone
from app.operations.haste import StepTakesLong, in_haste
from app.operations.process_instances import start_process
from app.operations.user_tasks import complete_user_task, rehearse_completion
from tests.integration.operations.dealership import NOW, Dealership, resources


def test_a_step_in_haste_is_given_up_without_an_incident(session: Session, dealership: Dealership) -> None:
    deploy(session, resources("hostile.bpmn"), name="hostile", reason="r", actor=SYSTEM, now=NOW)
    case = start_process(session, "hostile", {"kind": "none"}, site_id="main", actor=SYSTEM, now=NOW)
    user_task_id = dealership.claim(case, "choose", "ada")
    session.commit()
    with in_haste(), pytest.raises(StepTakesLong):
        complete_user_task(session, user_task_id, {"kind": "endless"}, revision=None, actor=Actor("ada"), now=NOW)
    session.rollback()
    with reading():
        rehearse_completion(session, user_task_id, case.id, {"kind": "none"}, now=NOW)
        with pytest.raises(StepNotDone) as failed:
            rehearse_completion(session, user_task_id, case.id, {"kind": "endless"}, now=NOW)
        assert (failed.value.incident.kind, failed.value.activity_id) == ("budget", user_task_id)
        assert session.query(Incident).count() == 0
        session.rollback()
    assert dealership.open_user_tasks_of(case.id) == {"choose": user_task_id}
