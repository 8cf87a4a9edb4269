"""A wrongly recorded call is corrected by a new entry: by the caller on the same day, by managers later."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.errors import InvalidInput, NotAllowed, NotFound
from app.models import (
    Customer,
    FollowUpAnswer,
    FollowUpResult,
    Membership,
    Message,
    Notification,
    ProcessInstance,
    User,
)
from app.operations.actor import Actor
from app.operations.authority import AuditorsChangeNothing
from app.operations.corrected_complaints import CustomersWords
from app.operations.customers import consent_state
from app.operations.encoding import decode_values
from app.operations.follow_up_corrections import CorrectedRecord, correct_follow_up
from app.operations.follow_up_results import FollowUpOutcome, close_follow_up
from app.operations.follow_up_starts import start_follow_up
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.worker import run_due
from tests.integration.imports.test_customers_and_plan import NOW, customer, planned

__all__ = ["customer"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CALLER, COLLEAGUE, MANAGER, AUDITOR = Actor("caller"), Actor("colleague"), Actor("manager"), Actor("auditor")
GROUPS = {"caller": "cr_advisor", "colleague": "cr_advisor", "manager": "service_manager", "auditor": "auditor"}
GROUPS |= {"gm": "general_manager", "coordinator": "customer_service_manager"}
RIGHT = CorrectedRecord("reached", "owner", "dissatisfied", "none", "quality", {"reception": "yes", "quality": "no"})


@pytest.fixture
def called(session: Session, customer: Customer) -> str:
    """A closed follow-up: reached, satisfied, all well."""
    for user_id, group in GROUPS.items():
        session.add(User(id=user_id, display_name=user_id, created_at=NOW, home_site_id="main"))
        session.flush()
        session.add(Membership(user_id=user_id, group_id=group, site_id="main"))
    follow_up = planned(session)
    case = start_follow_up(session, follow_up.id, now=NOW)
    assert case is not None
    outcome = FollowUpOutcome(
        "reached", 1, "caller", "owner", "satisfied", "none", questionnaire_version_id="repair_3dc_1",
        answers={"reception": "yes", "quality": "yes", "on_time": "yes"},
    )  # fmt: skip
    close_follow_up(session, follow_up.id, outcome, now=NOW)
    return case.id


def correct(session: Session, case_id: str, record: CorrectedRecord, actor: Actor, days: int = 0) -> None:
    now = NOW + timedelta(days=days, hours=1)
    correct_follow_up(session, case_id, record, reason="misheard", actor=actor, now=now)


def test_old_and_new_stay_in_the_history_and_the_result_is_counted_anew(session: Session, called: str) -> None:
    correct(session, called, RIGHT, CALLER)
    row = session.scalars(select(FollowUpResult)).one()
    assert (row.satisfaction, row.problem_kind, row.corrected_at) == (1, "quality", NOW + timedelta(hours=1))
    answers = session.scalars(select(FollowUpAnswer).order_by(FollowUpAnswer.question_id))
    assert [(one.question_id, one.is_good) for one in answers] == [("quality", False), ("reception", True)]
    event = read_events(session, case_stream(called))[-1]
    assert (event.type, event.actor_id, event.reason) == ("follow_up_corrected", "caller", "misheard")
    assert event.body["changes"] == {
        "satisfaction": {"old": "satisfied", "new": "dissatisfied"},
        "problem_kind": {"old": None, "new": "quality"},
        "quality": {"old": "yes", "new": "no"},
        "on_time": {"old": "yes", "new": None},
    }
    with pytest.raises(InvalidInput):
        correct(session, called, RIGHT, CALLER)  # nothing changed


def test_the_caller_the_same_day_and_managers_later(session: Session, called: str) -> None:
    for actor, days, refusal in (
        (CALLER, 1, NotAllowed), (COLLEAGUE, 0, NotAllowed), (AUDITOR, 0, AuditorsChangeNothing),
    ):  # fmt: skip
        with pytest.raises(refusal):
            correct(session, called, RIGHT, actor, days)
    assert session.scalars(select(FollowUpResult)).one().corrected_at is None
    correct(session, called, RIGHT, MANAGER, 40)
    assert session.scalars(select(FollowUpResult)).one().corrected_at == NOW + timedelta(days=40, hours=1)


def test_a_result_that_was_another_takes_the_rest_along(session: Session, called: str, customer: Customer) -> None:
    correct(session, called, CorrectedRecord("refused", "owner", "satisfied", "none"), CALLER)
    row = session.scalars(select(FollowUpResult)).one()
    assert (row.result, row.spoken_to, row.satisfaction, row.complaint_level) == ("refused", None, None, None)
    assert session.scalars(select(FollowUpAnswer)).all() == []
    assert consent_state(session, customer.id) == "withdrawn"
    correct(session, called, RIGHT, MANAGER)
    assert consent_state(session, customer.id) == "given"


def test_what_is_no_record_is_refused(session: Session, called: str) -> None:
    for wrong in (
        CorrectedRecord("lost"), CorrectedRecord("reached", "neighbour"), CorrectedRecord("reached", None, "fine"),
        CorrectedRecord("reached", None, None, "huge"), CorrectedRecord("reached", problem_kind="weather"),
        CorrectedRecord("reached", answers={"quality": "perhaps"}),
    ):  # fmt: skip
        with pytest.raises(InvalidInput):
            correct(session, called, wrong, MANAGER)


def test_before_it_is_closed_there_is_nothing_to_correct(session: Session, customer: Customer) -> None:
    case = start_follow_up(session, planned(session).id, now=NOW)
    assert case is not None
    with pytest.raises(NotFound):
        correct(session, case.id, RIGHT, CALLER)

def test_what_becomes_major_starts_a_complaint_once(
    session: Session, sessions: sessionmaker[Session], called: str
) -> None:
    session.commit()
    major = replace(RIGHT, complaint_level="major")
    with pytest.raises(InvalidInput) as refusal:
        correct(session, called, major, MANAGER)
    assert set(refusal.value.fields) == {"complaint_text", "complaint_contact_time"}
    session.rollback()
    told = replace(major, words=CustomersWords("The brakes squeal", "in the evening"))
    for record in (told, replace(RIGHT, complaint_level="minor"), told):
        correct(session, called, record, MANAGER)
    session.commit()
    run_due(sessions, NOW + timedelta(hours=2))
    complaint = session.scalars(select(ProcessInstance).where(ProcessInstance.process_key == "complaint")).one()
    assert (complaint.origin_id, complaint.title) == (called, "The brakes squeal")
    message = session.scalars(select(Message)).one()
    assert message.receiver_instance_id == complaint.id
    payload = decode_values(json.loads(message.payload))
    assert (payload["reporter_id"], payload["problem_kind"]) == ("caller", "quality")
    recorded = [event.body.get("message_id") for event in read_events(session, case_stream(called))[-3:]]
    assert recorded == [message.id, None, None]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("none", "minor", {"complaint_raised": {"gm", "manager"}}),
        ("minor", "none", {"complaint_lowered": {"gm", "manager"}}),
        ("major", "minor", {"complaint_lowered": {"gm", "manager", "coordinator"}}),
    ],
)
def test_managers_are_told_of_the_other_changes(
    session: Session, called: str, before: str, after: str, told: dict[str, set[str]]
) -> None:
    session.scalars(select(FollowUpResult)).one().complaint_level = before
    correct(session, called, replace(RIGHT, complaint_level=after), CALLER)
    found = session.execute(select(Notification.kind, Notification.user_id)).all()
    assert {kind: {person for _, person in found} for kind, _ in found} == told
    assert session.scalars(select(Message)).all() == []
