"""A complaint whose cause can recur becomes a rectification; nobody approves or verifies their own part (W07)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.errors import NotAllowed
from app.models import ComplaintFact, Membership, Notification, ProcessInstance, User, UserTask
from app.operations.actor import SYSTEM, Actor
from app.operations.delegation import delegate_user_task
from app.operations.deployments import deploy
from app.operations.four_eyes import OwnWork
from app.operations.measures import measures_of
from app.operations.process_instances import start_process
from app.operations.shipped import shipped_resources
from app.operations.substitution import SubstitutionTerms, name_substitute
from app.operations.user_tasks import assign_user_task, claim_user_task, complete_user_task
from app.worker import run_due
from tests.integration.operations.dealership import CUSTOMER, NOW, Dealership

pytestmark = pytest.mark.usefixtures("every_case_replays")

PEOPLE = {
    "adv": ["service_advisor"], "cs": ["customer_service"], "csm": ["customer_service_manager"],
    "sm": ["service_manager"], "bm": ["business_manager", "general_manager"], "gm": ["general_manager"],
    "exp": ["technical_expert"],
}  # fmt: skip
REPORT = {
    "complainant_name": "王小明", "complainant_phone": "10012345678", "plate": None, "vin": None, "order_number": None,
    "complaint_channel": "phone", "complaint_contact_time": "any", "complaint_text": "the noise is still there",
    "is_form_complete": False,
}  # fmt: skip
FINDINGS = {
    "investigation_step": "conclude", "findings": "a clip was missing", "cause_category": "method", "helpers": None,
    "responsible_party": "team 2", "corrective_needed": "yes", "recurrence_text": "clips are not counted",
    "investigator_id": "sm",
}  # fmt: skip
MEASURE = {"kind": "corrective", "what": "count", "why": "lost", "where": "shop", "how": "list", "effective_from": None}
DONE = {"evidence_text": "a list hangs there", "evidence_files": [], "done_by": "sm", "done_by_name": "Sm"}
VERIFIED = {
    "verification": "verified", "effective_from": date(2026, 6, 1), "verified_by": "bm", "verified_by_name": "Bm",
}  # fmt: skip

Do = Callable[..., None]


@pytest.fixture
def shop(session: Session, dealership: Dealership) -> Dealership:
    for person, groups in PEOPLE.items():
        session.add(User(id=person, display_name=person.title(), created_at=NOW, home_site_id="main", is_active=True))
        session.flush()
        session.add_all(Membership(user_id=person, group_id=group, site_id="main") for group in groups)
    deploy(session, shipped_resources(), name="shipped", reason="for the tests", actor=SYSTEM, now=NOW)
    session.commit()
    return dealership


@pytest.fixture
def do(session: Session, sessions: sessionmaker[Session]) -> Do:
    """Somebody claims and completes a step; the jobs behind it are done before the next."""

    def do(element_id: str, person: str, user_task_id: str | None = None, **values: object) -> None:
        user_task_id = user_task_id or _open(session, element_id)[0]
        complete_user_task(
            session, user_task_id, values, revision=None, is_claimed_implicitly=True, actor=Actor(person), now=NOW
        )
        session.commit()
        while run_due(sessions, NOW):
            session.rollback()
        session.rollback()

    return do


def _open(session: Session, element_id: str) -> list[str]:
    query = select(UserTask.id).where(UserTask.element_id == element_id, UserTask.state == "open")
    return list(session.scalars(query.order_by(UserTask.id)))


def _told(session: Session, kind: str) -> set[str]:
    return set(session.scalars(select(Notification.user_id).where(Notification.kind == kind)))


def _refused(session: Session, attempt: Callable[[], object]) -> None:
    with pytest.raises(OwnWork):
        attempt()
    session.rollback()


def _answered_complaint(session: Session, sessions: sessionmaker[Session], do: Do) -> str:
    case = start_process(session, "complaint", REPORT, site_id="main", actor=Actor("adv"), now=NOW)
    session.commit()
    run_due(sessions, NOW)
    do("Activity_FillIn", "cs", problem_kind="quality", customer_wish=None)
    do("Activity_Confirm", "csm", confirmation="confirmed", department="service_manager", problem_kind="quality")
    do("Activity_Investigate", "sm", **FINDINGS)
    do("Activity_Decide", "sm", remedy="a new clip", remedy_amount=0)
    do("Activity_Reply", "sm", reply_channel="phone", reply_text="sorry", replied_at=NOW)
    return case.id


def test_from_the_complaint_to_the_verified_measure(
    session: Session, sessions: sessionmaker[Session], shop: Dealership, do: Do
) -> None:
    complaint_id = _answered_complaint(session, sessions, do)
    fact = session.get_one(ComplaintFact, complaint_id)
    assert (fact.customer_id, fact.channel, fact.department) == (CUSTOMER, "phone", "service_manager")
    assert (fact.answered_at, fact.needs_rectification, fact.outcome) == (NOW, True, "open")
    give_result = _open(session, "Activity_GiveResult")[0]
    _refused(session, lambda: assign_user_task(session, give_result, "sm", actor=Actor("csm"), now=NOW))
    do("Activity_GiveResult", "cs", customer_verdict="satisfied", customer_view="fine")
    session.expire_all()
    assert (fact.outcome, fact.closed_at, fact.rounds) == ("satisfied", NOW, 1)

    query = select(ProcessInstance).where(ProcessInstance.process_key == "rectification")
    rectification = session.scalars(query).one()
    assert (rectification.origin_id, rectification.customer_id) == (complaint_id, None)
    assert rectification.title == "clips are not counted"
    for group in ("adv", "exp", "ada"):
        own = next(one for one in _open(session, "Activity_Propose") if _may_claim(session, one, group))
        do("Activity_Propose", group, own, proposal_text=None, suggested_by=group)
    measures = [
        {**MEASURE, "responsible_id": person, "due_on": NOW.date() + timedelta(days=9)} for person in ("sm", "adv")
    ]
    do("Activity_SetMeasures", "sm", cause_analysis="no list", measures=measures, set_by="sm")
    do("Activity_ApproveMeasures", "gm", measures_decision="approved", judged_by="gm")
    found = measures_of(session, rectification.id)
    assert [(one.state, one.responsible_id, one.origin_kind, one.origin_id) for one in found] == [
        ("approved", "sm", "complaint", complaint_id), ("approved", "adv", "complaint", complaint_id),
    ]  # fmt: skip
    by_person = {session.get_one(UserTask, one).assignee_id: one for one in _open(session, "Activity_CarryOut")}
    do("Activity_CarryOut", "sm", by_person["sm"], **DONE)
    assert {"gm", "bm"} <= _told(session, "measure_done")
    of_sm = _open(session, "Activity_Verify")
    do("Activity_CarryOut", "adv", by_person["adv"], **{**DONE, "done_by": "adv"})
    (of_adv,) = set(_open(session, "Activity_Verify")) - set(of_sm)
    _try_to_verify_own_work(session, of_sm[0])
    do("Activity_Verify", "sm", of_adv, **VERIFIED)  # what another did
    do("Activity_Verify", "bm", of_sm[0], **VERIFIED)
    do("Activity_NoteResult", "gm", general_manager_note=None)
    session.expire_all()
    assert [(one.state, one.done_by, one.effective_from) for one in measures_of(session, rectification.id)] == [
        ("verified", "sm", date(2026, 6, 1)), ("verified", "adv", date(2026, 6, 1)),
    ]  # fmt: skip
    assert rectification.state == "completed"


def _may_claim(session: Session, user_task_id: str, person: str) -> bool:
    try:
        with session.begin_nested():
            claim_user_task(session, user_task_id, actor=Actor(person), now=NOW)
    except NotAllowed:
        return False
    return True


def _try_to_verify_own_work(session: Session, verify: str) -> None:
    """Directly, by a substitute, for somebody else, by assignment, by delegation."""
    today = SubstitutionTerms(NOW.date(), NOW.date())
    _refused(session, lambda: claim_user_task(session, verify, actor=Actor("sm"), now=NOW))
    _refused(session, lambda: assign_user_task(session, verify, "sm", actor=Actor("gm"), now=NOW))
    name_substitute(session, "sm", "exp", today, actor=Actor("sm"), now=NOW)
    session.commit()
    _refused(session, lambda: claim_user_task(session, verify, actor=Actor("exp"), now=NOW))
    name_substitute(session, "bm", "sm", today, actor=Actor("bm"), now=NOW)
    session.commit()
    acting = Actor("sm", on_behalf_of="bm")
    _refused(
        session,
        lambda: complete_user_task(
            session, verify, VERIFIED, revision=None, is_claimed_implicitly=True, actor=acting, now=NOW
        ),
    )
    claim_user_task(session, verify, actor=Actor("bm"), now=NOW)
    session.commit()
    _refused(session, lambda: delegate_user_task(session, verify, "sm", actor=Actor("bm"), now=NOW))


def test_who_sets_measures_does_not_approve_them(
    session: Session, sessions: sessionmaker[Session], shop: Dealership, do: Do
) -> None:
    values = {
        "text": "clips are lost", "problem_kind": "quality", "cause_category": None, "department": "business_manager",
        "asked_groups": ["technical_expert"], "origin_kind": "pattern",
    }  # fmt: skip
    case = start_process(session, "rectification", values, site_id="main", actor=Actor("cs"), now=NOW)
    session.commit()
    do("Activity_Propose", "exp", proposal_text="a list", suggested_by="Exp")
    measures = [{**MEASURE, "responsible_id": "adv", "due_on": _in_days(9)}]
    do("Activity_SetMeasures", "bm", cause_analysis="no list", measures=measures, set_by="bm")
    approve = _open(session, "Activity_ApproveMeasures")[0]
    _refused(session, lambda: claim_user_task(session, approve, actor=Actor("bm"), now=NOW))
    name_substitute(
        session, "gm", "bm", SubstitutionTerms(NOW.date(), NOW.date()), actor=Actor("gm"), now=NOW
    )
    session.commit()
    acting = Actor("bm", on_behalf_of="gm")
    _refused(session, lambda: claim_user_task(session, approve, actor=acting, now=NOW))
    do("Activity_ApproveMeasures", "gm", measures_decision="not_needed", measures_return_reason="done", judged_by="gm")
    assert [one.state for one in measures_of(session, case.id)] == ["rejected"]
    assert _told(session, "rectification_closed") == {"cs"}


def _in_days(days: int) -> date:
    moment: datetime = NOW + timedelta(days=days)
    return moment.date()
