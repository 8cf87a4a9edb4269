"""Cases that timers, signals and conditions start: of the newest version, at every site, each time exactly once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.errors import NotAllowed
from app.models import Job, ProcessDefinition, ProcessInstance, UserTask, Variable
from app.operations.actor import SYSTEM, Actor
from app.operations.deployments import deploy
from app.operations.encoding import value_of
from app.operations.process_instances import start_process
from app.operations.signals import throw_signal
from app.operations.sites import create_site
from app.operations.start_events import evaluate_conditions
from app.operations.suspension import resume_definition, suspend_definition
from app.worker import run_due
from tests.integration.operations.dealership import NOW, Dealership, later, resources

Sessions = sessionmaker[Session]
pytestmark = pytest.mark.usefixtures("every_case_replays")
STARTS = resources("starts.bpmn")
OWNER = Actor("own")


@pytest.fixture(autouse=True)
def _deployed(session: Session, dealership: Dealership) -> None:
    del dealership
    deploy(session, STARTS, name="starts", reason="r", actor=SYSTEM, now=NOW)
    session.commit()


def started(session: Session, process: str) -> Counter[str]:
    """How many cases at each site."""
    session.rollback()
    rows = session.scalars(select(ProcessInstance.site_id).where(ProcessInstance.process_key == process)).all()
    session.rollback()  # or the worker waits for this transaction
    return Counter(rows)


def scheduled(session: Session) -> dict[str, datetime]:
    """When the next case of `hourly` is started, by site."""
    rows = session.scalars(select(Job).where(Job.kind == "timer_start", Job.state == "pending")).all()
    found = {job.site_id or "": job.run_at for job in rows if job.element_id == "each_hour"}
    assert len(found) == len(rows)
    session.rollback()
    return found


def definition_id(session: Session, process: str) -> str:
    query = select(ProcessDefinition.id).where(ProcessDefinition.key == process)
    return session.scalars(query.order_by(ProcessDefinition.version.desc())).first() or ""


def test_a_cycle_starts_a_case_at_every_site_each_time(session: Session, sessions: Sessions) -> None:
    assert scheduled(session) == {"main": later(hours=1), "outlet": later(hours=1)}
    run_due(sessions, later(minutes=59))
    assert started(session, "hourly") == {}
    run_due(sessions, later(hours=1))
    run_due(sessions, later(hours=1))
    assert started(session, "hourly") == {"main": 1, "outlet": 1}
    assert scheduled(session) == {"main": later(hours=2), "outlet": later(hours=2)}
    run_due(sessions, later(hours=2, minutes=5))
    assert scheduled(session) == {"main": later(hours=3), "outlet": later(hours=3)}
    run_due(sessions, later(hours=9))
    assert (started(session, "hourly"), scheduled(session)) == ({"main": 3, "outlet": 3}, {})


def test_times_missed_while_nobody_worked_are_made_up_for_once(session: Session, sessions: Sessions) -> None:
    run_due(sessions, later(days=1))
    run_due(sessions, later(days=1))
    assert started(session, "hourly") == {"main": 3, "outlet": 3}


def test_two_workers_start_no_case_twice(session: Session, sessions: Sessions) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _number: run_due(sessions, later(hours=1)), range(4)))
    assert started(session, "hourly") == {"main": 1, "outlet": 1}


def test_a_date_that_is_over_starts_nothing(session: Session, sessions: Sessions) -> None:
    run_due(sessions, later(days=1))
    assert started(session, "over") == {}


def test_only_the_newest_version_is_started(session: Session, sessions: Sessions) -> None:
    changed = {"starts.bpmn": STARTS["starts.bpmn"].replace(b"R3/PT1H", b"R1/PT5H")}
    deploy(session, changed, name="starts", reason="r", actor=SYSTEM, now=later(minutes=30))
    session.commit()
    assert scheduled(session) == {"main": later(hours=5, minutes=30), "outlet": later(hours=5, minutes=30)}
    run_due(sessions, later(hours=4))
    assert started(session, "hourly") == {}
    run_due(sessions, later(hours=6))
    assert started(session, "hourly") == {"main": 1, "outlet": 1}
    assert scheduled(session) == {}


def test_a_suspended_version_starts_nothing_until_it_is_resumed(session: Session, sessions: Sessions) -> None:
    wanted = definition_id(session, "hourly")
    suspend_definition(session, wanted, "holiday", actor=OWNER, now=later(minutes=10))
    session.commit()
    assert scheduled(session) == {}
    run_due(sessions, later(hours=3))
    resume_definition(session, wanted, "back", actor=OWNER, now=later(hours=4))
    session.commit()
    assert started(session, "hourly") == {}
    assert scheduled(session) == {"main": later(hours=5), "outlet": later(hours=5)}


def test_a_new_site_has_timers_of_its_own(session: Session) -> None:
    create_site(session, "third", "Third", zone="Asia/Shanghai", is_outlet=True, actor=SYSTEM, now=later(minutes=20))
    session.commit()
    assert scheduled(session)["third"] == later(hours=1, minutes=20)


def test_a_signal_starts_a_case_with_its_payload(session: Session, sessions: Sessions) -> None:
    throw_signal(session, "alarm", {"note": "fire"}, site_id="outlet", actor=SYSTEM, now=NOW)
    session.commit()
    run_due(sessions, NOW)
    run_due(sessions, NOW)
    assert started(session, "alarmed") == {"outlet": 1}
    notes = session.scalars(select(Variable.value).where(Variable.name == "note")).all()
    assert [value_of(text) for text in notes] == ["fire"]


def test_a_signal_waits_for_a_suspended_process(session: Session, sessions: Sessions) -> None:
    wanted = definition_id(session, "alarmed")
    suspend_definition(session, wanted, "holiday", actor=OWNER, now=NOW)
    throw_signal(session, "alarm", {}, site_id="main", actor=SYSTEM, now=NOW)
    session.commit()
    run_due(sessions, later(hours=1))
    assert started(session, "alarmed") == {}
    resume_definition(session, wanted, "back", actor=OWNER, now=later(hours=2))
    session.commit()
    run_due(sessions, later(hours=3))
    assert started(session, "alarmed") == {"main": 1}


def test_conditions_that_variables_make_true_start_cases(session: Session) -> None:
    def starts(**variables: object) -> list[str]:
        found = evaluate_conditions(session, variables, site_id="main", actor=OWNER, now=NOW)
        return [case.process_key for case in found]

    assert starts(temperature=20) == []
    assert starts(humidity=90) == []
    assert starts(temperature=35) == ["heated"]
    with pytest.raises(NotAllowed):
        evaluate_conditions(session, {"temperature": 35}, site_id="main", actor=Actor("cam"), now=NOW)
    suspend_definition(session, definition_id(session, "heated"), "holiday", actor=OWNER, now=NOW)
    assert starts(temperature=35) == []


def test_a_start_event_keeps_who_started_the_case(session: Session, sessions: Sessions, dealership: Dealership) -> None:
    def variable(case_id: str, name: str) -> object:
        return value_of(session.scalars(select(Variable.value).filter_by(instance_id=case_id, name=name)).one())

    deploy(session, resources("initiator.bpmn"), name="initiator", reason="r", actor=SYSTEM, now=NOW)
    case = start_process(session, "initiator", {"begun_by": "eve"}, site_id="main", actor=Actor("bea"), now=NOW)
    assert variable(case.id, "begun_by") == "bea"
    user_task_id = dealership.user_task(case, "look")
    assert session.get_one(UserTask, user_task_id).assignee_id == "bea"
    throw_signal(session, "all", {}, site_id="main", actor=SYSTEM, now=NOW)
    session.commit()
    run_due(sessions, NOW)
    (heard,) = session.scalars(select(ProcessInstance.id).where(ProcessInstance.id != case.id))
    assert variable(heard, "called_by") is None
    assert session.scalars(select(Variable.name).filter_by(instance_id=heard)).all() == ["called_by"]
