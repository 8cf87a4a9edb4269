"""Rounds of clocks as rows: measured, warned of, breached, paused by those who may, and played again."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotAllowed
from app.models import CaseClock, CaseClockPause, Job, Membership, Notification, UserTask, UserTaskCandidate
from app.operations.actor import SYSTEM, Actor
from app.operations.case_clocks import ClockNotPausable, pause_case_clock, resume_case_clock
from app.operations.case_content_erasure import erase_case_content
from app.operations.cases import Case
from app.operations.clocks_watched import has_clocks_to_watch, watch_clocks
from app.operations.deployments import deploy
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.process_instances import cancel_instance, start_process
from tests.integration.operations.dealership import Dealership
from tests.unit.engine.case import RESOURCES

pytestmark = pytest.mark.usefixtures("every_case_replays")
VALUES = {"is_given_up": False, "is_reopened": False}


def at(text: str) -> datetime:
    """A moment of March 2026 on the wall clock in Shanghai, as `03 09:00`: the 2nd is a Monday."""
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


@pytest.fixture
def case(session: Session, dealership: Dealership) -> Case:
    """Begun on Monday at 9:00: due on Tuesday at 9:00, warned of two working hours before."""
    session.add(Membership(user_id="two", group_id="general_manager", site_id="main"))
    bundle = {"clock.bpmn": (RESOURCES / "clock.bpmn").read_bytes()}
    deploy(session, bundle, name="clock", reason="for the tests", actor=SYSTEM, now=at("01 09:00"))
    begun = start_process(session, "clock", VALUES, site_id="main", actor=SYSTEM, now=at("02 09:00"))
    session.commit()
    return begun


def rounds(session: Session, case: Case) -> list[CaseClock]:
    session.expire_all()
    return list(session.scalars(select(CaseClock).where(CaseClock.instance_id == case.id).order_by(CaseClock.number)))


def told(session: Session, kind: str) -> list[tuple[str, bool]]:
    rows = session.scalars(select(Notification).where(Notification.kind == kind).order_by(Notification.user_id))
    return [(row.user_id, row.user_task_id is not None) for row in rows]


def watch(session: Session, when: str) -> None:
    while watch_clocks(session, at(when)):
        pass


def test_two_rounds_one_met_and_one_late(session: Session, dealership: Dealership, case: Case) -> None:
    dealership.complete(case, "work", "ada", at("02 10:00"))
    dealership.complete(case, "reply", "ada", at("02 14:00"))
    dealership.complete(case, "hear", "ada", at("03 10:00"), is_reopened=True)
    dealership.complete(case, "work", "ada", at("03 11:00"))
    dealership.complete(case, "reply", "ada", at("04 11:00"))  # nobody has looked meanwhile: late it is nevertheless
    first, second = rounds(session, case)
    assert (first.state, first.used_minutes, first.limit_minutes, first.breached_at) == ("met", 210, 480, None)
    assert (second.number, second.state, second.used_minutes) == (2, "breached", 480 + 60)
    assert second.breached_at == second.due_at == at("04 10:00")


def test_it_warns_and_escalates_each_once(session: Session, case: Case) -> None:
    assert not has_clocks_to_watch(session, at("02 16:29"))
    watch(session, "02 16:30")
    assert told(session, "clock_warning") == [(who, True) for who in ("ada", "bea", "dual", "two")]
    assert not has_clocks_to_watch(session, at("03 09:00"))
    watch(session, "03 09:01")
    watch(session, "03 12:00")
    assert told(session, "clock_breached") == [("two", False)]
    (found,) = rounds(session, case)
    assert (found.state, found.breached_at, found.stopped_at) == ("breached", at("03 09:00"), None)
    with pytest.raises(ClockNotPausable):
        pause_case_clock(session, case.id, "answer", 1, "too late", actor=Actor("dan"), now=at("03 12:00"))


def test_while_paused_nothing_is_due_and_afterwards_all_is_later(
    session: Session, dealership: Dealership, case: Case
) -> None:
    pause_case_clock(session, case.id, "answer", 1, "waits for a part", actor=Actor("dan"), now=at("02 17:00"))
    user_task = session.get_one(UserTask, dealership.user_task(case, "work"))
    timers = select(Job.run_at).where(Job.instance_id == case.id, Job.kind == "timer", Job.state == "pending")
    assert (user_task.due_at, session.scalars(timers).all()) == (None, [])
    assert not has_clocks_to_watch(session, at("04 09:00"))
    resume_case_clock(session, case.id, "answer", 1, actor=Actor("own"), now=at("03 10:00"))
    session.expire_all()
    due = at("03 11:30")  # an hour of Monday and one and a half of Tuesday later
    (found,) = rounds(session, case)
    candidate = session.scalars(select(UserTaskCandidate).where(UserTaskCandidate.user_task_id == user_task.id)).one()
    assert [found.due_at, user_task.due_at, candidate.due_sort, *session.scalars(timers)] == [due] * 4
    pause = session.scalars(select(CaseClockPause)).one()
    assert (pause.reason, pause.paused_by, pause.resumed_by) == ("waits for a part", "dan", "own")
    assert (pause.paused_at, pause.resumed_at) == (at("02 17:00"), at("03 10:00"))


def test_stopped_in_a_pause_it_is_met(session: Session, dealership: Dealership, case: Case) -> None:
    pause_case_clock(session, case.id, "answer", 1, "waits for a part", actor=Actor("dan"), now=at("02 10:00"))
    dealership.complete(case, "work", "ada", at("05 09:00"))
    dealership.complete(case, "reply", "ada", at("06 09:00"))
    (found,) = rounds(session, case)
    assert (found.state, found.used_minutes, found.paused_since) == ("met", 60, None)
    assert session.scalars(select(CaseClockPause.resumed_at)).one() == at("06 09:00")


def test_who_may_pause_and_only_with_a_reason(session: Session, case: Case) -> None:
    for person in ("ada", "eve", "far"):  # an advisor, an auditor, somebody of another site
        with pytest.raises(NotAllowed):
            pause_case_clock(session, case.id, "answer", 1, "because", actor=Actor(person), now=at("02 10:00"))
    with pytest.raises(InvalidInput):
        pause_case_clock(session, case.id, "answer", 1, " ", actor=Actor("dan"), now=at("02 10:00"))


def test_what_was_written_of_a_pause_goes_with_its_person(session: Session, case: Case) -> None:
    pause_case_clock(session, case.id, "answer", 1, "his wife is ill", actor=Actor("dan"), now=at("02 10:00"))
    paused = next(event for event in read_events(session, case_stream(case.id)) if event.type == "clock_paused")
    assert (paused.reason, paused.personal) == (None, {"remark": "his wife is ill"})
    erase_case_content(session, [case.id], now=at("05 09:00"))
    assert session.scalars(select(CaseClockPause.reason)).one() == ""


def test_a_cancelled_case_withdraws_it(session: Session, case: Case) -> None:
    pause_case_clock(session, case.id, "answer", 1, "waits", actor=Actor("dan"), now=at("02 10:00"))
    cancel_instance(session, case.id, "a mistake", actor=Actor("own"), now=at("05 09:00"))
    (found,) = rounds(session, case)
    assert (found.state, found.stopped_at, found.used_minutes) == ("withdrawn", at("05 09:00"), None)
