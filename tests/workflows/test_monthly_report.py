"""The monthly report (domain page 2.3, A17.4-5, A19-20): every way through it."""

from __future__ import annotations

from datetime import datetime

import pytest

from app import engine
from tests.unit.engine.case import ZONE
from tests.workflows.acted_case import ActedCase
from tests.workflows.cast import CALENDAR
from tests.workflows.conftest import NewCase
from tests.workflows.form_case import shipped_process

COMMENTS = {"comment_overall": "回访率达标,按时交车仍是短板", "comment_problems": "三个问题未及时处理"}
ISSUED = {"report_id": "report-1", "report_number": 1}
PROPOSAL = {
    "proposals-0-problem_kind": "on_time", "proposals-0-cause_category": "method",
    "proposals-0-text": "预约分流,每小时限两台",
}  # fmt: skip


def timer_of(process: engine.ParsedProcess) -> engine.StartTrigger:
    (timer,) = [trigger for trigger in process.start_triggers if trigger.kind == "timer"]
    return timer


def computed(new_case: NewCase) -> ActedCase:
    case = new_case("monthly_report").begin({}, by="caller")
    (job,) = case.jobs.values()
    assert (job.connector, job.inputs) == ("compute-monthly-report", {"month": "2026-02"})
    case.finish("Activity_Compute")
    return case


def at_the_general_manager(new_case: NewCase) -> ActedCase:
    case = computed(new_case)
    check = case.opened("Activity_Check")
    assert check.candidate_groups == ("cr_advisor",)
    assert case.hours_until(check.due_at) == 8
    assert case.refused("Activity_Check") == {"check_decision"}
    case.answer("Activity_Check", check_decision="issue", **COMMENTS)
    (job,) = case.jobs.values()
    assert (job.element_id, job.connector) == ("Activity_Issue", "issue-monthly-report")
    assert job.inputs == {
        "issued_by": "caller", "overall": COMMENTS["comment_overall"], "problems": COMMENTS["comment_problems"],
        "follow_ups": None, "satisfaction": None, "customers": None,
    }  # fmt: skip
    case.finish("Activity_Issue", **ISSUED)
    assert case.opened("Activity_Acknowledge").candidate_groups == ("general_manager",)
    return case


def with_measures(new_case: NewCase) -> ActedCase:
    case = at_the_general_manager(new_case)
    assert case.refused("Activity_Acknowledge") == {"receipt"}
    case.answer("Activity_Acknowledge", receipt="acknowledged")
    analyse = case.opened("Activity_Analyse")
    assert analyse.candidate_groups == ("service_manager", "business_manager")
    assert case.hours_until(analyse.due_at) == 24
    assert case.refused("Activity_Analyse") == {"quality_findings", "earlier_effect", "has_proposals"}
    told = {"quality_findings": "周一积压最多", "earlier_effect": "备件说明率由 80% 升至 93%"}
    missing = case.refused("Activity_Analyse", **told, **{"has_proposals": "yes", "proposals-0-text": "预约"})
    assert missing == {"proposals-0-problem_kind", "proposals-0-cause_category"}
    case.answer("Activity_Analyse", **told, has_proposals="yes", **PROPOSAL)
    ((name, _key, payload),) = case.messages
    assert name == "rectification_proposed"
    assert payload == {
        "origin_kind": "report", "problem_kind": "on_time", "cause_category": "method",
        "text": PROPOSAL["proposals-0-text"],
    }  # fmt: skip
    assert case.end_event_id == "End_Reported"
    return case


def asked_back_and_computed_again(new_case: NewCase) -> ActedCase:
    case = at_the_general_manager(new_case)
    assert case.refused("Activity_Acknowledge", receipt="asked_back") == {"receipt_question"}
    case.answer("Activity_Acknowledge", receipt="asked_back", receipt_question="为何有三个问题超时?")
    html = " ".join(str(part.html) for row in case.bound("monthly_report_check", None).rows for part in row)
    assert "为何有三个问题超时" in html
    assert case.value("comment_overall") == COMMENTS["comment_overall"]
    case.answer("Activity_Check", check_decision="compute_again", comment_overall="补充")
    case.finish("Activity_Compute")
    case.answer("Activity_Check", check_decision="issue", comment_overall="补充说明:三个问题因节假日停工")
    case.finish("Activity_Issue", report_id="report-2", report_number=2)
    case.answer("Activity_Acknowledge", receipt="acknowledged")
    case.answer("Activity_Analyse", quality_findings="已查明原因", earlier_effect="本月无措施到期", has_proposals="no")
    assert case.messages == []
    assert case.end_event_id == "End_Reported"
    return case


def two_proposals(new_case: NewCase) -> ActedCase:
    """Each becomes a rectification of its own."""
    case = at_the_general_manager(new_case).answer("Activity_Acknowledge", receipt="acknowledged")
    second = {name.replace("-0-", "-1-"): text for name, text in PROPOSAL.items()}
    second["proposals-1-text"] = "交车前逐项核对"
    case.answer(
        "Activity_Analyse", quality_findings="x", earlier_effect="x", has_proposals="yes", **PROPOSAL, **second
    )
    assert [payload["text"] for _, _, payload in case.messages] == ["预约分流,每小时限两台", "交车前逐项核对"]
    assert case.end_event_id == "End_Reported"
    return case


def by_the_clock(new_case: NewCase) -> ActedCase:
    """The first of March 2026 is a Sunday: the case waits for Monday morning."""
    case = new_case("monthly_report").begin_by_timer()
    assert case.now == datetime(2026, 3, 1, 6, tzinfo=ZONE)
    ((_element, due),) = case.timers.values()
    assert due.astimezone(ZONE).date().isoformat() == "2026-03-02"
    assert CALENDAR.is_working(due)
    case.fire("Event_FirstWorkingDay")
    (job,) = case.jobs.values()
    assert job.inputs == {"month": "2026-02"}
    return case


SCENARIOS = (with_measures, asked_back_and_computed_again, two_proposals, by_the_clock)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(scenario: object, new_case: NewCase) -> None:
    scenario(new_case)  # type: ignore[operator]


def test_every_flow_is_taken_by_some_scenario(new_live_case: NewCase) -> None:
    taken = {flow for scenario in SCENARIOS for flow in scenario(new_live_case).flows}
    assert taken == set(shipped_process("monthly_report").flows)


def test_starts_on_the_first_of_each_month() -> None:
    trigger = timer_of(shipped_process("monthly_report"))
    now = datetime(2026, 2, 14, 12, tzinfo=ZONE)
    due = engine.first_due(trigger, engine.StepContext(now, ZONE, CALENDAR))
    assert due is not None
    assert due.at.astimezone(ZONE) == datetime(2026, 3, 1, 6, tzinfo=ZONE)
    context = engine.StepContext(due.at, ZONE, CALENDAR)
    assert engine.case_title(shipped_process("monthly_report"), {}, context) == "2026-02"
