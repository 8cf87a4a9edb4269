"""The follow-up (domain page 2.1, A9-A17): every way through it."""

from __future__ import annotations

from datetime import datetime

import pytest

from app import feel
from tests.unit.engine.case import ZONE
from tests.workflows.conftest import NewCase
from tests.workflows.form_case import FormCase, shipped_process

PLANNED = {
    "planned_follow_up_id": "plan-1", "visit_id": "visit-1", "customer_id": "customer-1", "vehicle_id": "vehicle-1",
    "occasion": "repair_3dc", "level": 1,
}
ALL_YES = dict.fromkeys(
    ["q_reception", "q_quality", "q_on_time", "q_price_explained", "q_car_clean", "q_parts_explained", "q_recommend"],
    "yes",
)
RECORD = {**ALL_YES, "spoken_to": "owner", "satisfaction": "satisfied", "complaint_level": "none"}
COMPLAINT = {"complaint_text": "刹车异响,修了两次没修好", "complaint_contact_time": "晚上七点后"}


def started(new_case: NewCase, **changes: object) -> FormCase:
    case = new_case("follow_up")
    case.start({**PLANNED, **changes})
    return case


def prepared(new_case: NewCase, **changes: object) -> FormCase:
    return started(new_case, **changes).answer("Activity_Prepare", data_state="right")


def reached(new_case: NewCase, **changes: object) -> FormCase:
    return prepared(new_case, **changes).answer("Activity_Call", call_outcome="reached")


def closed(case: FormCase, result: str) -> None:
    (job,) = case.jobs.values()
    assert job.connector == "close-planned-follow-up"
    assert job.inputs == {"planned_follow_up_id": "plan-1", "result": result}
    case.finish(job.element_id)
    assert case.is_ended


def filed(case: FormCase, element_id: str, phone: str | None) -> None:
    """The customer's file gets what was corrected."""
    (job,) = case.jobs.values()
    assert (job.element_id, job.connector) == (element_id, "correct-customer")
    assert job.inputs == {"customer_id": "customer-1", "phone": phone}
    case.finish(element_id)


def prepare_wrong_data(new_case: NewCase) -> FormCase:
    case = started(new_case)
    assert case.refused("Activity_Prepare") == {"data_state"}
    assert case.refused("Activity_Prepare", data_state="wrong") == {"data_problem"}
    case.answer("Activity_Prepare", data_state="wrong", data_problem="电话少一位")
    assert case.opened("Activity_CorrectData").candidate_groups == ("service_advisor",)
    wrong = case.refused("Activity_CorrectData", correction_note="改好了", corrected_phone="不知道")
    assert wrong == {"corrected_phone"}
    case.answer("Activity_CorrectData", correction_note="改好了", corrected_phone="10000000009")
    filed(case, "Activity_FileCorrection", "10000000009")
    case.answer("Activity_Prepare", data_state="right", call_focus="上次的异响")
    assert case.value("corrected_phone") == "10000000009"
    html = " ".join(str(part.html) for row in case.bound("follow_up_call", None).rows for part in row)
    assert "10000000009" in html
    assert "上次的异响" in html
    return case


def close_without_complaint(new_case: NewCase) -> FormCase:
    case = reached(new_case)
    missing = case.refused("Activity_Record")
    assert missing == {*ALL_YES, "spoken_to", "satisfaction", "complaint_level"}
    case.answer("Activity_Record", **RECORD, suggestions="建议增加等候区座位")
    assert case.value("q_on_time") == "yes"
    assert case.value("suggestions") == "建议增加等候区座位"
    closed(case, "reached")
    assert case.end_event_id == "End_Closed"
    return case


def minor_complaint(new_case: NewCase) -> FormCase:
    case = reached(new_case)
    minor = {**RECORD, "complaint_level": "minor"}
    assert case.refused("Activity_Record", **minor) == {"complaint_text", "complaint_contact_time"}
    case.answer("Activity_Record", **minor, **COMPLAINT)
    assert case.open == ["Activity_AnswerMinor", "Activity_NoteRecord"]
    to_manager, to_gm = case.opened("Activity_AnswerMinor"), case.opened("Activity_NoteRecord")
    assert to_manager.candidate_groups == ("service_manager", "business_manager")
    assert case.hours_until(to_manager.due_at) == 8
    assert to_gm.candidate_groups == ("general_manager",)
    assert case.hours_until(to_gm.due_at) == 4
    case.answer("Activity_NoteRecord")
    missing = case.refused("Activity_AnswerMinor", answered_at="2026-03-02T16:00")
    assert missing == {"answer_findings", "answer_given", "answer_accepted"}
    case.answer(
        "Activity_AnswerMinor", answer_findings="卡钳导向销缺油", answer_given="免费复检", answer_accepted="yes",
        answered_at="2026-03-02T16:00",
    )
    closed(case, "reached")
    return case


def major_complaint(new_case: NewCase) -> FormCase:
    case = reached(new_case)
    case.answer("Activity_Record", **{**RECORD, "complaint_level": "major"}, **COMPLAINT)
    ((name, key, payload),) = case.messages
    assert (name, key) == ("complaint_reported", None)
    assert payload == {
        "customer_id": "customer-1", "vehicle_id": "vehicle-1", "visit_id": "visit-1", "complaint_channel": "follow_up",
        **COMPLAINT,
    }
    closed(case, "reached")
    return case


