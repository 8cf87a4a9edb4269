"""Both clocks of a complaint, major and minor: half a working day to the general manager, one to the answer [A17].

Working time is 9:00-12:00 and 13:00-18:00; each case begins on Monday 2 March 2026 at 9:00.
"""

from __future__ import annotations

from tests.unit.engine.case import ZONE
from tests.workflows.acted_case import ActedCase
from tests.workflows.conftest import NewCase
from tests.workflows.test_complaint import (
    FINDINGS,
    NOT_SATISFIED,
    answered,
    confirmed,
    noted,
    reported,
    result_given,
)
from tests.workflows.test_follow_up import COMPLAINT, RECORD, reached

INFORMED, ANSWER = "general_manager_informed", "answer"


def told(case: ActedCase, clock_id: str) -> list[tuple[str, object]]:
    """What happened to a clock: when it is due, or how many minutes it took."""
    return [
        (one.kind, one.due_at.astimezone(ZONE).strftime("%d %H:%M") if one.due_at else one.used_minutes)
        for one in case.clocks
        if one.clock_id == clock_id
    ]


def due(case: ActedCase, element_id: str) -> str:
    due_at = case.opened(element_id).due_at
    assert due_at is not None
    return due_at.astimezone(ZONE).strftime("%d %H:%M")


def test_a_complaint_over_a_night_in_which_the_answer_waits(new_case: NewCase) -> None:
    case = reported(new_case)
    confirmed(noted(case.wait(hours=2)))
    assert told(case, INFORMED) == [("started", "02 14:00"), ("stopped", 120)]
    assert (due(case, "Activity_Investigate"), told(case, ANSWER)) == ("02 18:00", [("started", "02 18:00")])
    case.wait(hours=6).pause_clock(ANSWER)  # at 17:00 a part is waited for
    assert case.opened("Activity_Investigate").due_at is None
    assert case.timers == {}
    case.wait(hours=17).resume_clock(ANSWER)  # on Tuesday at 10:00: an hour of each day
    assert due(case, "Activity_Investigate") == "03 11:00"
    case.fire("Event_AnswerOverdue")  # what the general manager has to step in for is later, too
    assert case.now.astimezone(ZONE).hour == 11
    case.answer("Activity_Investigate", **FINDINGS)
    answered(case.wait(hours=2))
    assert told(case, ANSWER)[1:] == [("paused", None), ("moved", "03 11:00"), ("stopped", (8 + 3 - 2) * 60)]
    result_given(case, **NOT_SATISFIED)
    assert told(case, ANSWER)[-1] == ("started", "04 12:00")
    assert due(case, "Activity_Investigate") == "04 12:00"


def test_what_is_no_complaint_needs_no_answer(new_case: NewCase) -> None:
    case = reported(new_case).wait(minutes=30)
    case.answer("Activity_Confirm", confirmation="not_a_complaint", reject_reason="咨询价格")
    case.finish("Activity_RegisterNoComplaint")
    assert told(case, ANSWER)[1:] == [("withdrawn", None)]
    assert [kind for kind, _ in told(case, INFORMED)] == ["started"]


def test_a_minor_complaint_travels_with_its_record(new_case: NewCase) -> None:
    case = reached(new_case)
    case.answer("Activity_Record", **{**RECORD, "complaint_level": "minor"}, **COMPLAINT)
    assert (told(case, INFORMED), told(case, ANSWER)) == ([("started", "02 14:00")], [("started", "02 18:00")])
    assert (due(case, "Activity_NoteRecord"), due(case, "Activity_AnswerMinor")) == ("02 14:00", "02 18:00")
    case.wait(hours=1).answer("Activity_NoteRecord")
    case.answer(
        "Activity_AnswerMinor", answer_findings="缺油", answer_given="免费复检", answer_accepted="yes",
        answered_at="2026-03-02T09:50",
    )  # fmt: skip
    assert (told(case, INFORMED)[-1], told(case, ANSWER)[-1]) == (("stopped", 60), ("stopped", 60))
