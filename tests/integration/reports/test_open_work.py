"""Numbers of the dashboard: what is open, late and beyond its limit, and that their lists hold the same cases."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import CaseClock, Group, Membership, ProcessAccess, ProcessInstance, User, UserTask, UserTaskCandidate
from app.models.visibility import is_visible_to
from app.reports.open_work import (
    Desk,
    Wanted,
    clocks,
    listed,
    open_cases,
    user_tasks_by_group,
    user_tasks_by_person,
)
from tests.integration.reports.facts import THEN, Facts

NOW = datetime(2026, 10, 12, 2, tzinfo=UTC)
EARLIER, LATER = NOW - timedelta(days=1), NOW + timedelta(days=1)
DESK = Desk("chief", ("east", "west"), NOW)


def user_task(session: Session, number: int, case_id: str, due_at: datetime, assignee: str | None = None) -> None:
    case = session.get_one(ProcessInstance, case_id)
    session.add(
        UserTask(
            id=f"t{number}", instance_id=case_id, execution_id=case_id, site_id=case.site_id,
            definition_id=case.definition_id, process_key=case.process_key, case_number=case.case_number,
            title=case.title, element_id="Call", name="Call", state="open", assignee_id=assignee, due_at=due_at,
            due_sort=due_at, created_at=THEN,
        )
    )  # fmt: skip
    session.flush()
    session.add(
        UserTaskCandidate(
            user_task_id=f"t{number}", kind="group", candidate_id="cr_advisor", site_id=case.site_id,
            is_claimable=assignee is None, due_sort=due_at,
        )
    )  # fmt: skip


@pytest.fixture
def office(session: Session) -> Session:
    """Three open follow-ups in the east, one in the west, and a complaint that the chief may not read."""
    facts = Facts(session)
    session.add_all([Group(id=name, name_en=name, name_zh=name) for name in ("general_manager", "cr_advisor")])
    session.add(User(id="chief", display_name="金", created_at=THEN))
    session.flush()
    session.add_all(Membership(user_id="chief", group_id="general_manager", site_id=site) for site in ("east", "west"))
    session.add(ProcessAccess(process_key="follow_up", group_id="general_manager", can_start=False, can_read=True))
    for name in ("a", "b", "c"):
        facts.case(name)
    facts.case("d", site_id="west")
    facts.case("hidden", "complaint")
    session.get_one(ProcessInstance, "b").state = "incident"
    session.get_one(ProcessInstance, "c").state = "completed"
    user_task(session, 1, "a", EARLIER, "lin")
    user_task(session, 2, "b", LATER, "lin")
    user_task(session, 3, "d", EARLIER)
    user_task(session, 4, "hidden", EARLIER, "lin")
    facts.clock("a", "answer", "breached", EARLIER, process_key="follow_up")
    facts.clock("b", "answer", "running", EARLIER, process_key="follow_up")
    facts.clock("c", "answer", "breached", THEN, process_key="follow_up", stopped_at=EARLIER)
    facts.clock("hidden", "answer", "breached", EARLIER)
    session.get_one(CaseClock, ("b", "answer", 1)).warned_at = EARLIER
    session.flush()
    return session


def test_numbers_of_now(office: Session) -> None:
    assert {(one.site_id, one.key, one.open, one.late) for one in open_cases(office, DESK)} == {
        ("east", "follow_up", 2, 1), ("west", "follow_up", 1, 0),
    }  # fmt: skip
    assert {(one.site_id, one.key, one.open, one.late) for one in user_tasks_by_person(office, DESK)} == {
        ("east", "lin", 2, 1), ("west", "", 1, 1),
    }  # fmt: skip
    assert {(one.site_id, one.key, one.open, one.late) for one in user_tasks_by_group(office, DESK)} == {
        ("east", "cr_advisor", 2, 1), ("west", "cr_advisor", 1, 1),
    }  # fmt: skip
    (clock,) = clocks(office, DESK)
    assert (clock.clock_id, clock.running, clock.warned, clock.breached) == ("answer", 2, 1, 1)


@pytest.mark.parametrize(
    ("what", "wanted", "cases"),
    [
        ("open", Wanted(), "abd"), ("open", Wanted(process="complaint"), ""), ("incident", Wanted(), "b"),
        ("waiting", Wanted(person="lin"), "ab"), ("waiting", Wanted(person=""), "d"),
        ("late", Wanted(group="cr_advisor"), "ad"), ("late", Wanted(group="gm_office"), ""),
        ("clocks", Wanted(), "ab"), ("warned", Wanted(clock="answer"), "b"), ("breached", Wanted(), "a"),
        ("breached", Wanted(clock="general_manager_informed"), ""),
    ],
)  # fmt: skip
def test_a_number_opens_its_cases(office: Session, what: str, wanted: Wanted, cases: Sequence[str]) -> None:
    condition = listed(DESK, what, wanted)
    assert condition is not None
    found = office.scalars(select(ProcessInstance.id).where(is_visible_to("chief"), condition))
    assert sorted(found) == list(cases)


def test_there_is_no_other_list(office: Session) -> None:
    assert listed(DESK, "salaries", Wanted()) is None


def test_sites_are_separated(office: Session) -> None:
    west = Desk("chief", ("west",), NOW)
    assert [one.key for one in user_tasks_by_person(office, west)] == [""]
    assert clocks(office, west) == []
    assert open_cases(office, Desk("nobody", ("east", "west"), NOW)) == []