def appointment(new_case: NewCase) -> FormCase:
    case = prepared(new_case)
    assert case.refused("Activity_Call", call_outcome="inconvenient") == {"appointment_at"}
    assert case.refused("Activity_Call", call_outcome="inconvenient", appointment_at="2026-03-01T10:00") == {
        "appointment_at"
    }
    case.answer("Activity_Call", call_outcome="inconvenient", appointment_at="2026-03-03T15:00")
    again = case.opened("Activity_Call")
    assert again.follow_up_at == datetime(2026, 3, 3, 15, 0, tzinfo=ZONE)
    assert again.due_at == datetime(2026, 3, 4, 10, 0, tzinfo=ZONE)
    assert (again.assignee, again.priority) == ("user-cr", 70)
    # An appointment is no failed attempt.
    assert (case.value("attempts"), case.value("unanswered")) == (1, 0)
    case.answer("Activity_Call", call_outcome="reached")
    assert case.opened("Activity_Record").assignee == "user-cr"
    return case


def three_attempts(new_case: NewCase) -> FormCase:
    case = prepared(new_case)
    case.answer("Activity_Call", call_outcome="no_answer")
    # Half a working day later: the morning's call is tried again in the afternoon.
    assert case.opened("Activity_Call").follow_up_at == datetime(2026, 3, 2, 14, 0, tzinfo=ZONE)
    case.answer("Activity_Call", call_outcome="no_answer", retry_at="2026-03-03T19:00")
    assert case.opened("Activity_Call").follow_up_at == datetime(2026, 3, 3, 19, 0, tzinfo=ZONE)
    names = {part.name for row in case.bound("follow_up_call", {"call_outcome": "no_answer"}).rows for part in row}
    assert "retry_at" not in names, "the third attempt is the last"
    case.answer("Activity_Call", call_outcome="no_answer")
    assert case.refused("Activity_Write", written_on="") == {"written_by", "written_on", "written_text"}
    case.answer("Activity_Write", written_by="letter", written_on="2026-03-04", written_text="多次致电未能联系到您。")
    assert case.value("attempts") == 3
    closed(case, "not_reached")
    return case


def wrong_number(new_case: NewCase) -> FormCase:
    case = prepared(new_case)
    case.answer("Activity_Call", call_outcome="no_answer")
    case.answer("Activity_Call", call_outcome="wrong_number", call_remark="接听者不认识客户")
    assert case.opened("Activity_FindNumber").candidate_groups == ("service_advisor",)
    assert case.refused("Activity_FindNumber", number_found="yes") == {"corrected_phone"}
    case.answer("Activity_FindNumber", number_found="yes", corrected_phone="100 0000 0002")
    filed(case, "Activity_FileNumber", "100 0000 0002")
    assert case.value("unanswered") == 0, "a new number gets its own three attempts"
    assert case.opened("Activity_Call").follow_up_at is None
    return case


def no_valid_number(new_case: NewCase) -> FormCase:
    case = prepared(new_case).answer("Activity_Call", call_outcome="wrong_number")
    case.answer("Activity_FindNumber", number_found="no")
    filed(case, "Activity_FileNumber", None)
    closed(case, "unreachable")
    assert case.end_event_id == "End_NoValidNumber"
    return case


def refuses(new_case: NewCase) -> FormCase:
    case = prepared(new_case).answer("Activity_Call", call_outcome="refuses", call_remark="不希望被打扰")
    (job,) = case.jobs.values()
    assert (job.connector, job.inputs) == ("record-consent-withdrawn", {"customer_id": "customer-1"})
    case.finish("Activity_WithdrawConsent")
    closed(case, "refused")
    return case


SCENARIOS = [
    prepare_wrong_data, close_without_complaint, minor_complaint, major_complaint, appointment, three_attempts,
    wrong_number, no_valid_number, refuses,
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_scenario(scenario, new_case: NewCase) -> None:
    assert scenario(new_case).incidents == []


def test_every_flow_is_taken_by_some_scenario(new_case: NewCase) -> None:
    taken = {flow for scenario in SCENARIOS for flow in scenario(new_case).flows}
    assert taken == set(shipped_process("follow_up").flows)


def test_the_call_page_shows_the_script_filled_in(new_case: NewCase) -> None:
    case = prepared(new_case)
    for locale, wanted in (
        ("zh_CN", ["示例店客户关系顾问林一", "沈小满女士", "沪A00001", "2026年2月27日 17:30", "不要进行解释"]),
        ("en", ["This is 林一", "Ms 沈小满", "Feb 27, 2026", "更换刹车片", "Do not explain complaints"]),
    ):
        rows = case.bound("follow_up_call", None, locale).rows
        html = " ".join(str(part.html) for row in rows for part in row)
        for text in wanted:
            assert text in html


def test_questions_follow_the_occasion(new_case: NewCase) -> None:
    case = reached(new_case, occasion="lost")
    assert case.refused("Activity_Record") == {"spoken_to", "lost_reasons", "complaint_level"}
    case.answer("Activity_Record", spoken_to="owner", lost_reasons=["price", "other_shop"], complaint_level="none")
    assert case.value("lost_reasons") == ["price", "other_shop"]
    case = reached(new_case, occasion="month")
    assert "q_car_flawless" in case.refused("Activity_Record")


def test_an_answer_of_an_earlier_call_is_not_shown_again(new_case: NewCase) -> None:
    case = prepared(new_case).answer("Activity_Call", call_outcome="no_answer")
    assert case.bound("follow_up_call", None).values()["call_outcome"] is None


def test_the_preparer_gets_the_call(new_case: NewCase) -> None:
    case = started(new_case)
    assert case.opened("Activity_Prepare").assignee is None
    case.answer("Activity_Prepare", data_state="right", next_call_at="2026-03-02T20:00", caller_id="somebody-else")
    call = case.opened("Activity_Call")
    assert call.assignee == "user-cr", "what the browser sends for a computed value is not looked at"
    assert call.candidate_groups == ("cr_advisor",)
    assert call.follow_up_at == feel.to_python(feel.from_python(datetime(2026, 3, 2, 20, 0, tzinfo=ZONE)))
