"""The complaint process (domain page 2.2, A17, B2 section five): every way through it."""

from __future__ import annotations

from datetime import datetime

import pytest

from app import engine, feel
from tests.unit.engine.case import NOW, ZONE, context
from tests.workflows.acted_case import ActedCase, local
from tests.workflows.conftest import NewCase, on_one_database
from tests.workflows.form_case import shipped_decisions, shipped_process

REPORT = {
    "complainant_name": "秦朗", "complainant_phone": "100 0000 0003", "plate": "沪A00003",
    "complaint_channel": "counter", "complaint_text": "空调修了三次仍不制冷", "complaint_contact_time": "下午两点以后",
}
FORM = {"problem_kind": "quality", "customer_wish": "彻底修好"}
CONFIRMED = {"confirmation": "confirmed", "department": "service_manager"}
FINDINGS = {
    "findings": "压缩机离合器间隙过大,此前未检查", "cause_category": "method", "responsible_party": "机电一组",
    "corrective_needed": "yes", "recurrence_text": "保养时未检查离合器间隙",
}
REPLY = {"reply_channel": "phone", "reply_text": "免费更换离合器并致歉", "replied_at": "2026-03-02T17:00"}
SATISFIED = {"customer_verdict": "satisfied", "customer_view": "可以接受"}
NOT_SATISFIED = {"customer_verdict": "not_satisfied", "customer_view": "仍然不制冷"}


def reported(new_case: NewCase) -> ActedCase:
    """Reported by an advisor, its form filled in by customer service."""
    case = new_case("complaint").begin(REPORT).finish("Activity_Register")
    return case.answer("Activity_FillIn", **FORM)


def confirmed(case: ActedCase) -> ActedCase:
    return case.answer("Activity_Confirm", **CONFIRMED).finish("Activity_RegisterConfirmed")


def investigated(new_case: NewCase) -> ActedCase:
    case = confirmed(reported(new_case))
    assert case.opened("Activity_Investigate").candidate_groups == ("service_manager",)
    return case.answer("Activity_Investigate", **FINDINGS)


def answered(case: ActedCase) -> ActedCase:
    case.answer("Activity_Decide", remedy="免费更换", remedy_amount="800")
    return case.answer("Activity_Reply", **REPLY).finish("Activity_RegisterAnswer")


def result_given(case: ActedCase, **verdict: str) -> ActedCase:
    return case.answer("Activity_GiveResult", **verdict).finish("Activity_RegisterResult")


def noted(case: ActedCase) -> ActedCase:
    return case.answer("Activity_NoteComplaint", general_manager_note="请尽快处理")


def within_limit(new_case: NewCase) -> ActedCase:
    case = reported(new_case)
    assert case.open == ["Activity_Confirm", "Activity_NoteComplaint"]
    assert case.refused("Activity_Confirm") == {"confirmation"}
    assert case.refused("Activity_Confirm", confirmation="confirmed") == {"department"}
    confirmed(case)
    assert case.refused("Activity_Investigate") == {*FINDINGS} - {"recurrence_text"}
    assert case.refused("Activity_Investigate", corrective_needed="yes") >= {"recurrence_text"}
    case.answer("Activity_Investigate", **FINDINGS)
    assert case.refused("Activity_Decide", remedy="更换", remedy_amount="-1") == {"remedy_amount"}
    assert case.refused("Activity_Decide", remedy="更换", remedy_amount="12.345") == {"remedy_amount"}
    answered(case)
    assert case.opened("Activity_GiveResult").candidate_groups == ("customer_service",)
    assert "Event_AnswerOverdue" not in [element for element, _ in case.timers.values()], "the reply stops the clock"
    result_given(case, **SATISFIED)
    assert not case.is_ended, "the general manager has still to take note"
    noted(case)
    assert case.is_ended
    assert case.messages == [("rectification_proposed", None, {
        "origin_kind": "complaint", "problem_kind": "quality", "cause_category": "method",
        "department": "service_manager", "text": FINDINGS["recurrence_text"],
    })]  # fmt: skip
    return case


