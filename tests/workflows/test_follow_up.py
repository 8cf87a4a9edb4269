"""The follow-up (domain page 2.1, A9-A17): every way through it."""

from __future__ import annotations

from datetime import datetime

import pytest

from app import feel
from app.forms.binding import renderings_in
from tests.unit.engine.case import ZONE
from tests.workflows.acted_case import ActedCase
from tests.workflows.conftest import NewCase, on_one_database
from tests.workflows.form_case import shipped_process
from tests.workflows.stored_case import StoredCase

ASKED = ["reception", "quality", "on_time", "price_explained", "car_clean", "parts_explained", "recommend"]
ALL_YES = {f"answers.{question}": "yes" for question in ASKED}
RECORD = {**ALL_YES, "spoken_to": "owner", "satisfaction": "satisfied", "complaint_level": "none"}
COMPLAINT = {
    "complaint_text": "刹车异响,修了两次没修好", "complaint_contact_time": "晚上七点后", "problem_kind": "quality",
}
COMPLAINT_REPORTED = ("complaint_reported", "R-2026-0001", {
    "customer_id": "customer-1", "vehicle_id": "vehicle-1", "visit_id": "visit-1", "complaint_channel": "follow_up",
    "reporter_id": "caller", **COMPLAINT,
})  # fmt: skip
ANSWER = {
    "answer_findings": "卡钳导向销缺油", "answer_given": "免费复检", "answered_at": "2026-03-02T16:00",
}  # fmt: skip
PREPARED = {"data_state": "right", "questionnaire_version_id": "repair_3dc_1"}


def started(new_case: NewCase, **changes: object) -> ActedCase:
    return new_case("follow_up").begin_planned(**changes)


def prepared(new_case: NewCase, **changes: object) -> ActedCase:
    case = started(new_case, **changes)
    version = case.bound("follow_up_prepare", None).values()["questionnaire_version_id"]
    return case.answer("Activity_Prepare", data_state="right", questionnaire_version_id=version)


def reached(new_case: NewCase, **changes: object) -> ActedCase:
    return prepared(new_case, **changes).answer("Activity_Call", call_outcome="reached")


def closed(case: ActedCase, result: str, caller: str = "caller", **told: object) -> None:
    """The result is written with all that reports count."""
    (job,) = case.jobs.values()
    assert job.connector == "close-planned-follow-up"
    assert job.inputs.items() >= {"planned_follow_up_id": "plan-1", "result": result, "caller_id": caller}.items()
    assert job.inputs.items() >= told.items()
    case.finish(job.element_id)


def filed(case: ActedCase, element_id: str, phone: str | None, **names: str) -> None:
    """The customer's file gets what was corrected."""
    (job,) = case.jobs.values()
    assert (job.element_id, job.connector) == (element_id, "correct-customer")
    assert job.inputs == {"customer_id": "customer-1", "phone": phone, **names}
    case.finish(element_id)


def prepare_wrong_data(new_case: NewCase) -> ActedCase:
    case = started(new_case)
    assert case.refused("Activity_Prepare") == {"data_state"}
    assert case.refused("Activity_Prepare", data_state="wrong") == {"data_problem"}
    case.answer("Activity_Prepare", data_state="wrong", data_problem="电话少一位")
    assert case.opened("Activity_CorrectData").candidate_groups == ("service_advisor",)
    wrong = case.refused("Activity_CorrectData", correction_note="改好了", corrected_phone="不知道")
    assert wrong == {"corrected_phone"}
    case.answer("Activity_CorrectData", correction_note="改好了", corrected_phone="10000000009", corrected_name="沈满")
    filed(case, "Activity_FileCorrection", "10000000009", name="沈满")
    assert case.refused("Activity_Prepare", data_state="right", questionnaire_version_id="lost_1") == {
        "questionnaire_version_id"
    }
    case.answer("Activity_Prepare", **PREPARED, call_focus="上次的异响")
    assert case.value("corrected_phone") == "10000000009"
    html = " ".join(str(part.html) for row in case.bound("follow_up_call", None).rows for part in row)
    assert "10000000009" in html
    assert "上次的异响" in html
    return case


def close_without_complaint(new_case: NewCase) -> ActedCase:
    case = reached(new_case)
    missing = case.refused("Activity_Record")
    assert missing == {*ALL_YES, "spoken_to", "satisfaction", "complaint_level"}
    case.answer("Activity_Record", **RECORD, suggestions="建议增加等候区座位")
    answers = dict.fromkeys(ASKED, "yes")
    assert case.value("answers") == answers
    assert case.value("suggestions") == "建议增加等候区座位"
    closed(
        case, "reached", answers=answers, questionnaire_version_id="repair_3dc_1", has_suggestion=True,
        satisfaction="satisfied", complaint_level="none", spoken_to="owner", attempts=1, problem_kind=None,
    )
    assert case.is_ended
    assert case.end_event_id == "End_Closed"
    return case


