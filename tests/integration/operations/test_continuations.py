"""Asynchronous continuations: what came before is committed, whatever happens behind them."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.models import Incident, Job, ProcessInstance
from app.operations.actor import SYSTEM
from app.operations.case_changes import VariableEdit, set_case_variables
from app.operations.cases import Case
from app.operations.deployments import deploy
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.process_instances import start_process
from app.worker import run_due
from tests.integration.operations.dealership import NOW, Dealership, later, resources
from tests.integration.operations.test_replay import difference

pytestmark = pytest.mark.usefixtures("every_case_replays")

Sessions = sessionmaker[Session]


def _case(session: Session, **variables: object) -> Case:
    deploy(session, resources("stepwise.bpmn"), name="stepwise", reason="test", actor=SYSTEM, now=NOW)
    case = start_process(session, "stepwise", variables, site_id="main", actor=SYSTEM, now=NOW)
    session.commit()
    return case


def _jobs(session: Session) -> list[tuple[str, str, int, str | None]]:
    session.rollback()
    rows = session.scalars(select(Job).where(Job.kind == "continuation").order_by(Job.id)).all()
    found = [(job.element_id or "", job.state, job.max_attempts, job.retry_delays) for job in rows]
    session.rollback()  # or the worker waits for this transaction
    return found


def test_jobs_carry_the_case_on(session: Session, sessions: Sessions, dealership: Dealership) -> None:
    case = _case(session, total=6, parts=3)
    dealership.complete(case, "ask", "ada")
    session.commit()
    assert _jobs(session) == [("ask", "pending", 5, None)]
    assert run_due(sessions, NOW) == 2
    assert _jobs(session)[1] == ("divide", "done", 3, json.dumps([60, 300]))
    assert session.get_one(ProcessInstance, case.id).state == "completed"
    went_on = [event for event in read_events(session, case_stream(case.id)) if event.type == "case_continued"]
    assert [event.element_id for event in went_on] == ["ask", "divide"]
    assert difference(session, case.id) is None


def test_what_fails_behind_one_leaves_what_came_before(
    session: Session, sessions: Sessions, dealership: Dealership
) -> None:
    case = _case(session, total=6)
    dealership.complete(case, "ask", "ada")
    session.commit()
    incidents = select(Incident).where(Incident.instance_id == case.id)
    for minutes in (0, 1, 6):  # as the diagram says, for what is missing may come meanwhile
        assert session.scalars(incidents).all() == []
        session.rollback()
        run_due(sessions, later(minutes=minutes))
    session.rollback()
    incident = session.scalars(incidents).one()
    assert (incident.element_id, incident.kind) == ("divide", "expression")
    done = [event.type for event in read_events(session, case_stream(case.id))]
    assert "user_task_completed" in done
    assert done.count("job_attempt_failed") == 3


def test_what_was_missing_comes_before_the_next_attempt(
    session: Session, sessions: Sessions, dealership: Dealership
) -> None:
    case = _case(session, total=6)
    dealership.complete(case, "ask", "ada")
    session.commit()
    run_due(sessions, NOW)
    edit = VariableEdit(case.id, {"parts": 3})
    set_case_variables(session, case.id, edit, "it is known", revision=None, actor=SYSTEM, now=NOW)
    session.commit()
    run_due(sessions, later(minutes=1))
    session.expire_all()
    assert session.get_one(ProcessInstance, case.id).state == "completed"
    assert session.scalars(select(Incident)).all() == []
