"""The complaint process (domain page 2.2, A17, B2 section five): every way through it."""

from __future__ import annotations

from datetime import datetime

import pytest

from app import engine, feel
from tests.unit.engine.case import NOW, ZONE, context
from tests.workflows.conftest import NewCase
from tests.workflows.form_case import FormCase, shipped_decisions, shipped_process

REPORT = {
    "complainant_name": "秦朗", "complainant_phone": "100 0000 0003", "plate": "沪A00003",
    "complaint_channel": "counter", "complaint_text": "空调修了三次仍不制冷", "complaint_contact_time": "下午两点以后",
}
CONFIRMED = {"confirmation": "confirmed", "department": "service_manager"}
FINDINGS = {
    "findings": "压缩机离合器间隙过大,此前未检查", "cause_category": "method", "responsible_party": "机电一组",
    "corrective_needed": "yes",
}
REPLY = {"reply_channel": "phone", "reply_text": "免费更换离合器并致歉", "replied_at": "2026-03-02T17:00"}
SATISFIED = {"customer_verdict": "satisfied", "customer_view": "可以接受"}
NOT_SATISFIED = {"customer_verdict": "not_satisfied", "customer_view": "仍然不制冷"}


def reported(new_case: NewCase) -> FormCase:
    return new_case("complaint").begin(REPORT)


def investigated(new_case: NewCase) -> FormCase:
    case = reported(new_case).answer("Activity_Confirm", **CONFIRMED)
    assert case.opened("Activity_Investigate").candidate_groups == ("service_manager",)
    return case.answer("Activity_Investigate", **FINDINGS)


def answered(case: FormCase) -> FormCase:
    case.answer("Activity_Decide", remedy="免费更换", remedy_amount="800")
    return case.answer("Activity_Reply", **REPLY)


def noted(case: FormCase) -> FormCase:
    return case.answer("Activity_NoteComplaint", general_manager_note="请尽快处理")


def within_limit(new_case: NewCase) -> FormCase:
    case = reported(new_case)
    assert case.open == ["Activity_Confirm", "Activity_NoteComplaint"]
    assert case.refused("Activity_Confirm") == {"confirmation"}
    assert case.refused("Activity_Confirm", confirmation="confirmed") == {"department"}
    case.answer("Activity_Confirm", **CONFIRMED)
    assert case.refused("Activity_Investigate") == {*FINDINGS}
    case.answer("Activity_Investigate", **FINDINGS)
    assert case.refused("Activity_Decide", remedy="更换", remedy_amount="-1") == {"remedy_amount"}
    assert case.refused("Activity_Decide", remedy="更换", remedy_amount="12.345") == {"remedy_amount"}
    answered(case)
    assert case.opened("Activity_GiveResult").candidate_groups == ("customer_service",)
    assert "Event_AnswerOverdue" not in [element for element, _ in case.timers.values()], "the reply stops the clock"
    case.answer("Activity_GiveResult", **SATISFIED)
    assert not case.is_ended, "the general manager has still to take note"
    noted(case)
    assert case.is_ended
    assert case.value("corrective_needed") == "yes"
    return case


def above_limit(new_case: NewCase) -> FormCase:
    case = noted(investigated(new_case))
    case.answer("Activity_Decide", remedy="更换压缩机并赔偿", remedy_amount="5000.50")
    assert case.opened("Activity_Approve").candidate_groups == ("general_manager",)
    assert case.refused("Activity_Approve", remedy_decision="sent_back") == {"remedy_return_reason"}
    case.answer("Activity_Approve", remedy_decision="sent_back", remedy_return_reason="金额过高,请核实")
    shown = {part.name for row in case.bound("complaint_decide", None).rows for part in row}
    assert "remedy_return_reason" in shown
    case.answer("Activity_Decide", remedy="更换压缩机", remedy_amount="３０００")
    case.answer("Activity_Approve", remedy_decision="approved")
    case.answer("Activity_Reply", **REPLY).answer("Activity_GiveResult", **SATISFIED)
    assert case.is_ended
    return case


def not_a_complaint(new_case: NewCase) -> FormCase:
    case = noted(reported(new_case))
    assert case.refused("Activity_Confirm", confirmation="not_a_complaint") == {"reject_reason"}
    case.answer("Activity_Confirm", confirmation="not_a_complaint", reject_reason="客户咨询保养价格")
    assert case.is_ended
    assert case.end_event_id == "End_NotComplaint"
    return case


def not_satisfied_twice(new_case: NewCase) -> FormCase:
    case = answered(noted(investigated(new_case)))
    case.wait(days=1).answer("Activity_GiveResult", **NOT_SATISFIED)
    assert case.open == ["Activity_Investigate"]
    again = case.opened("Activity_Investigate")
    assert case.hours_until(again.due_at) == 8, "the second answer gets a working day of its own"
    case.answer("Activity_Investigate", **FINDINGS)
    case.answer("Activity_Decide", remedy="免费更换并补偿", remedy_amount="1500")
    assert case.open == ["Activity_Approve"], "for a customer who is not satisfied the limit is lower"
    case.answer("Activity_Approve", remedy_decision="approved").answer("Activity_Reply", **REPLY)
    case.answer("Activity_GiveResult", **NOT_SATISFIED)
    assert case.opened("Activity_HandleInPerson").candidate_groups == ("general_manager",)
    case.answer(
        "Activity_HandleInPerson", settlement="退还工时费", settlement_amount="600", settlement_verdict="satisfied"
    )
    assert case.is_ended
    assert case.end_event_id == "End_HandledInPerson"
    return case