def minor_complaint(new_case: NewCase) -> ActedCase:
    case = reached(new_case)
    minor = {**RECORD, "complaint_level": "minor"}
    assert case.refused("Activity_Record", **minor) == {"complaint_text", "complaint_contact_time", "problem_kind"}
    minor |= {"answers.quality": "no"}
    case.answer("Activity_Record", **minor, **COMPLAINT)
    closed(case, "reached", complaint_level="minor", problem_kind="quality")
    assert not case.is_ended, "the result counts at once; the complaint is still to be answered"
    assert case.open == ["Activity_AnswerMinor", "Activity_NoteRecord"]
    to_manager, to_gm = case.opened("Activity_AnswerMinor"), case.opened("Activity_NoteRecord")
    assert to_manager.candidate_groups == ("service_manager", "business_manager")
    assert case.hours_until(to_manager.due_at) == 8
    assert to_gm.candidate_groups == ("general_manager",)
    assert case.hours_until(to_gm.due_at) == 4
    for form in ("follow_up_note", "follow_up_answer"):
        parts = renderings_in(case.bound(form, None).rows)
        shown = {part.name: part.control.display for part in parts if part.control}
        assert (shown["answers.quality"], shown["complaint_text"]) == ("否", COMPLAINT["complaint_text"])
    case.answer("Activity_NoteRecord")
    missing = case.refused("Activity_AnswerMinor", answered_at="2026-03-02T16:00")
    assert missing == {"answer_findings", "answer_given", "answer_accepted"}
    case.answer("Activity_AnswerMinor", **ANSWER, answer_accepted="yes")
    assert case.end_event_id == "End_ComplaintAnswered"
    return case


def minor_complaint_not_accepted(new_case: NewCase) -> ActedCase:
    case = reached(new_case)
    case.answer("Activity_Record", **{**RECORD, "complaint_level": "minor"}, **COMPLAINT)
    closed(case, "reached", complaint_level="minor")
    case.answer("Activity_AnswerMinor", **ANSWER, answer_accepted="no")
    assert case.messages == [COMPLAINT_REPORTED]
    assert case.open == ["Activity_NoteRecord"], "the general manager takes note of the record all the same"
    case.answer("Activity_NoteRecord")
    assert case.end_event_id == "End_ComplaintAnswered"
    return case


def major_complaint(new_case: NewCase) -> ActedCase:
    case = reached(new_case)
    case.answer("Activity_Record", **{**RECORD, "complaint_level": "major"}, **COMPLAINT)
    assert case.messages == [COMPLAINT_REPORTED]
    closed(case, "reached", complaint_level="major")
    assert case.is_ended
    return case


def appointment(new_case: NewCase) -> ActedCase:
    case = prepared(new_case)
    assert case.refused("Activity_Call", call_outcome="inconvenient") == {"appointment_at"}
    assert case.refused("Activity_Call", call_outcome="inconvenient", appointment_at="2026-03-01T10:00") == {
        "appointment_at"
    }
    case.answer("Activity_Call", call_outcome="inconvenient", appointment_at="2026-03-03T15:00")
    again = case.opened("Activity_Call")
    assert again.follow_up_at == datetime(2026, 3, 3, 15, 0, tzinfo=ZONE)
    assert again.due_at == datetime(2026, 3, 4, 10, 0, tzinfo=ZONE)
    assert (again.assignee, again.priority) == ("caller", 70)
    # An appointment is no failed attempt.
    assert (case.value("attempts"), case.value("unanswered")) == (1, 0)
    case.answer("Activity_Call", call_outcome="reached")
    assert case.opened("Activity_Record").assignee == "caller"
    return case


