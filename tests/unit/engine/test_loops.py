"""Loop markers: the same activity again while a condition holds (BPMN 2.0.2, 13.3.6)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import engine
from tests.unit.engine.case import process_of
from tests.unit.engine.conftest import NewCase


def test_a_loop_asks_after_each_pass_and_counts_them(new_case: NewCase) -> None:
    case = new_case("loop_of_user_task.bpmn").start()
    for number in range(3):
        (task,) = case.user_tasks.values()
        assert (task.element_id, task.candidate_groups) == ("work", (f"round {number}",))
        case.do("work", again=number < 2)
    assert (case.open, case.timers) == (["after"], {})
    assert case.flows == ["start_work", "work_after"]


def test_a_boundary_event_interrupts_the_whole_loop(new_case: NewCase) -> None:
    case = new_case("loop_of_user_task.bpmn").start().do("work", again=True).fire("late")
    assert (case.open, case.end_event_id) == ([], "end_late")


def test_a_condition_that_is_no_boolean_is_an_incident(new_case: NewCase) -> None:
    case = new_case("loop_of_user_task.bpmn").start()
    with pytest.raises(engine.StepFailed, match="not true or false"):
        case.do("work", again="yes")
    assert case.do("work", again=False).open == ["after"]


@pytest.mark.parametrize(
    ("limit", "total"),
    [(0, 0), (1, 1), (3, 3), (100, 6)],  # not even once; until the condition fails; the maximum of four passes
)
def test_tested_before_the_first_pass_may_be_left_out(new_case: NewCase, limit: int, total: int) -> None:
    case = new_case("loop_tested_before.bpmn").start({"limit": limit, "total": 0})
    assert (case.open, case.value("total")) == (["after"], Decimal(total))


def test_a_subprocess_is_repeated_as_often_as_the_maximum_says(new_case: NewCase) -> None:
    case = new_case("loop_with_maximum_only.bpmn").start().do("inner")
    assert case.open == ["inner"]
    assert case.do("inner").open == ["after"]


def test_a_call_is_repeated(new_case: NewCase) -> None:
    case = new_case("loop_of_call_activity.bpmn").start({"answer": None})
    assert [task.assignee for task in case.user_tasks.values()] == ["0"]
    case.do("c_work", answer="more")
    assert [task.assignee for task in case.user_tasks.values()] == ["1"]
    assert case.do("c_work", answer="enough").end_event_id == "end"


def test_an_endless_loop_is_stopped(new_case: NewCase) -> None:
    marker = "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>true</bpmn:loopCondition>"
    source = process_of(f'<bpmn:task id="x">{marker}</bpmn:standardLoopCharacteristics></bpmn:task>')
    with pytest.raises(engine.StepFailed) as failure:
        new_case(source, max_steps=500).start()
    assert (failure.value.incident.kind, failure.value.incident.element_id) == ("budget", "x")


@pytest.mark.parametrize(
    ("marker", "code"),
    [
        ("<bpmn:standardLoopCharacteristics/>", "loop"),
        ('<bpmn:standardLoopCharacteristics loopMaximum="many"/>', "attribute_type"),
        ('<bpmn:standardLoopCharacteristics loopMaximum="2"/><bpmn:multiInstanceLoopCharacteristics/>', "repeated"),
    ],
)
def test_faulty_markers_are_refused(marker: str, code: str) -> None:
    with pytest.raises(engine.DeploymentRefused) as refusal:
        engine.parse(process_of(f'<bpmn:task id="x">{marker}</bpmn:task>'), "x.bpmn")
    assert [(found.element_id, found.code) for found in refusal.value.problems] == [("x", code)]
