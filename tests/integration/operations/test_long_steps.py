"""Steps that take long in the operations: a given-up attempt leaves nothing, the answer needs no lock."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import is_writing, reading
from app.models import Incident, ProcessInstance, Variable
from app.operations import long_steps
from app.operations.actor import SYSTEM, Actor
from app.operations.deployments import deploy
from app.operations.encoding import value_of
from app.operations.failures import StepNotDone
from app.operations.long_steps import Foreseen, Limits, Question, foreseen, with_foresight
from app.operations.process_instances import start_process
from app.operations.user_tasks import complete_user_task
from app.worker import run_due
from tests.integration.operations.dealership import NOW, Dealership, later, resources

pytestmark = pytest.mark.usefixtures("every_case_replays")


@pytest.fixture
def foresee(session: Session, monkeypatch: pytest.MonkeyPatch) -> Callable[[Question[Any]], Foreseen]:
    """What an edge does, on a machine where everything takes long."""
    monkeypatch.setattr(long_steps, "_HASTY_LIMITS", Limits(-1.0))

    def ahead(question: Question[Any]) -> Foreseen:
        session.rollback()
        with reading():
            known = foreseen(session, question)
        session.rollback()
        return known

    return ahead


def test_a_completion_and_a_start_are_computed_ahead(
    session: Session, dealership: Dealership, foresee: Callable[[Question[Any]], Foreseen]
) -> None:
    deploy(session, resources("hostile.bpmn"), name="hostile", reason="r", actor=SYSTEM, now=NOW)
    session.commit()
    case = with_foresight(
        lambda: start_process(session, "hostile", {"kind": "none"}, site_id="main", actor=SYSTEM, now=NOW), foresee
    )
    user_task_id = dealership.claim(case, "choose", "ada")
    session.commit()

    def complete(kind: object) -> None:
        inputs = {"kind": kind}
        complete_user_task(session, user_task_id, inputs, revision=None, actor=Actor("ada"), now=NOW)

    with pytest.raises(StepNotDone) as failed:
        with_foresight(lambda: complete("swell"), foresee)
    session.rollback()
    assert (failed.value.incident.kind, failed.value.activity_id) == ("budget", user_task_id)
    assert session.query(Incident).count() == 0
    assert dealership.open_user_tasks_of(case.id) == {"choose": user_task_id}
    with_foresight(lambda: complete("none"), foresee)
    session.commit()
    assert session.get_one(ProcessInstance, case.id).state == "completed"


@pytest.mark.usefixtures("foresee", "dealership")
def test_a_job_computes_its_step_without_the_lock(
    session: Session, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(session, resources("hasty.bpmn"), name="hasty", reason="r", actor=SYSTEM, now=NOW)
    case = start_process(session, "hasty", {"rounds": 0}, site_id="main", actor=Actor("ada"), now=NOW)
    session.commit()
    lockless: list[bool] = []

    def noted(reader: Session, question: Question[Any]) -> Foreseen:
        lockless.append(not is_writing())
        return foreseen(reader, question)

    monkeypatch.setattr("app.worker.bench.foreseen", noted)
    run_due(sessions, later(seconds=0))
    session.rollback()
    value = session.scalars(select(Variable.value).filter_by(instance_id=case.id, name="rounds")).one()
    assert value_of(value) == 1
    assert lockless
    assert all(lockless)
