"""Rectification (domain page 2.4, A21): measures set jointly, approved, carried out, verified, chased where late."""

from __future__ import annotations

from datetime import date

import pytest

from app import feel
from tests.unit.engine.case import ZONE
from tests.workflows.acted_case import ActedCase
from tests.workflows.conftest import NewCase
from tests.workflows.form_case import shipped_process

PROPOSED = {
    "proposal_source": "pattern", "text": "三个月内五次反映洗车不净", "problem_kind": "cleanliness",
    "cause_category": "method", "department": "business_manager",
}
MEASURES = {
    "cause_analysis": "交车前无检查清单",
    "measures-0-kind": "corrective", "measures-0-responsible_id": "advisor", "measures-0-due_on": "2026-03-10",
    "measures-0-what": "制定检查清单", "measures-0-why": "无标准", "measures-0-where": "洗车区",
    "measures-0-how": "与洗车组共同制定",
    "measures-1-kind": "preventive", "measures-1-responsible_id": "expert", "measures-1-due_on": "2026-03-12",
    "measures-1-what": "培训洗车组", "measures-1-why": "新人多", "measures-1-where": "培训室",
    "measures-1-how": "每周一次",
    "measures-1-effective_from": "2026-04-01",
}  # fmt: skip
FROM_COMPLAINT = {
    "origin_kind": "complaint", "problem_kind": "quality", "cause_category": "method", "department": "service_manager",
    "text": "保养时未检查离合器间隙",
}


def proposed(new_case: NewCase) -> ActedCase:
    case = new_case("rectification").begin(PROPOSED, by="coordinator")
    groups = [task.candidate_groups for task in case.user_tasks.values()]
    assert groups == [("service_advisor",), ("cr_advisor",), ("technical_expert",)]
    case.answer("Activity_Propose", proposal_text="制定清单").answer("Activity_Propose").answer("Activity_Propose")
    assert case.value("proposals") == "许知秋: 制定清单"
    return case


def measures_set(case: ActedCase) -> ActedCase:
    return case.answer("Activity_SetMeasures", **MEASURES).finish("Activity_RegisterMeasures")


def approved(case: ActedCase) -> ActedCase:
    case.answer("Activity_ApproveMeasures", measures_decision="approved").finish("Activity_RegisterApproved")
    to_do = [case.opened("Activity_CarryOut", nth) for nth in (0, 1)]
    assert [one.assignee for one in to_do] == ["advisor", "expert"]
    titles = [f"{what} · {PROPOSED['text']}" for what in ("制定检查清单", "培训洗车组")]
    assert [one.title for one in to_do] == titles, "lists tell them apart"
    return case


def carried_out(case: ActedCase) -> ActedCase:
    """The first of those that are open."""
    case.answer("Activity_CarryOut", evidence_text="清单已张贴").finish("Activity_RegisterDone")
    return case.finish("Activity_TellProgress")


def verified(case: ActedCase) -> ActedCase:
    return case.answer("Activity_Verify", verification="verified").finish("Activity_RegisterVerified")


def noted(case: ActedCase) -> ActedCase:
    case.answer("Activity_NoteResult", general_manager_note="很好").finish("Activity_TellDone")
    assert (case.is_ended, case.end_event_id) == (True, "End_Rectified")
    return case


def two_measures(new_case: NewCase) -> ActedCase:
    case = proposed(new_case)
    set_measures = case.opened("Activity_SetMeasures")
    assert set_measures.candidate_groups == ("business_manager",)
    missing = {f"measures-0-{key}" for key in ("kind", "responsible_id", "due_on", "what", "why", "where", "how")}
    assert case.refused("Activity_SetMeasures") == {"cause_analysis", *missing}
    past = {**MEASURES, "measures-0-due_on": "2026-03-01", "measures-1-responsible_id": "nobody"}
    assert case.refused("Activity_SetMeasures", **past) == {"measures-0-due_on", "measures-1-responsible_id"}
    case.answer("Activity_SetMeasures", **MEASURES)
    asked = case.jobs_of("Activity_RegisterMeasures")
    assert (asked["origin_kind"], asked["department"], len(asked["measures"])) == ("pattern", "business_manager", 2)
    approved(case.finish("Activity_RegisterMeasures"))
    carry_out = case.opened("Activity_CarryOut")
    assert case.hours_until(carry_out.due_at) == 7 * 8, "until the end of that working day"
    assert case.refused("Activity_CarryOut") == {"evidence_text"}, "no file was added"
    case.add_file("清单.jpg", "Activity_CarryOut", nth=1).answer("Activity_CarryOut", nth=1)
    assert case.jobs_of("Activity_RegisterDone") == {"number": 2, "state": "done", "by": "expert"}
    case.finish("Activity_RegisterDone")
    assert case.jobs_of("Activity_TellProgress") == {
        "kind": "measure_done", "groups": ["general_manager"], "note": "培训洗车组",
    }
    case.finish("Activity_TellProgress")
    verify = case.opened("Activity_Verify")
    assert verify.candidate_groups == ("business_manager", "service_manager")
    shown = [part.html for row in case.bound("rectification_verify", None, of=verify).rows for part in row]
    assert any("清单.jpg" in html for html in shown)
    case.answer("Activity_Verify", verification="verified")
    watched_from = feel.from_python(date(2026, 4, 1))
    assert case.jobs_of("Activity_RegisterVerified")["effective_from"] == watched_from
    case.finish("Activity_RegisterVerified")
    assert case.open == ["Activity_CarryOut"], "each measure goes its own way"
    verified(carried_out(case))
    evidence = [(one["evidence_text"], one["evidence_files"]) for one in case.value("measure_results")]
    assert evidence == [("清单已张贴", []), (None, ["清单.jpg"])]
    return noted(case)