def above_limit(new_case: NewCase) -> ActedCase:
    case = noted(investigated(new_case))
    case.answer("Activity_Decide", remedy="更换压缩机并赔偿", remedy_amount="5000.50")
    assert case.opened("Activity_Approve").candidate_groups == ("general_manager",)
    assert case.refused("Activity_Approve", remedy_decision="sent_back") == {"remedy_return_reason"}
    case.answer("Activity_Approve", remedy_decision="sent_back", remedy_return_reason="金额过高,请核实")
    shown = {part.name for row in case.bound("complaint_decide", None).rows for part in row}
    assert "remedy_return_reason" in shown
    case.answer("Activity_Decide", remedy="更换压缩机", remedy_amount="３０００")
    case.answer("Activity_Approve", remedy_decision="approved")
    case.answer("Activity_Reply", **REPLY).finish("Activity_RegisterAnswer")
    result_given(case, **SATISFIED)
    assert case.is_ended
    return case


def not_a_complaint(new_case: NewCase) -> ActedCase:
    case = noted(reported(new_case))
    assert case.refused("Activity_Confirm", confirmation="not_a_complaint") == {"reject_reason"}
    case.answer("Activity_Confirm", confirmation="not_a_complaint", reject_reason="客户咨询保养价格")
    assert case.jobs_of("Activity_RegisterNoComplaint")["outcome"] == "not_a_complaint"
    case.finish("Activity_RegisterNoComplaint")
    assert case.jobs_of("Activity_TellReporter") == {"kind": "complaint_closed", "people": ["advisor"]}
    case.finish("Activity_TellReporter")
    assert case.is_ended
    assert case.end_event_id == "End_NotComplaint"
    return case


def not_satisfied_twice(new_case: NewCase) -> ActedCase:
    case = answered(noted(investigated(new_case)))
    result_given(case.wait(days=1), **NOT_SATISFIED)
    assert case.open == ["Activity_Investigate"]
    again = case.opened("Activity_Investigate")
    assert case.hours_until(again.due_at) == 8, "the second answer gets a working day of its own"
    case.answer("Activity_Investigate", **FINDINGS)
    case.answer("Activity_Decide", remedy="免费更换并补偿", remedy_amount="1500")
    assert case.open == ["Activity_Approve"], "for a customer who is not satisfied the limit is lower"
    case.answer("Activity_Approve", remedy_decision="approved").answer("Activity_Reply", **REPLY)
    case.finish("Activity_RegisterAnswer")
    assert len(case.messages) == 1, "proposed in the first round already"
    result_given(case, **NOT_SATISFIED)
    assert case.opened("Activity_HandleInPerson").candidate_groups == ("general_manager",)
    case.answer(
        "Activity_HandleInPerson", settlement="退还工时费", settlement_amount="600", settlement_verdict="satisfied"
    ).finish("Activity_RegisterHandled")
    assert case.is_ended
    assert case.end_event_id == "End_HandledInPerson"
    return case


def answer_overdue(new_case: NewCase) -> ActedCase:
    case = investigated(new_case)
    case.fire("Event_AnswerOverdue")
    assert case.now == datetime(2026, 3, 2, 18, 0, tzinfo=ZONE), "one working day after the report at nine"
    assert case.open == ["Activity_Decide", "Activity_NoteComplaint", "Activity_StepIn"], "the department goes on"
    step_in = case.opened("Activity_StepIn")
    assert (step_in.candidate_groups, step_in.priority) == (("general_manager",), 90)
    case.answer("Activity_StepIn", step_in_measure="今晚之前答复客户")
    noted(result_given(answered(case), **SATISFIED))
    assert case.is_ended
    return case


def from_a_follow_up(new_case: NewCase) -> ActedCase:
    payload = {
        "customer_id": "customer-1", "vehicle_id": "vehicle-1", "visit_id": "visit-1", "complaint_channel": "follow_up",
        "complaint_text": "刹车异响", "complaint_contact_time": "晚上", "reporter_id": "caller",
    }
    case = new_case("complaint").begin_by_message("complaint_reported", payload)
    assert case.value("customer_id") == "customer-1"
    noted(case.finish("Activity_Register")).answer("Activity_FillIn", **FORM)
    case.answer("Activity_Confirm", confirmation="confirmed", department="business_manager")
    case.finish("Activity_RegisterConfirmed")
    assert case.opened("Activity_Investigate").candidate_groups == ("business_manager",)
    return case


