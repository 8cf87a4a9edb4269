"""startQuantity and completionQuantity: several tokens to begin, several to go on (BPMN 2.0.2, 10.3)."""

from __future__ import annotations

import pytest

from app import engine
from tests.unit.engine.case import flows, process_of
from tests.unit.engine.conftest import NewCase

START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'


def test_an_activity_waits_for_its_tokens_whichever_way_they_come(new_case: NewCase) -> None:
    case = new_case("start_and_completion_quantity.bpmn").start().do("a")
    assert (case.open, case.flows[-2:]) == (["b"], ["a_pack", "a_pack"])
    assert case.do("b").open == ["pack"]
    assert case.do("pack").do("after").end_event_id == "end"


def test_each_token_of_a_completion_goes_its_own_way(new_case: NewCase) -> None:
    source = process_of(START, '<bpmn:task id="x" completionQuantity="3"/><bpmn:userTask id="u"/>', flows("s x", "x u"))
    case = new_case(source).start()
    assert case.open == ["u", "u", "u"]
    assert case.do("u").do("u").do("u").is_ended


def test_more_tokens_than_needed_begin_the_next_round(new_case: NewCase) -> None:
    source = process_of(
        START,
        '<bpmn:task id="x" completionQuantity="4"/><bpmn:userTask id="u" startQuantity="2"/>',
        flows("s x", "x u"),
    )
    assert new_case(source).start().open == ["u", "u"]


def test_tokens_that_will_never_be_enough_are_an_incident(new_case: NewCase) -> None:
    source = process_of(START, '<bpmn:userTask id="u" startQuantity="2"/>', flows("s u"))
    case = new_case(source).start()
    assert (case.open, case.incidents, case.is_ended) == ([], ["false_completion"], False)
    assert case.cancel().is_ended
    case = new_case(source).start()
    assert case.modify(engine.StartBefore("u")).open == ["u"], "somebody adds the one that is missing"
    assert case.do("u").is_ended


def test_an_interrupted_subprocess_takes_gathered_tokens_along(new_case: NewCase) -> None:
    inside = '<bpmn:userTask id="a"/><bpmn:userTask id="u" startQuantity="3"/>' + flows("a u")
    loose = '<bpmn:task id="b"/>' + flows("b u")
    timer = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    source = process_of(
        START,
        f'<bpmn:subProcess id="x">{inside}{loose}</bpmn:subProcess>',
        f'<bpmn:boundaryEvent id="late" attachedToRef="x">{timer}</bpmn:boundaryEvent>',
        END,
        flows("s x", "x e", "late e"),
    )
    assert new_case(source).start().fire("late").end_event_id == "e"


@pytest.mark.parametrize(
    "marker",
    [
        '<bpmn:standardLoopCharacteristics loopMaximum="2"/>',
        '<bpmn:multiInstanceLoopCharacteristics camunda:collection="[1, 2]" isSequential="true"/>',
    ],
)
def test_they_count_for_a_repeated_activity_as_a_whole(new_case: NewCase, marker: str) -> None:
    source = process_of(
        START,
        '<bpmn:task id="x" completionQuantity="3"/><bpmn:userTask id="v"/>',
        f'<bpmn:userTask id="u" startQuantity="3" completionQuantity="2">{marker}</bpmn:userTask>',
        flows("s x", "x u", "u v"),
    )
    case = new_case(source).start()
    assert (case.open, case.do("u").open, case.do("u").open) == (["u"], ["u"], ["v", "v"])


def test_tokens_held_before_the_activity_are_counted_as_their_jobs_let_them_go(new_case: NewCase) -> None:
    source = process_of(
        START,
        '<bpmn:task id="x" completionQuantity="4"/>',
        '<bpmn:userTask id="u" startQuantity="2" camunda:asyncBefore="true"/>',
        flows("s x", "x u"),
    )
    case = new_case(source).start()
    assert (case.go_on("u").open, case.go_on("u").open) == ([], ["u"])
    assert case.go_on("u").go_on("u").do("u").do("u").is_ended


def test_a_thousand_tokens_are_the_most() -> None:
    task = '<bpmn:task id="x" completionQuantity="1001"/>'
    with pytest.raises(engine.DeploymentRefused) as refusal:
        engine.parse(process_of(START, task, END, flows("s x", "x e")), "x.bpmn")
    assert [(found.element_id, found.code) for found in refusal.value.problems] == [("x", "quantity")]


def test_an_activity_that_no_flow_leads_to_can_gather_nothing() -> None:
    with pytest.raises(engine.DeploymentRefused) as refusal:
        engine.parse(process_of('<bpmn:task id="x" startQuantity="2"/>'), "x.bpmn")
    assert [(found.element_id, found.code) for found in refusal.value.problems] == [("x", "start_quantity")]
