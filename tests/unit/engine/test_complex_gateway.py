"""Complex gateways: waiting for start, waiting for reset (BPMN 2.0.2, 13.4.5)."""

from __future__ import annotations

import pytest

from app import engine
from tests.unit.engine.case import context, flows, process_of
from tests.unit.engine.conftest import NewCase


def test_two_of_three_are_enough_and_the_third_changes_nothing(new_case: NewCase) -> None:
    case = new_case("complex_gateway_two_of_three.bpmn").start({"with_c": True}).do("c")
    assert case.open == ["a", "b"]
    assert case.do("a").open == ["after", "b"]
    assert list(case.live_activities.values()).count("enough") == 1  # it waits for reset
    assert case.do("b").open == ["after"]
    assert "enough" not in case.live_activities.values()
    assert case.do("after").end_event_id == "end"


def test_it_does_not_wait_for_a_path_that_was_not_begun(new_case: NewCase) -> None:
    case = new_case("complex_gateway_two_of_three.bpmn").start({"with_c": False}).do("a").do("b")
    assert (case.open, list(case.live_activities.values())) == (["after"], ["after"])


def test_a_case_whose_late_tokens_come_last_ends_with_the_reset(new_case: NewCase) -> None:
    case = new_case("complex_gateway_two_of_three.bpmn").start({"with_c": True}).do("a").do("b").do("after")
    assert (case.open, case.is_ended) == (["c"], False)
    assert case.do("c").is_ended


def test_the_reset_sends_a_token_where_its_condition_or_the_default_says(new_case: NewCase) -> None:
    case = new_case("complex_gateway_with_reset_flow.bpmn").start({"needed": 1}).do("b")
    assert case.open == ["a", "after", "c"]
    assert case.do("a").open == ["after", "c"]
    assert case.do("c").open == ["after", "late"]
    assert case.do("late").do("after").is_ended


def test_a_token_more_on_the_same_flow_waits_for_the_next_round(new_case: NewCase) -> None:
    source = process_of(
        '<bpmn:startEvent id="s"/><bpmn:task id="twice" completionQuantity="2"/><bpmn:userTask id="b"/>',
        '<bpmn:complexGateway id="g"><bpmn:activationCondition>activationCounts.twice_g >= 1 and '
        "activationCount >= 3</bpmn:activationCondition></bpmn:complexGateway>",
        '<bpmn:userTask id="u"/>',
        flows("s twice", "s b", "twice g", "b g", "g u"),
    )
    case = new_case(source).start()
    assert case.open == ["b"]
    case.do("b")  # three tokens: one of each flow is consumed, one of the first flow stays
    assert (case.open, case.incidents) == (["u"], [])
    case.do("u")
    assert (case.open, case.incidents) == ([], ["false_completion"])


def test_a_late_token_is_enough_for_the_reset_though_the_next_round_has_begun(new_case: NewCase) -> None:
    """Flows that have brought their token in this round are not waited for again (BPMN 2.0.2, 13.4.5)."""
    source = process_of(
        '<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="merge"/><bpmn:parallelGateway id="fork"/>',
        "".join(f'<bpmn:userTask id="{name}"/>' for name in "abct"),
        '<bpmn:complexGateway id="g"><bpmn:activationCondition>activationCount &gt;= 2</bpmn:activationCondition>'
        "</bpmn:complexGateway>",
        flows("s merge", "merge fork", "fork a", "fork b", "fork c", "a g", "b g", "c g", "g t", "t merge"),
    )
    case = new_case(source).start().do("a").do("b").do("t")
    assert (case.open, "g" in case.live_activities.values()) == (["a", "b", "c", "c"], True)
    assert "g" not in case.do("c").live_activities.values()
    assert case.do("a").do("b").open == ["c", "t"], "and a new round counts from the beginning"


def test_a_condition_that_tokens_never_fulfil_is_an_incident(new_case: NewCase) -> None:
    case = new_case("complex_gateway_with_reset_flow.bpmn").start({"needed": 4}).do("a").do("b").do("c")
    assert (case.open, case.incidents) == ([], ["false_completion"])


def test_data_that_changes_later_may_fulfil_the_condition(new_case: NewCase) -> None:
    case = new_case("complex_gateway_with_reset_flow.bpmn").start({"needed": 3}).do("a")
    assert case.open == ["b", "c"]
    assert case.do("b", needed=2).open == ["after", "c"]


@pytest.mark.parametrize(("size", "open_"), [(0, ["c"]), (2, ["a"]), (3, ["a", "b"])])
def test_with_one_way_in_it_splits_by_its_conditions(new_case: NewCase, size: int, open_: list[str]) -> None:
    case = new_case("complex_gateway_splits.bpmn").start({"size": size})
    assert case.open == open_
    for name in open_:
        case.do(name)
    assert case.is_ended


def test_a_start_without_a_way_out_is_an_incident(new_case: NewCase) -> None:
    condition = "<bpmn:conditionExpression>false</bpmn:conditionExpression>"
    source = process_of(
        '<bpmn:startEvent id="s"/><bpmn:complexGateway id="g"/><bpmn:task id="a"/><bpmn:task id="b"/>',
        flows("s g"),
        f'<bpmn:sequenceFlow id="g_a" sourceRef="g" targetRef="a">{condition}</bpmn:sequenceFlow>',
        f'<bpmn:sequenceFlow id="g_b" sourceRef="g" targetRef="b">{condition}</bpmn:sequenceFlow>',
    )
    with pytest.raises(engine.StepFailed, match="no condition is true") as failure:
        new_case(source).start()
    assert failure.value.incident.element_id == "g"


@pytest.mark.parametrize("instruction", [engine.StartBefore("split"), engine.StartAfter("split")])
def test_a_token_is_put_before_or_behind_it_by_hand(new_case: NewCase, instruction: engine.Instruction) -> None:
    case = new_case("complex_gateway_splits.bpmn").start({"size": 2})
    assert case.open == ["a"]
    assert case.absorb(engine.modify(case.process, case.state or b"", [instruction], context())).open == ["a", "a"]


def test_several_ways_in_need_a_condition() -> None:
    source = process_of(
        '<bpmn:startEvent id="s"/><bpmn:task id="a"/><bpmn:task id="b"/><bpmn:complexGateway id="g"/>',
        '<bpmn:endEvent id="e"/>',
        flows("s a", "s b", "a g", "b g", "g e"),
    )
    with pytest.raises(engine.DeploymentRefused) as refusal:
        engine.parse(source, "x.bpmn")
    assert [(found.element_id, found.code) for found in refusal.value.problems] == [("g", "activation_condition")]