def answer_overdue(new_case: NewCase) -> FormCase:
    case = investigated(new_case)
    case.fire("Event_AnswerOverdue")
    assert case.now == datetime(2026, 3, 2, 18, 0, tzinfo=ZONE), "one working day after the report at nine"
    assert case.open == ["Activity_Decide", "Activity_NoteComplaint", "Activity_StepIn"], "the department goes on"
    step_in = case.opened("Activity_StepIn")
    assert (step_in.candidate_groups, step_in.priority) == (("general_manager",), 90)
    case.answer("Activity_StepIn", step_in_measure="今晚之前答复客户")
    answered(case).answer("Activity_GiveResult", **SATISFIED)
    noted(case)
    assert case.is_ended
    return case


def from_a_follow_up(new_case: NewCase) -> FormCase:
    case = new_case("complaint")
    payload = {
        "customer_id": "customer-1", "vehicle_id": "vehicle-1", "visit_id": "visit-1", "complaint_channel": "follow_up",
        "complaint_text": "刹车异响", "complaint_contact_time": "晚上",
    }
    case.start(payload, message_name="complaint_reported")
    assert case.value("customer_id") == "customer-1"
    noted(case).answer("Activity_Confirm", confirmation="confirmed", department="business_manager")
    assert case.opened("Activity_Investigate").candidate_groups == ("business_manager",)
    return case


SCENARIOS = [
    within_limit, above_limit, not_a_complaint, not_satisfied_twice, answer_overdue, from_a_follow_up,
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_scenario(scenario, new_case: NewCase) -> None:
    assert scenario(new_case).incidents == []


def test_every_flow_is_taken_by_some_scenario(new_case: NewCase) -> None:
    taken = {flow for scenario in SCENARIOS for flow in scenario(new_case).flows}
    assert taken == set(shipped_process("complaint").flows)


@pytest.mark.parametrize(
    ("amount", "handling_round", "approval"),
    [
        (0, 1, "nobody"), (2000, 1, "nobody"), (2000.01, 1, "general_manager"), (100_000, 1, "general_manager"),
        (1000, 2, "nobody"), (1000.01, 2, "general_manager"), (1000, 3, "nobody"), (1500, 3, "general_manager"),
    ],
)
def test_the_approval_table(amount: float, handling_round: int, approval: str) -> None:
    inputs = {"remedy_amount": feel.from_python(amount), "handling_round": feel.from_python(handling_round)}
    result = shipped_decisions()["remedy_approval"].evaluate("remedy_approval", inputs, feel.Environment(NOW, ZONE))
    assert (result.value, result.warnings) == (approval, ())


def test_what_the_table_said_is_a_variable_of_the_case(new_case: NewCase) -> None:
    case = investigated(new_case).answer("Activity_Decide", remedy="更换", remedy_amount="2000.01")
    assert case.value("remedy_approval") == "general_manager"
    assert "Flow_needs_approval" in case.flows


def test_both_clocks_run_from_the_report(new_case: NewCase) -> None:
    case = reported(new_case)
    assert case.hours_until(case.opened("Activity_NoteComplaint").due_at) == 4
    assert case.hours_until(case.opened("Activity_Confirm").due_at) == 4
    case.wait(hours=2).answer("Activity_Confirm", **CONFIRMED)
    assert case.hours_until(case.opened("Activity_Investigate").due_at) == 6, "the answer's clock ran while confirming"


def test_a_late_confirmation_escalates_at_once(new_case: NewCase) -> None:
    case = reported(new_case).wait(days=3)
    case.answer("Activity_Confirm", **CONFIRMED)
    assert [due < case.now for element, due in case.timers.values() if element == "Event_AnswerOverdue"] == [True]


def test_a_report_needs_everything_that_is_needed_to_call_back(new_case: NewCase) -> None:
    bound = new_case("complaint").bound("complaint_report", {"plate": "沪A00003", "complainant_phone": "call me"})
    assert not bound.validate()
    assert set(bound.errors) == set(REPORT) - {"plate"}
    assert bound.errors["complainant_phone"] == ["只填数字，必要时加 + 和国家代码。"]


def test_the_title_says_what_it_is_about() -> None:
    process, now = shipped_process("complaint"), context(now=NOW)
    assert engine.case_title(process, {"complaint_text": "空调不制冷"}, now) == "空调不制冷"
    title = engine.case_title(process, {"complaint_text": "长" * 100}, now)
    assert title is not None
    assert len(title) == 60
    assert title.endswith("…")
