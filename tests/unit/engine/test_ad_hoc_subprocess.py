"""Ad-hoc subprocesses: activities without an order (BPMN 2.0.2, 10.3.5 and 13.3.5)."""

from __future__ import annotations

import pytest

from app import engine
from app.engine.live_cases import LIVE_CASES
from tests.unit.engine.case import Case, context, flows, process_of
from tests.unit.engine.conftest import NewCase

THREE = "".join(f'<bpmn:task id="{name}"/>' for name in "abc")


def begin(case: Case, element_id: str) -> Case:
    """Begin an activity of the ad-hoc subprocess `jobs` by hand."""
    activity_id = next(key for key, name in case.live_activities.items() if name == "jobs")
    if case.is_saved:
        LIVE_CASES.clear()
    state = case.state or b""
    return case.absorb(engine.start_ad_hoc(case.process, state, activity_id, element_id, context()))


def enabled(case: Case) -> list[str]:
    return [entry.element_id for entry in engine.enabled_activities(case.process, case.state or b"", context())]


def test_all_activities_no_flow_leads_to_are_begun(new_case: NewCase) -> None:
    case = new_case("ad_hoc_parallel.bpmn").start({"enough": False})
    assert case.open == ["a", "b", "c"]
    assert case.do("b").open == ["a", "b2", "c"]


def test_when_the_condition_is_true_the_rest_is_withdrawn(new_case: NewCase) -> None:
    case = new_case("ad_hoc_parallel.bpmn").start({"enough": False}).do("b", enough=True)
    assert (case.open, "b_b2" in case.flows, case.timers) == (["after"], False, {})
    assert case.do("after").is_ended


def test_or_waited_for_and_nothing_more_is_begun(new_case: NewCase) -> None:
    case = new_case("ad_hoc_parallel_waits_for_the_rest.bpmn").start({"enough": False}).do("a", enough=True)
    assert (case.open, enabled(case)) == (["b", "c"], [])
    with pytest.raises(engine.ActivityNotEnabled):
        begin(case, "a")
    assert case.do("b").open == ["c"]
    assert case.do("c").open == ["after"]


def test_in_sequential_order_one_is_open_at_a_time(new_case: NewCase) -> None:
    case = new_case("ad_hoc_sequential.bpmn").start({"enough": False})
    seen = []
    while "after" not in case.open:
        (open_,) = case.open
        seen.append(open_)
        case.do(open_, enough=len(seen) == 4)
    assert seen == ["a", "b", "b2", "c"]


def test_while_the_condition_is_false_it_stays_open_and_more_can_be_begun(new_case: NewCase) -> None:
    case = new_case("ad_hoc_parallel.bpmn").start({"enough": False}).do("a").do("b").do("b2").do("c")
    assert (case.open, case.incidents, enabled(case)) == ([], [], ["a", "b", "c"])
    begin(case, "c")
    begin(case, "c")
    assert case.open == ["c", "c"]
    assert case.do("c", enough=True).open == ["after"]


def test_an_expression_says_what_is_begun_and_without_a_condition_the_last_one_ends_it(new_case: NewCase) -> None:
    case = new_case("ad_hoc_without_condition.bpmn").start({"chosen": ["c", "b"]})
    assert [task.element_id for task in case.user_tasks.values()] == ["c", "b"]
    assert case.do("b").do("c").open == ["b2"]
    assert case.do("b2").open == ["after"]


def test_nothing_chosen_is_nothing_to_do(new_case: NewCase) -> None:
    assert new_case("ad_hoc_without_condition.bpmn").start({"chosen": []}).open == ["after"]


@pytest.mark.parametrize("chosen", [["b2"], ["nothing"], "a", None])
def test_only_activities_no_flow_leads_to_can_be_chosen(new_case: NewCase, chosen: object) -> None:
    with pytest.raises(engine.StepFailed, match="is not a list of ids") as failure:
        new_case("ad_hoc_without_condition.bpmn").start({"chosen": chosen})
    assert failure.value.incident.element_id == "jobs"


def test_begun_by_hand_one_after_another(new_case: NewCase) -> None:
    case = new_case("ad_hoc_begun_by_hand.bpmn").start({"enough": False})
    assert (case.open, enabled(case)) == ([], ["a", "b", "c"])
    assert begin(case, "b").open == ["b"]
    assert enabled(case) == []
    with pytest.raises(engine.ActivityNotEnabled, match="complete the open one first"):
        begin(case, "a")
    assert case.do("b").open == ["b2"]
    assert begin(case.do("b2"), "a").do("a", enough=True).open == ["after"]


@pytest.mark.parametrize("element_id", ["b2", "after", "nothing"])
def test_what_a_flow_leads_to_cannot_be_begun(new_case: NewCase, element_id: str) -> None:
    case = new_case("ad_hoc_begun_by_hand.bpmn").start({"enough": False})
    with pytest.raises(engine.ActivityNotEnabled, match="no activity that can be begun"):
        begin(case, element_id)


def test_nothing_is_begun_in_what_is_over(new_case: NewCase) -> None:
    case = new_case("ad_hoc_parallel.bpmn").start({"enough": True})
    (activity_id,) = (key for key, name in case.live_activities.items() if name == "jobs")
    case.do("a")
    with pytest.raises(engine.ActivityNotWaiting):
        engine.start_ad_hoc(case.process, case.state or b"", activity_id, "a", context())


def test_a_boundary_event_interrupts_it_even_when_nothing_is_open_inside(new_case: NewCase) -> None:
    case = new_case("ad_hoc_begun_by_hand.bpmn").start({"enough": False}).fire("late")
    assert case.end_event_id == "end"


def test_a_repeated_activity_counts_as_one(new_case: NewCase) -> None:
    marker = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="[1, 2]"/>'
    source = process_of(
        '<bpmn:adHocSubProcess id="jobs"><bpmn:completionCondition>count(asked) > 0</bpmn:completionCondition>',
        f'<bpmn:userTask id="a">{marker}</bpmn:userTask><bpmn:userTask id="b"/></bpmn:adHocSubProcess>',
    )
    case = new_case(source).start({"asked": []}).do("a", asked=[1])
    assert case.open == ["a", "b"]
    assert case.do("a").is_ended


@pytest.mark.parametrize(
    ("attributes", "inside", "code"),
    [
        ("", '<bpmn:startEvent id="i"/><bpmn:task id="a"/>' + flows("i a"), "ad_hoc_event"),
        ("", "", "ad_hoc_empty"),
        ('ordering="Sequential"', THREE + flows("a b", "a c"), "ad_hoc_split"),
        ('ordering="Any"', '<bpmn:task id="a"/>', "attribute_type"),
    ],
)  # fmt: skip
def test_faulty_ad_hoc_subprocesses_are_refused(attributes: str, inside: str, code: str) -> None:
    source = process_of(f'<bpmn:adHocSubProcess id="x" {attributes}>{inside}</bpmn:adHocSubProcess>')
    with pytest.raises(engine.DeploymentRefused) as refusal:
        engine.parse(source, "x.bpmn")
    assert [found.code for found in refusal.value.problems] == [code]
