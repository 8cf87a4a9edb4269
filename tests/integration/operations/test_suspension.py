import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.errors import InvalidInput, NotAllowed
from app.models import Job, Message, ProcessDefinition, ProcessInstance, UserTask
from app.operations.actor import SYSTEM, Actor
from app.operations.cases import Case
from app.operations.deployments import deploy
from app.operations.history import CONFIGURATION_STREAM, case_stream
from app.operations.history_reading import read_events
from app.operations.job_leases import claim_due_jobs
from app.operations.messages import correlate_message
from app.operations.process_instances import ProcessSuspended, cancel_instance, start_process
from app.operations.steps import CaseEnded, CaseSuspended
from app.operations.suspension import (
    NothingToChange,
    resume_case,
    resume_definition,
    suspend_case,
    suspend_definition,
)
from app.worker import run_due
from tests.integration.operations.dealership import CUSTOMER, NOW, Dealership, later, resources
from tests.integration.webhook_receiver import shop_at, webhook_receiver

OWNER = Actor("own")


def _suspend(session: Session, case: Case) -> None:
    suspend_case(session, case.id, "the customer is away", actor=OWNER, now=NOW)
    session.commit()


def _states(session: Session, case: Case, kind: str) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(Job.state).where(Job.instance_id == case.id, Job.kind == kind)))


