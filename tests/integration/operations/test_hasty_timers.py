"""What goes on by itself leaves room for others; errors that outside programs report are played again."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app import engine
from app.models import Job, UserTask, Variable
from app.operations.actor import SYSTEM, Actor
from app.operations.cases import lock_case
from app.operations.cause import Cause
from app.operations.deployments import deploy
from app.operations.encoding import value_of
from app.operations.process_instances import start_process
from app.operations.steps import EngineCall, take_step
from app.worker import run_due
from tests.integration.operations.dealership import NOW, Dealership, later, resources

pytestmark = pytest.mark.usefixtures("every_case_replays")


@pytest.fixture(autouse=True)
def _deployed(session: Session, dealership: Dealership) -> None:
    del dealership
    deploy(session, resources("hasty.bpmn"), name="hasty", reason="r", actor=SYSTEM, now=NOW)
    session.commit()


def test_a_loop_of_timers_that_are_due_at_once_goes_round_once_a_second(
    session: Session, sessions: sessionmaker[Session]
) -> None:
    def rounds() -> object:
        session.rollback()
        return value_of(session.scalars(select(Variable.value).filter_by(instance_id=case.id, name="rounds")).one())

    case = start_process(session, "hasty", {"rounds": 0}, site_id="main", actor=Actor("ada"), now=NOW)
    session.commit()
    for second in range(4):
        session.rollback()
        run_due(sessions, later(seconds=second))  # ends: nothing is due any more
        assert rounds() == second + 1


@pytest.mark.parametrize("kind", ["job_failure_reported", "bpmn_error_reported"])
def test_what_an_outside_program_reports_is_caught(session: Session, kind: str) -> None:
    case = start_process(session, "outside", {}, site_id="main", actor=Actor("ada"), now=NOW)
    activity_id = session.scalars(select(Job.activity_id).where(Job.instance_id == case.id)).one() or ""

    def report_failure(
        process: engine.ParsedProcess, state: bytes, context: engine.StepContext
    ) -> engine.Outcome:
        outcome = engine.report_failure(process, state, activity_id, "it is broken", None, context)
        assert outcome is not None
        return outcome

    def fail_job(process: engine.ParsedProcess, state: bytes, context: engine.StepContext) -> engine.Outcome:
        return engine.fail_job(process, state, activity_id, "broken", "it is broken", context)

    calls: dict[str, tuple[EngineCall, dict[str, object]]] = {
        "job_failure_reported": (report_failure, {"message": "it is broken", "details": None}),
        "bpmn_error_reported": (fail_job, {"code": "broken", "message": "it is broken"}),
    }
    call, facts = calls[kind]
    cause = Cause(kind, "job", activity_id, facts=facts)  # type: ignore[arg-type]
    take_step(session, lock_case(session, case.id), call, cause=cause, actor=SYSTEM, now=NOW)
    session.commit()
    assert session.scalars(select(UserTask.element_id)).all() == ["repair"]
    said = session.scalars(select(Variable.value).filter_by(instance_id=case.id, name="said")).one()
    assert value_of(said) == "it is broken"