def reported_by_customer_service(new_case: NewCase) -> ActedCase:
    case = new_case("complaint").begin(REPORT, by="coordinator").finish("Activity_Register")
    assert case.open == ["Activity_Confirm", "Activity_NoteComplaint"], "whoever fills in the form has reported it"
    assert case.refused("Activity_Confirm", **CONFIRMED) == {"problem_kind"}
    return case


def helped(new_case: NewCase) -> ActedCase:
    case = confirmed(reported(new_case))
    asking = {"investigation_step": "ask", "help_question": "间隙是否检查过?", "help_due_at": local("2026-03-02 14:00")}
    assert case.refused("Activity_Investigate", investigation_step="ask") == {"helpers", "help_question"}
    assert case.refused("Activity_Investigate", **{**asking, "helpers": ["manager"]}) == {"helpers"}
    case.answer("Activity_Investigate", **asking, helpers=["advisor", "expert"])
    assert [task.assignee for task in case.user_tasks.values() if task.element_id == "Activity_Help"] == [
        "advisor", "expert",
    ]  # fmt: skip
    for text in ("没有检查记录", "间隙 0.9 毫米"):
        assert case.open.count("Activity_Investigate") == 0
        case.answer("Activity_Help", help_text=text)
    again = case.opened("Activity_Investigate")
    assert (again.assignee, again.candidate_groups) == ("manager", ("service_manager",))
    assert case.value("help_findings") == "许知秋: 没有检查记录\n\n高远: 间隙 0.9 毫米"
    shown = {part.name for row in case.bound("complaint_investigate", None).rows for part in row}
    assert "help_findings" in shown
    return case.answer("Activity_Investigate", **FINDINGS)


def a_helper_does_not_answer(new_case: NewCase) -> ActedCase:
    case = confirmed(reported(new_case))
    case.answer(
        "Activity_Investigate", investigation_step="ask", help_question="?", helpers=["advisor", "expert"],
        help_due_at=local("2026-03-02 14:00"),
    )  # fmt: skip
    case.answer("Activity_Help", help_text="没有检查记录").fire("Event_HelpOverdue")
    assert case.open == ["Activity_Investigate", "Activity_NoteComplaint"], "the manager goes on without the other"
    assert case.value("help_findings") == "许知秋: 没有检查记录"
    return case


def cause_does_not_recur(new_case: NewCase) -> ActedCase:
    case = noted(confirmed(reported(new_case)))
    answered(case.answer("Activity_Investigate", **{**FINDINGS, "corrective_needed": "no"}))
    assert case.messages == []
    return result_given(case, **SATISFIED)


def recurs_in_the_second_round_only(new_case: NewCase) -> ActedCase:
    """The department says at first that nothing is to be mended; both answers are late, the first without its form."""
    case = noted(new_case("complaint").begin(REPORT).finish("Activity_Register"))
    case.fire("Event_OverdueUnfilled")
    assert case.open == ["Activity_FillIn", "Activity_StepIn"], "chased wherever the answer waits"
    case.answer("Activity_StepIn", step_in_measure="今天填写并确认").answer("Activity_FillIn", **FORM)
    case.fire("Event_OverdueUnconfirmed")
    assert case.open == ["Activity_Confirm"], "chased once in each round"
    confirmed(case).fire("Event_AnswerOverdue")
    assert case.open == ["Activity_Investigate"], "chased once in each round"
    answered(case.answer("Activity_Investigate", **{**FINDINGS, "corrective_needed": "no"}))
    result_given(case, **NOT_SATISFIED)
    case.fire("Event_AnswerOverdue")
    assert case.open == ["Activity_Investigate", "Activity_StepIn"]
    case.answer("Activity_Investigate", **FINDINGS)
    answered(case)
    assert [name for name, _, _ in case.messages] == ["rectification_proposed"]
    result_given(case, **SATISFIED)
    assert case.open == ["Activity_StepIn"], "the delay is still to be dealt with"
    case.answer("Activity_StepIn", step_in_measure="与服务经理面谈")
    assert case.is_ended
    return case


