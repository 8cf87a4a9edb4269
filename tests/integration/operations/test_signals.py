"""Signals across cases: everybody at the site who waits hears them, each exactly once."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.errors import NotAllowed
from app.models import Job, ProcessInstance, Variable
from app.operations.actor import SYSTEM, Actor
from app.operations.cases import Case
from app.operations.deployments import deploy
from app.operations.encoding import value_of
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.process_instances import cancel_instance, start_process
from app.operations.signals import throw_signal
from app.operations.suspension import resume_case, suspend_case
from app.worker import run_due
from tests.integration.operations.dealership import NOW, Dealership, later, resources

pytestmark = pytest.mark.usefixtures("every_case_replays")


@pytest.fixture
def deployed(session: Session, dealership: Dealership) -> Dealership:
    deploy(session, resources("signals.bpmn"), name="signals", reason="r", actor=SYSTEM, now=NOW)
    session.commit()
    return dealership


def start(session: Session, process: str, site: str = "main") -> Case:
    case = start_process(session, process, {"note": None}, site_id=site, actor=SYSTEM, now=NOW)
    session.commit()
    return case


def ring(session: Session, dealership: Dealership, **values: object) -> Case:
    case = start(session, "ringer")
    dealership.complete(case, "ask", "cam", **values)
    session.commit()
    return case


def open_in(dealership: Dealership, case: Case) -> set[str]:
    dealership.session.rollback()
    found = set(dealership.open_user_tasks_of(case.id))
    dealership.session.rollback()  # or the worker waits for this transaction
    return found


def test_everybody_at_the_site_who_waits_hears_it(
    session: Session, sessions: sessionmaker[Session], deployed: Dealership
) -> None:
    waiting = [start(session, "hearer") for _ in range(3)]
    elsewhere = start(session, "hearer", "outlet")
    ended = start(session, "hearer")
    cancel_instance(session, ended.id, "a mistake", actor=Actor("own"), now=NOW)
    session.commit()
    ringer = ring(session, deployed, note="fire")
    too_late = start(session, "hearer")
    assert run_due(sessions, later(minutes=1)) == 3
    assert [open_in(deployed, case) for case in waiting] == [{"leave"}] * 3
    assert [open_in(deployed, case) for case in (elsewhere, too_late)] == [{"work"}] * 2
    assert open_in(deployed, ringer) == {"after"}
    statement = select(Variable.value).where(Variable.instance_id == waiting[0].id, Variable.name == "note")
    assert [value_of(text) for text in session.scalars(statement)] == ["fire"]
    (event,) = [e for e in read_events(session, case_stream(waiting[0].id)) if e.type == "signal_received"]
    assert (event.element_id, event.body["name"], event.body["sender_id"]) == ("heard", "alarm", ringer.id)


def test_whoever_waits_no_longer_does_not_hear_it(
    session: Session, sessions: sessionmaker[Session], deployed: Dealership
) -> None:
    case = start(session, "hearer")
    ring(session, deployed)
    deployed.complete(case, "work", "cam")
    session.commit()
    assert run_due(sessions, later(minutes=1)) == 0  # the job went with what waited
    session.rollback()
    assert session.get_one(ProcessInstance, case.id).end_event_id == "hearer_end"


def test_a_suspended_case_hears_it_once_it_is_resumed(
    session: Session, sessions: sessionmaker[Session], deployed: Dealership
) -> None:
    case = start(session, "hearer")
    suspend_case(session, case.id, "holiday", actor=Actor("own"), now=NOW)
    ring(session, deployed)
    run_due(sessions, later(minutes=1))
    assert open_in(deployed, case) == {"work"}
    resume_case(session, case.id, "back", actor=Actor("own"), now=later(days=1))
    session.commit()
    run_due(sessions, later(days=1))
    assert open_in(deployed, case) == {"leave"}


def test_from_outside(session: Session, sessions: sessionmaker[Session], deployed: Dealership) -> None:
    case = start(session, "hearer")
    with pytest.raises(NotAllowed):
        throw_signal(session, "alarm", {}, site_id="main", actor=Actor("cam"), now=NOW)
    assert throw_signal(session, "alarm", {"note": "outside"}, site_id="main", actor=Actor("own"), now=NOW) == 1
    assert throw_signal(session, "silence", {}, site_id="main", actor=Actor("own"), now=NOW) == 0
    session.commit()
    run_due(sessions, later(minutes=1))
    assert open_in(deployed, case) == {"leave"}


def test_a_throw_that_is_rolled_back_is_heard_by_nobody(
    session: Session, sessions: sessionmaker[Session], deployed: Dealership
) -> None:
    case, ringer = start(session, "hearer"), start(session, "ringer")
    deployed.complete(ringer, "ask", "cam")
    session.rollback()
    assert run_due(sessions, later(minutes=1)) == 0
    assert session.scalars(select(Job.id).where(Job.kind == "signal")).all() == []
    assert open_in(deployed, case) == {"work"}
