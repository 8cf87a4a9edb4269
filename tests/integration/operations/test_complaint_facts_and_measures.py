"""What the service tasks of complaints and rectifications write for the reports."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import feel
from app.errors import InvalidInput, NotFound
from app.models import ComplaintFact, Measure, Notification
from app.operations.actor import SYSTEM, Actor
from app.operations.cases import Case
from app.operations.complaint_facts import record_complaint
from app.operations.measures import judge_measures, measures_of, propose_measures, record_measure
from app.operations.operation_call import OperationCall
from app.operations.people_told import tell_people
from app.operations.process_instances import cancel_instance, start_process
from tests.integration.operations.dealership import CUSTOMER, NOW, Dealership

Call = Callable[..., OperationCall]
MEASURES = [
    {"kind": "corrective", "responsible_id": "ada", "due_on": date(2026, 4, 1)},
    {"kind": "preventive", "responsible_id": "bea", "due_on": date(2026, 5, 1), "effective_from": date(2026, 6, 1)},
]
SHARED = {"origin_kind": "complaint", "problem_kind": "quality", "cause_category": "method"}


@pytest.fixture
def case(session: Session, dealership: Dealership) -> Case:
    assert dealership
    values = {"subject": "brakes"}
    return start_process(session, "inquiry", values, site_id="main", customer_id=CUSTOMER, actor=SYSTEM, now=NOW)


@pytest.fixture
def call(session: Session, case: Case) -> Call:
    def call(days: int = 0, **inputs: object) -> OperationCall:
        values = {name: feel.from_python(value) for name, value in inputs.items()}
        return OperationCall(session, case, values, SYSTEM, NOW + timedelta(days=days))

    return call


def test_facts_of_a_complaint_are_filled_as_it_goes_on(session: Session, case: Case, call: Call) -> None:
    record_complaint(call(received_at=NOW, channel="counter", problem_kind=None))
    record_complaint(call(confirmed_at=NOW, department="service_manager", problem_kind="quality", channel=None))
    record_complaint(call(remedy_amount=Decimal("800.50"), rounds=2, responsible_party="组" * 300))
    session.flush()
    session.expire_all()
    fact = session.get_one(ComplaintFact, case.id)
    assert (fact.site_id, fact.customer_id, fact.outcome, fact.rounds) == ("main", CUSTOMER, "open", 2)
    assert (fact.received_at, fact.channel, fact.problem_kind) == (NOW, "counter", "quality")
    assert (fact.remedy_amount, fact.needs_rectification) == (Decimal("800.50"), False)
    assert len(fact.responsible_party or "") == 200


def test_measures_go_from_proposed_to_verified(session: Session, case: Case, call: Call) -> None:
    propose_measures(call(measures=MEASURES, **SHARED))
    judge_measures(call(state="approved", by="gm"))
    record_measure(call(2, number=1, state="done", by="ada"))
    record_measure(call(3, number=1, state="approved"))
    record_measure(call(4, number=1, state="done", by="ada"))
    record_measure(call(5, number=1, state="verified", by="cam"))
    record_measure(call(5, number=2, state="verified", by="cam"))
    session.flush()
    session.expire_all()
    first, second = measures_of(session, case.id)
    assert (first.state, first.done_by, first.verified_by, first.approved_by) == ("verified", "ada", "cam", "gm")
    assert first.done_at == NOW + timedelta(days=4)
    assert first.effective_from == (NOW + timedelta(days=5)).astimezone(case.zone).date()
    assert (second.kind, second.effective_from, second.cause_category) == ("preventive", date(2026, 6, 1), "method")


def test_measures_sent_back_are_proposed_anew(session: Session, case: Case, call: Call) -> None:
    propose_measures(call(measures=MEASURES, **SHARED))
    session.flush()
    judge_measures(call(state="rejected", by="gm"))
    propose_measures(call(measures=[{**MEASURES[0], "responsible_id": "cam"}], **SHARED))
    session.flush()
    found: list[Measure] = list(measures_of(session, case.id))
    assert [(measure.state, measure.responsible_id) for measure in found] == [("proposed", "cam"), ("cancelled", "bea")]


def test_a_cancelled_case_leaves_nothing_open(session: Session, case: Case, call: Call) -> None:
    record_complaint(call(received_at=NOW, channel="counter"))
    propose_measures(call(measures=MEASURES, **SHARED))
    record_measure(call(number=1, state="verified", by="cam"))
    session.flush()
    cancel_instance(session, case.id, "entered twice", actor=Actor("own"), now=NOW)
    session.expire_all()
    fact = session.get_one(ComplaintFact, case.id)
    assert (fact.outcome, fact.closed_at) == ("cancelled", NOW)
    assert [measure.state for measure in measures_of(session, case.id)] == ["verified", "cancelled"]


def test_what_a_measure_lacks_is_said(call: Call) -> None:
    with pytest.raises(InvalidInput, match="Measure 1 needs"):
        propose_measures(call(measures=[{"kind": "corrective"}], **SHARED))
    with pytest.raises(NotFound, match="number 7"):
        record_measure(call(number=7, state="done", by="ada"))
    with pytest.raises(InvalidInput, match="not “lost”"):
        judge_measures(call(state="lost"))


def test_people_and_groups_of_the_site_are_told(session: Session, call: Call) -> None:
    tell_people(call(kind="measure_done", people=["cam", "gone", "nobody"], groups=["cr_advisor"], note="n" * 999))
    told = session.execute(select(Notification.user_id, Notification.params)).all()
    assert {user_id for user_id, _ in told} == {"cam", "ada", "bea", "two", "dual"}, "not who left, not other sites"
    assert {len(json.loads(params)["note"]) for _, params in told} == {300}
    tell_people(call(kind="measure_done"))  # nobody
    for kind in ("password_changed", "no_such_kind"):
        with pytest.raises(InvalidInput, match=kind):
            tell_people(call(kind=kind, people=["cam"]))