def three_attempts(new_case: NewCase) -> ActedCase:
    case = prepared(new_case)
    case.answer("Activity_Call", call_outcome="no_answer")
    # The morning's call is tried again in another part of the day, and not in the same one without a reason.
    assert case.opened("Activity_Call").follow_up_at == datetime(2026, 3, 2, 13, 0, tzinfo=ZONE)
    assert case.refused("Activity_Call", call_outcome="no_answer") == {"same_part_reason"}, "it is still morning"
    case.now = datetime(2026, 3, 2, 14, 5, tzinfo=ZONE)
    again = {"call_outcome": "no_answer", "retry_at": "2026-03-03T14:00"}
    assert case.refused("Activity_Call", **again) == {"same_part_reason"}
    assert case.refused("Activity_Call", **again, same_part_reason=" ") == {"same_part_reason"}
    case.answer("Activity_Call", call_outcome="no_answer", retry_at="2026-03-03T19:00")
    assert case.opened("Activity_Call").follow_up_at == datetime(2026, 3, 3, 19, 0, tzinfo=ZONE)
    names = {part.name for row in case.bound("follow_up_call", {"call_outcome": "no_answer"}).rows for part in row}
    assert "retry_at" not in names, "the third attempt is the last"
    case.now = datetime(2026, 3, 3, 14, 0, tzinfo=ZONE)  # earlier than planned
    case.answer("Activity_Call", call_outcome="no_answer", same_part_reason="客户下班后关机")
    assert case.refused("Activity_Write", written_on="") == {"written_on"}
    text = case.bound("follow_up_write", None).values()["written_text"]
    assert str(text).startswith("尊敬的沈小满女士")
    wrong = case.refused("Activity_Write", written_by="letter", written_text="x", written_to="nobody", written_on="")
    assert wrong == {"written_to", "written_on"}
    letter = {"written_by": "letter", "written_on": "2026-03-04", "written_text": "多次致电未能联系到您。"}
    case.answer("Activity_Write", **letter, written_to="shen@example.org")
    written(case, "letter", letter["written_text"], "shen@example.org")
    assert case.value("attempts") == 3
    assert len(case.value("call_times")) == 3
    made = [(call["part"], call["outcome"], call["is_repeated"]) for call in case.value("calls_made")]
    tried = [("morning", False), ("afternoon", False), ("afternoon", True)]
    assert made == [(part, "no_answer", is_repeated) for part, is_repeated in tried]
    closed(case, "not_reached", attempts=3, satisfaction=None, answers=None)
    return case


def three_attempts_and_a_short_message(new_case: NewCase) -> ActedCase:
    case = prepared(new_case)
    for _ in range(3):
        case.now = max(case.now, case.opened("Activity_Call").follow_up_at or case.now)
        case.answer("Activity_Call", call_outcome="no_answer")
    assert [call["part"] for call in case.value("calls_made")] == ["morning", "noon", "afternoon"]
    case.answer("Activity_Write", written_by="sms", written_on="2026-03-04", written_text="请回电。")
    written(case, "sms", "请回电。", None)
    closed(case, "not_reached")
    return case


def written(case: ActedCase, way: str, text: str, email: str | None) -> None:
    (job,) = case.jobs.values()
    assert job.connector == "write-to-customer"
    assert job.inputs == {"customer_id": "customer-1", "way": way, "text": text, "email": email}
    case.finish("Activity_Send")


def wrong_number(new_case: NewCase) -> ActedCase:
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


def no_valid_number(new_case: NewCase) -> ActedCase:
    case = prepared(new_case).answer("Activity_Call", call_outcome="wrong_number")
    case.answer("Activity_FindNumber", number_found="no")
    filed(case, "Activity_FileNumber", None)
    closed(case, "unreachable")
    assert case.end_event_id == "End_NoValidNumber"
    return case


def refuses(new_case: NewCase) -> ActedCase:
    case = prepared(new_case).answer("Activity_Call", call_outcome="refuses", call_remark="不希望被打扰")
    (job,) = case.jobs.values()
    assert (job.connector, job.inputs) == ("record-consent-withdrawn", {"customer_id": "customer-1"})
    case.finish("Activity_WithdrawConsent")
    closed(case, "refused")
    return case


def appointment_between_attempts(new_case: NewCase) -> ActedCase:
    """An appointment neither counts as a failed attempt nor forgets those before it."""
    case = prepared(new_case)
    case.answer("Activity_Call", call_outcome="no_answer")
    case.now = case.opened("Activity_Call").follow_up_at
    case.answer("Activity_Call", call_outcome="inconvenient", appointment_at="2026-03-03T15:00")
    assert (case.value("unanswered"), case.opened("Activity_Call").assignee) == (1, "caller")
    case.now = case.opened("Activity_Call").follow_up_at
    case.answer("Activity_Call", call_outcome="no_answer")
    case.now = case.opened("Activity_Call").follow_up_at
    case.answer("Activity_Call", call_outcome="wrong_number")
    case.answer("Activity_FindNumber", number_found="yes", corrected_phone="100 0000 0002")
    filed(case, "Activity_FileNumber", "100 0000 0002")
    case.answer("Activity_Call", call_outcome="reached").answer("Activity_Record", **RECORD)
    closed(case, "reached", attempts=5)
    return case


