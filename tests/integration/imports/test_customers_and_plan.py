"""Customer files are corrected, not overwritten; planned follow-ups become cases on their day, or say why not."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotFound
from app.models import (
    Customer,
    FollowUpAnswer,
    FollowUpResult,
    Job,
    Membership,
    PlannedFollowUp,
    ProcessInstance,
    Site,
    User,
    UserTask,
    UserTaskCandidate,
    Visit,
)
from app.operations.actor import SYSTEM, Actor
from app.operations.customers import consent_state, correct_customer, record_consent
from app.operations.deployments import deploy
from app.operations.follow_up_occasions import OCCASIONS_BY_ID
from app.operations.follow_up_plan import FollowUpPlanner
from app.operations.follow_up_starts import start_follow_up
from app.operations.groups import ensure_default_groups
from app.operations.history import customer_stream
from app.operations.history_reading import read_events
from app.operations.operation_call import OperationCall
from app.operations.operation_connectors import BY_NAME
from app.operations.shipped import shipped_resources
from app.operations.visit_imports import import_good_rows, upload_visits
from app.visit_files import read_export

NOW = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)
ADVISOR = Actor("crlin")
EXPORT = (
    "业务类型,单号,客户姓名,称谓,联系电话,车牌号,VIN,交车时间,同意回访\n"
    "维修,R1,安宁,女士,10011112222,示A11111,ZZZFTRFX0TA000218,2026-05-17,是\n"
)


@pytest.fixture
def customer(session: Session) -> Customer:
    """A customer whose repair is to be followed up today."""
    session.add(Site(id="main", name="示范店", zone="Asia/Shanghai", is_outlet=False))
    session.flush()
    ensure_default_groups(session)
    deploy(session, shipped_resources(), name="aftercare", reason="Test", actor=SYSTEM, now=NOW)
    upload = upload_visits(session, read_export(EXPORT.encode(), "export.csv"), site_id="main", actor=ADVISOR, now=NOW)
    import_good_rows(session, upload.id, is_consent_assumed=False, actor=ADVISOR, now=NOW)
    return session.scalars(select(Customer)).one()


def planned(session: Session) -> PlannedFollowUp:
    return session.scalars(select(PlannedFollowUp)).one()


def test_a_correction_keeps_the_old_number_in_the_history(session: Session, customer: Customer) -> None:
    inputs = {"customer_id": customer.id, "phone": "100 1111 3333"}
    case = start_follow_up(session, planned(session).id, now=NOW)
    assert case is not None
    BY_NAME["correct-customer"].run(OperationCall(session, case, inputs, ADVISOR, NOW))
    assert customer.phone == "10011113333"
    event = read_events(session, customer_stream(customer.id))[-1]
    assert event.type == "customer_corrected"
    assert event.personal == {"old": "10011112222", "new": "10011113333"}


def test_a_correction_of_nothing_is_no_event(session: Session, customer: Customer) -> None:
    before = len(read_events(session, customer_stream(customer.id)))
    correct_customer(session, customer.id, name=None, phone=customer.phone, actor=ADVISOR, now=NOW)
    assert len(read_events(session, customer_stream(customer.id))) == before
    with pytest.raises(NotFound):
        correct_customer(session, "nobody", name="x", phone=None, actor=ADVISOR, now=NOW)


def test_the_newest_word_on_calls_holds(session: Session, customer: Customer) -> None:
    record_consent(session, customer.id, "withdrawn", source="call", actor=ADVISOR, now=NOW + timedelta(hours=1))
    assert consent_state(session, customer.id) == "withdrawn"


def test_a_planned_follow_up_becomes_a_case_once(session: Session, customer: Customer) -> None:
    follow_up = planned(session)
    begin = select(Job.run_at).where(Job.kind == "start_follow_up")
    assert session.scalars(begin).one() == NOW  # due at eight, but imported at ten
    case = start_follow_up(session, follow_up.id, now=NOW)
    assert case is not None
    instance = session.get_one(ProcessInstance, case.id)
    assert (instance.title, instance.business_key) == ("安宁 · 示A11111", "R1")
    assert instance.customer_id == customer.id
    assert start_follow_up(session, follow_up.id, now=NOW) is None
    assert follow_up.state == "started"


def test_a_closed_follow_up_leaves_its_result_and_answers(session: Session, customer: Customer) -> None:
    follow_up = planned(session)
    case = start_follow_up(session, follow_up.id, now=NOW)
    assert case is not None
    answers = {"reception": "yes", "quality": "no", "on_time": "not_answered", "unknown": "yes", "recommend": None}
    inputs = {
        "planned_follow_up_id": follow_up.id,
        "result": "reached",
        "attempts": Decimal(2),
        "caller_id": "crlin",
        "spoken_to": "owner",
        "satisfaction": "dissatisfied",
        "complaint_level": "minor",
        "problem_kind": None,
        "has_suggestion": True,
        "questionnaire_version_id": "repair_3dc_1",
        "answers": answers,
    }
    BY_NAME["close-planned-follow-up"].run(OperationCall(session, case, inputs, ADVISOR, NOW))
    assert follow_up.state == "closed"
    result = session.get_one(FollowUpResult, follow_up.id)
    assert (result.instance_id, result.site_id, result.occasion) == (case.id, "main", "repair_3dc")
    assert (result.result, result.attempts, result.satisfaction) == ("reached", 2, 1)
    assert (result.complaint_level, result.problem_kind, result.has_suggestion) == ("minor", "quality", True)
    found = session.scalars(select(FollowUpAnswer).order_by(FollowUpAnswer.question_id))
    assert [(row.question_id, row.answer, row.is_good) for row in found] == [
        ("on_time", "not_answered", None),
        ("quality", "no", False),
        ("reception", "yes", True),
    ]


@pytest.mark.parametrize("result", ["not_reached", "unreachable", "refused"])
def test_a_follow_up_that_reached_nobody_leaves_a_result_too(session: Session, customer: Customer, result: str) -> None:
    follow_up = planned(session)
    case = start_follow_up(session, follow_up.id, now=NOW)
    assert case is not None
    inputs = {"planned_follow_up_id": follow_up.id, "result": result}
    BY_NAME["close-planned-follow-up"].run(OperationCall(session, case, inputs, ADVISOR, NOW))
    row = session.get_one(FollowUpResult, follow_up.id)
    assert (row.result, row.satisfaction, row.complaint_level, row.questionnaire_version_id) == (
        result,
        None,
        None,
        None,
    )
    wrong = {**inputs, "result": "lost"}
    with pytest.raises(InvalidInput):
        BY_NAME["close-planned-follow-up"].run(OperationCall(session, case, wrong, ADVISOR, NOW))


def test_calls_of_the_third_level_come_to_the_office_of_the_general_manager(
    session: Session, customer: Customer
) -> None:
    session.add(User(id="wen", display_name="wen", created_at=NOW))
    session.flush()
    session.add(Membership(user_id="wen", group_id="gm_office", site_id="main"))
    visit = session.get_one(Visit, planned(session).visit_id)
    planner = FollowUpPlanner(session, session.get_one(Site, "main"), actor=SYSTEM, now=NOW)
    follow_up = planner.plan(visit, OCCASIONS_BY_ID["quarter_repair"])
    session.flush()
    case = start_follow_up(session, follow_up.id, now=NOW)
    assert case is not None
    user_task = session.scalars(select(UserTask).where(UserTask.instance_id == case.id)).one()
    candidates = select(UserTaskCandidate.candidate_id).where(UserTaskCandidate.user_task_id == user_task.id)
    assert (user_task.assignee_id, list(session.scalars(candidates))) == ("wen", ["gm_office"])


def test_who_withdrew_consent_meanwhile_is_not_called(session: Session, customer: Customer) -> None:
    record_consent(session, customer.id, "withdrawn", source="counter", actor=ADVISOR, now=NOW + timedelta(hours=1))
    assert start_follow_up(session, planned(session).id, now=NOW + timedelta(hours=2)) is None
    assert (planned(session).state, planned(session).skip_reason) == ("skipped", "refused")
    assert read_events(session, customer_stream(customer.id))[-1].type == "follow_up_skipped"