def not_a_complaint_before_the_general_manager_saw_it(new_case: NewCase) -> ActedCase:
    case = reported(new_case)
    case.answer("Activity_Confirm", confirmation="not_a_complaint", reject_reason="重复登记")
    case.finish("Activity_RegisterNoComplaint").finish("Activity_TellReporter")
    assert (case.is_ended, case.open) == (False, ["Activity_NoteComplaint"])
    noted(case)
    assert case.is_ended
    return case


def asked_twice_and_sent_back_twice(new_case: NewCase) -> ActedCase:
    case = noted(confirmed(reported(new_case)))
    asking = {"investigation_step": "ask", "help_due_at": local("2026-03-02 14:00")}
    for helper, answer in (("expert", "间隙 0.9 毫米"), ("advisor", "上次未更换")):
        case.answer("Activity_Investigate", **asking, help_question="情况?", helpers=[helper])
        case.answer("Activity_Help", help_text=answer)
    assert case.value("help_findings") == "高远: 间隙 0.9 毫米\n\n许知秋: 上次未更换"
    case.answer("Activity_Investigate", **FINDINGS)
    for amount in ("9000", "7000"):
        case.answer("Activity_Decide", remedy="赔偿", remedy_amount=amount)
        case.answer("Activity_Approve", remedy_decision="sent_back", remedy_return_reason="过高")
    answered(case)
    result_given(case, **NOT_SATISFIED)
    case.answer("Activity_Investigate", **FINDINGS)
    case.answer("Activity_Decide", remedy="道歉", remedy_amount="0").answer("Activity_Reply", **REPLY)
    result_given(case.finish("Activity_RegisterAnswer"), **NOT_SATISFIED)
    handled = {"settlement": "客户仍不接受", "settlement_amount": "0", "settlement_verdict": "not_satisfied"}
    case.answer("Activity_HandleInPerson", **handled)
    asked = case.jobs_of("Activity_RegisterHandled")
    assert (asked["customer_verdict"], asked["rounds"]) == ("not_satisfied", 3)
    case.finish("Activity_RegisterHandled")
    assert case.end_event_id == "End_HandledInPerson"
    return case


SCENARIOS = [
    within_limit, above_limit, not_a_complaint, not_satisfied_twice, answer_overdue, from_a_follow_up,
    reported_by_customer_service, helped, a_helper_does_not_answer, cause_does_not_recur,
    recurs_in_the_second_round_only, not_a_complaint_before_the_general_manager_saw_it,
    asked_twice_and_sent_back_twice,
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_scenario(scenario, new_case: NewCase) -> None:
    assert scenario(new_case).incidents == []


def test_every_flow_is_taken_by_some_scenario(new_live_case: NewCase) -> None:
    taken = {flow for scenario in SCENARIOS for flow in scenario(new_live_case).flows}
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


@on_one_database
def test_what_the_table_said_is_a_variable_of_the_case(new_case: NewCase) -> None:
    case = investigated(new_case).answer("Activity_Decide", remedy="更换", remedy_amount="2000.01")
    assert case.value("remedy_approval") == "general_manager"
    assert "Flow_needs_approval" in case.flows


@on_one_database
def test_both_clocks_run_from_the_report(new_case: NewCase) -> None:
    case = reported(new_case)
    assert case.hours_until(case.opened("Activity_NoteComplaint").due_at) == 4
    assert case.hours_until(case.opened("Activity_Confirm").due_at) == 4
    confirmed(case.wait(hours=2))
    assert case.hours_until(case.opened("Activity_Investigate").due_at) == 6, "the answer's clock ran while confirming"


@on_one_database
def test_a_late_confirmation_escalates_at_once(new_case: NewCase) -> None:
    case = reported(new_case).wait(days=3)
    confirmed(case).wait(minutes=1)
    assert [due < case.now for element, due in case.timers.values() if element == "Event_AnswerOverdue"] == [True]


def test_a_report_needs_everything_that_is_needed_to_call_back(new_engine_case: NewCase) -> None:
    texts = {"plate": "沪A00003", "complainant_phone": "call me"}
    bound = new_engine_case("complaint").bound("complaint_report", texts)
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