SCENARIOS = [
    prepare_wrong_data, close_without_complaint, minor_complaint, minor_complaint_not_accepted, major_complaint,
    appointment, three_attempts,
    three_attempts_and_a_short_message, wrong_number, no_valid_number, refuses,
    appointment_between_attempts,
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_scenario(scenario, new_case: NewCase) -> None:
    assert scenario(new_case).incidents == []


def test_every_flow_is_taken_by_some_scenario(new_live_case: NewCase) -> None:
    taken = {flow for scenario in SCENARIOS for flow in scenario(new_live_case).flows}
    assert taken == set(shipped_process("follow_up").flows)


@pytest.mark.parametrize("new_case", ["sqlite"], indirect=True)
def test_what_was_corrected_to_a_complaint_is_not_reported_again(new_case: NewCase) -> None:
    case = reached(new_case)
    assert isinstance(case, StoredCase)
    case.answer("Activity_Record", **{**RECORD, "complaint_level": "minor"}, **COMPLAINT)
    closed(case, "reached", complaint_level="minor")
    for level in ("major", "minor"):
        case.correct_level(level)
        assert case.messages == [COMPLAINT_REPORTED]
    case.answer("Activity_AnswerMinor", **ANSWER, answer_accepted="no")
    assert case.messages == [COMPLAINT_REPORTED], "it has a case of its own already"
    case.answer("Activity_NoteRecord")
    assert case.end_event_id == "End_ComplaintAnswered"


@on_one_database
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


@on_one_database
def test_lost_customers_are_asked_for_reasons(new_case: NewCase) -> None:
    case = reached(new_case, occasion="lost")
    assert case.refused("Activity_Record") == {"spoken_to", "complaint_level"}
    reasons = {"answers.lost_price": "true", "answers.lost_other_shop": "true"}
    case.answer("Activity_Record", spoken_to="owner", complaint_level="none", **reasons)
    ticked = [reason for reason, is_ticked in case.value("answers").items() if is_ticked]
    assert ticked == ["lost_price", "lost_other_shop"]


@on_one_database
def test_questions_follow_the_occasion(new_case: NewCase) -> None:
    case = reached(new_case, occasion="month")
    assert "answers.car_flawless" in case.refused("Activity_Record")


@on_one_database
def test_scores_are_kept_as_numbers_and_calls_of_other_levels_belong_to_their_group(new_case: NewCase) -> None:
    case = started(new_case, occasion="quarter_repair", level=3, advisor_id="office")
    prepare = case.opened("Activity_Prepare")
    assert (prepare.assignee, prepare.candidate_groups) == ("office", ("gm_office",))
    case.answer("Activity_Prepare", data_state="right", questionnaire_version_id="level_3_1")
    case.answer("Activity_Call", call_outcome="reached")
    scores = {"answers.overall": "9", "answers.people": "not_answered", "answers.work": "11"}
    record = {"spoken_to": "owner", "satisfaction": "satisfied", "complaint_level": "none"}
    assert case.refused("Activity_Record", **scores, **record) == {"answers.work"}
    case.answer("Activity_Record", **{**scores, "answers.work": "3"}, **record)
    closed(case, "reached", "office", answers={"overall": 9, "people": "not_answered", "work": 3})


@on_one_database
def test_questions_may_be_left_out(new_case: NewCase) -> None:
    case = started(new_case)
    case.answer("Activity_Prepare", **PREPARED, left_out_questions=["recommend", "parts_explained"])
    case.answer("Activity_Call", call_outcome="reached")
    assert {name for name in case.refused("Activity_Record") if name.startswith("answers.")} == {
        f"answers.{question}" for question in ASKED if question not in ("recommend", "parts_explained")
    }


@on_one_database
def test_an_answer_of_an_earlier_call_is_not_shown_again(new_case: NewCase) -> None:
    case = prepared(new_case).answer("Activity_Call", call_outcome="no_answer")
    assert case.bound("follow_up_call", None).values()["call_outcome"] is None


@on_one_database
def test_the_preparer_gets_the_call(new_case: NewCase) -> None:
    case = started(new_case)
    assert case.opened("Activity_Prepare").assignee is None
    case.answer("Activity_Prepare", **PREPARED, next_call_at="2026-03-02T20:00", caller_id="somebody-else")
    call = case.opened("Activity_Call")
    assert call.assignee == "caller", "what the browser sends for a computed value is not looked at"
    assert call.candidate_groups == ("cr_advisor",)
    assert call.follow_up_at == feel.to_python(feel.from_python(datetime(2026, 3, 2, 20, 0, tzinfo=ZONE)))