def test_user_tasks_stay_but_cannot_be_completed(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    _suspend(session, case)
    dealership.claim(case, "check", "ada")
    with pytest.raises(CaseSuspended):
        dealership.complete(case, "check", "ada", verdict="later")
    session.rollback()
    assert session.scalars(select(UserTask.state)).all() == ["open"]
    resume_case(session, case.id, "the customer is back", actor=OWNER, now=later(days=1))
    dealership.complete(case, "check", "ada", verdict="later")
    assert list(dealership.open_user_tasks_of(case.id)) == ["later"]


def test_timers_wait_and_happen_after_resuming(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership
) -> None:
    case = dealership.start()
    _suspend(session, case)
    assert _states(session, case, "timer") == ["suspended"]
    session.rollback()
    assert run_due(sessions, later(hours=5)) == 0
    resume_case(session, case.id, "go on", actor=OWNER, now=later(hours=5))
    session.commit()
    assert run_due(sessions, later(hours=5)) == 1
    assert sorted(dealership.open_user_tasks_of(case.id)) == ["check", "remind"]


def test_a_timer_already_in_hand_is_laid_aside(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership
) -> None:
    case = dealership.start()
    session.commit()
    (job,) = claim_due_jobs(session, ["timer"], now=later(hours=2))
    _suspend(session, case)
    assert _states(session, case, "timer") == ["leased"]
    session.rollback()
    run_due(sessions, later(hours=2, minutes=5))
    assert (_states(session, case, "timer"), job.kind) == (["suspended"], "timer")
    resume_case(session, case.id, "go on", actor=OWNER, now=later(hours=3))
    session.commit()
    run_due(sessions, later(hours=3))
    assert sorted(dealership.open_user_tasks_of(case.id)) == ["check", "remind"]


def test_a_connector_is_called_once_though_suspended_meanwhile(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership
) -> None:
    deploy(session, resources("notify.bpmn"), name="n", reason="r", actor=SYSTEM, now=NOW)
    values = {"day": "2026-03-02", "count": 3}
    case = start_process(session, "notify", values, site_id="main", actor=SYSTEM, now=NOW)
    session.commit()

    def suspend_meanwhile() -> None:
        with writing(1), sessions() as other:
            _suspend(other, case)

    with webhook_receiver() as shop:
        shop.meanwhile = suspend_meanwhile
        surroundings = shop_at(shop)
        run_due(sessions, NOW, surroundings=surroundings)
        assert _states(session, case, "connector") == ["suspended"]
        session.rollback()
        resume_case(session, case.id, "go on", actor=OWNER, now=NOW)
        session.commit()
        run_due(sessions, NOW, surroundings=surroundings)
        assert len(shop.received) == 1
    session.expire_all()
    assert session.get_one(ProcessInstance, case.id).state == "completed"


def test_messages_wait_and_do_not_expire(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership
) -> None:
    case = start_process(session, "listener", {"order": "7"}, site_id="main", actor=SYSTEM, now=NOW)
    start_process(session, "teller", {"order": "7", "word": "run"}, site_id="main", actor=SYSTEM, now=NOW)
    _suspend(session, case)
    for days in (0, 40):
        run_due(sessions, later(days=days))
    assert session.scalars(select(Message.state)).all() == ["waiting"]
    session.rollback()
    with pytest.raises(CaseSuspended):
        correlate_message(session, "go", {}, site_id="main", correlation_key="7", actor=SYSTEM, now=NOW)
    session.rollback()
    resume_case(session, case.id, "go on", actor=OWNER, now=later(days=40))
    session.commit()
    run_due(sessions, later(days=40))
    session.expire_all()
    assert session.scalars(select(Message.state)).all() == ["delivered"]
    assert list(dealership.open_user_tasks_of(case.id)) == ["after"]


def test_both_are_in_the_history_with_the_reason(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    _suspend(session, case)
    resume_case(session, case.id, " go on ", actor=OWNER, now=NOW)
    told = [(event.type, event.actor_id, event.reason) for event in read_events(session, case_stream(case.id))[-2:]]
    assert told == [("case_suspended", "own", "the customer is away"), ("case_resumed", "own", "go on")]


def test_who_may_and_when_not(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    session.commit()
    for person in ("ada", "eve"):
        with pytest.raises(NotAllowed):
            suspend_case(session, case.id, "why", actor=Actor(person), now=NOW)
    with pytest.raises(InvalidInput):
        suspend_case(session, case.id, "  ", actor=OWNER, now=NOW)
    with pytest.raises(InvalidInput):
        suspend_case(session, case.id, "x" * 2001, actor=OWNER, now=NOW)
    with pytest.raises(NothingToChange):
        resume_case(session, case.id, "why", actor=OWNER, now=NOW)
    _suspend(session, case)
    with pytest.raises(NothingToChange):
        suspend_case(session, case.id, "why", actor=OWNER, now=NOW)
    session.rollback()
    cancel_instance(session, case.id, "a mistake", actor=OWNER, now=NOW)
    with pytest.raises(CaseEnded):
        resume_case(session, case.id, "why", actor=OWNER, now=NOW)
    assert _states(session, case, "timer") == ["cancelled"]


def test_a_suspended_definition_takes_no_new_cases(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership
) -> None:
    case = dealership.start()
    ids = dict(session.execute(select(ProcessDefinition.key, ProcessDefinition.id)).all())
    for key in ("inquiry", "answer"):
        suspend_definition(session, ids[key], "being mended", actor=OWNER, now=NOW)
    with pytest.raises(NothingToChange):
        suspend_definition(session, ids["inquiry"], "again", actor=OWNER, now=NOW)
    with pytest.raises(ProcessSuspended):
        dealership.start()
    dealership.complete(case, "check", "ada", verdict="send", note="a word")  # running cases go on
    session.commit()
    run_due(sessions, later(days=31))
    assert session.scalars(select(Message.state)).all() == ["waiting"]
    session.rollback()
    resume_definition(session, ids["answer"], "mended", actor=OWNER, now=later(days=31))
    session.commit()
    run_due(sessions, later(days=31, minutes=10))
    session.expire_all()
    assert session.scalars(select(Message.state)).all() == ["delivered"]
    told = [event.type for event in read_events(session, CONFIGURATION_STREAM)]
    assert told[-3:] == ["definition_suspended", "definition_suspended", "definition_resumed"]
    with pytest.raises(NotAllowed):
        suspend_definition(session, ids["answer"], "why", actor=Actor("ada"), now=NOW)


def test_values_of_a_customer_are_not_needed_to_suspend(session: Session, dealership: Dealership) -> None:
    case = start_process(
        session, "inquiry", {"subject": "x", "customer_id": CUSTOMER}, site_id="outlet", actor=SYSTEM, now=NOW
    )
    with pytest.raises(NotAllowed):  # an owner of another site
        suspend_case(session, case.id, "why", actor=OWNER, now=NOW)
