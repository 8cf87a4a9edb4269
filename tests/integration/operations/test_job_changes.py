"""The time of a timer computed again: from its expression, with the values the case has by now."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Job
from app.operations.actor import SYSTEM
from app.operations.case_changes import VariableEdit, set_case_variables
from app.operations.cases import Case
from app.operations.deployments import deploy
from app.operations.job_changes import JobNotFound, NoTimer, change_due_date, recalculate_due_date
from app.operations.process_instances import start_process
from app.operations.steps import TimerWithoutTime
from tests.integration.operations.dealership import NOW, RESOURCES, Dealership, later

HOUR = timedelta(hours=1)


@pytest.fixture
def case(session: Session, dealership: Dealership) -> Case:
    """It waits for an hour after its variable `due`."""
    file = {"timer_in_feel.bpmn": (RESOURCES.parent / "timer_in_feel.bpmn").read_bytes()}
    deploy(session, file, name="n", reason="r", actor=SYSTEM, now=NOW)
    return start_process(session, "p", {"due": NOW}, site_id="main", actor=SYSTEM, now=NOW)


def _job(session: Session, case: Case) -> Job:
    session.expire_all()
    return session.scalars(select(Job).where(Job.instance_id == case.id)).one()


def _set(session: Session, case: Case, value: object) -> None:
    edit = VariableEdit(case.id, {"due": value})
    set_case_variables(session, case.id, edit, "r", revision=None, actor=SYSTEM, now=NOW)


def test_a_timer_is_due_as_its_expression_says_now(session: Session, case: Case) -> None:
    job_id = _job(session, case).id
    _set(session, case, later(days=2))
    assert _job(session, case).run_at == NOW + HOUR  # what it waits for was computed when it began to wait
    recalculate_due_date(session, job_id, is_from_creation=True, actor=SYSTEM, now=later(hours=3))
    assert (_job(session, case).id, _job(session, case).run_at) == (job_id, later(days=2) + HOUR)
    _set(session, case, "soon")
    with pytest.raises(TimerWithoutTime, match="no time"):
        recalculate_due_date(session, job_id, is_from_creation=True, actor=SYSTEM, now=NOW)


def test_a_duration_is_counted_from_when_the_timer_was_made_or_from_now(
    session: Session, dealership: Dealership
) -> None:
    case = dealership.start()
    job = _job(session, case)
    change_due_date(session, job.id, later(days=9), actor=SYSTEM, now=NOW)
    for is_from_creation, due in ((True, NOW + HOUR), (False, later(hours=3) + HOUR)):
        recalculate_due_date(session, job.id, is_from_creation=is_from_creation, actor=SYSTEM, now=later(hours=3))
        assert _job(session, case).run_at == due
    job.kind = "continuation"
    with pytest.raises(NoTimer):
        recalculate_due_date(session, job.id, is_from_creation=True, actor=SYSTEM, now=NOW)
    with pytest.raises(JobNotFound):
        recalculate_due_date(session, "none", is_from_creation=True, actor=SYSTEM, now=NOW)