def sent_back_then_not_needed(new_case: NewCase) -> ActedCase:
    case = measures_set(proposed(new_case))
    assert case.refused("Activity_ApproveMeasures", measures_decision="sent_back") == {"measures_return_reason"}
    case.answer("Activity_ApproveMeasures", measures_decision="sent_back", measures_return_reason="日期太晚")
    assert case.jobs_of("Activity_RegisterRejected") == {"state": "rejected", "by": "general_manager"}
    case.finish("Activity_RegisterRejected")
    parts = {part.name for row in case.bound("rectification_measures", None).rows for part in row}
    assert "measures_return_reason" in parts
    measures_set(case)
    case.answer("Activity_ApproveMeasures", measures_decision="not_needed", measures_return_reason="已另行解决")
    case.finish("Activity_RegisterDropped").finish("Activity_TellDropped")
    assert (case.is_ended, case.end_event_id) == (True, "End_Dropped")
    return case


def from_a_complaint(new_case: NewCase) -> ActedCase:
    case = new_case("rectification").begin_by_message("rectification_proposed", FROM_COMPLAINT)
    case.answer("Activity_Propose", proposal_text="检查").fire("Event_ProposalsClosed")
    assert case.open == ["Activity_SetMeasures"], "the manager goes on without the others"
    assert case.value("proposals") == "许知秋: 检查"
    return measures_set(case)


def not_verified(new_case: NewCase) -> ActedCase:
    case = carried_out(carried_out(approved(measures_set(proposed(new_case)))))
    assert case.refused("Activity_Verify", verification="not_verified") == {"verification_return_reason", "redo_due_on"}
    case.answer(
        "Activity_Verify", verification="not_verified", verification_return_reason="清单不全", redo_due_on="2026-03-20"
    )
    assert case.jobs_of("Activity_RegisterNotVerified") == {"number": 1, "state": "approved"}
    case.finish("Activity_RegisterNotVerified")
    again = case.opened("Activity_CarryOut")
    assert (again.assignee, case.hours_until(again.due_at)) == ("advisor", 15 * 8)
    shown = {part.name for row in case.bound("rectification_carry_out", None, of=again).rows for part in row}
    assert {"verification_return_reason", "redo_due_on"} <= shown
    verified(verified(carried_out(case)))
    return noted(case)


def overdue(new_case: NewCase) -> ActedCase:
    case = approved(measures_set(proposed(new_case)))
    case.fire("Event_Overdue")
    assert case.now.astimezone(ZONE).strftime("%m-%d %H") == "03-10 18"
    step_in = case.opened("Activity_StepIn")
    assert (step_in.candidate_groups, step_in.priority) == (("business_manager",), 80)
    case.answer("Activity_StepIn", step_in_note="明天完成")
    case.fire("Event_LongOverdue")
    assert case.now.astimezone(ZONE).strftime("%m-%d %H") == "03-12 18", "two working days later"
    higher = case.opened("Activity_StepInHigher")
    assert (higher.candidate_groups, higher.priority) == (("general_manager",), 90)
    case.answer("Activity_StepInHigher", step_in_note="总经理督办")
    case.fire("Event_Overdue")
    verified(carried_out(case))
    verified(carried_out(case))
    assert case.open == ["Activity_NoteResult"], "what was to be chased is verified"
    return noted(case)


def managers_carry_out(new_case: NewCase) -> ActedCase:
    """Both are done by managers, each is verified by the other."""
    case = proposed(new_case)
    by_managers = {"measures-0-responsible_id": "business", "measures-1-responsible_id": "manager"}
    case.answer("Activity_SetMeasures", **{**MEASURES, **by_managers}).finish("Activity_RegisterMeasures")
    case.answer("Activity_ApproveMeasures", measures_decision="approved").finish("Activity_RegisterApproved")
    carried_out(carried_out(case))
    for nth, other in ((1, "business"), (0, "manager")):
        case.answer("Activity_Verify", nth, by=other, verification="verified").finish("Activity_RegisterVerified")
    return noted(case)


def redone_and_late_again(new_case: NewCase) -> ActedCase:
    case = carried_out(carried_out(approved(measures_set(proposed(new_case)))))
    case.answer(
        "Activity_Verify", verification="not_verified", verification_return_reason="未张贴", redo_due_on="2026-03-06"
    )
    case.finish("Activity_RegisterNotVerified").fire("Event_Overdue")
    assert case.now.astimezone(ZONE).strftime("%m-%d %H") == "03-06 18", "chased by the new date"
    carried_out(case.answer("Activity_StepIn", step_in_note="今天补做"))
    verified(verified(case))
    return noted(case)


SCENARIOS = [
    two_measures, sent_back_then_not_needed, from_a_complaint, not_verified, overdue, managers_carry_out,
    redone_and_late_again,
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_scenario(scenario, new_case: NewCase) -> None:
    assert scenario(new_case).incidents == []


def test_every_flow_is_taken_by_some_scenario(new_live_case: NewCase) -> None:
    taken = {flow for scenario in SCENARIOS for flow in scenario(new_live_case).flows}
    assert taken == set(shipped_process("rectification").flows)
