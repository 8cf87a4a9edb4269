from __future__ import annotations

import pytest

from app import engine
from tests.unit.engine.case import flows, process_of
from tests.unit.engine.conftest import NewCase

START = '<bpmn:startEvent id="s"/>'
END = '<bpmn:endEvent id="e"/>'


def throw(name: str, link: str = "x", inside: str = "", attributes: str = "") -> str:
    definition = f'<bpmn:linkEventDefinition id="{name}_link" name="{link}">{inside}</bpmn:linkEventDefinition>'
    return f'<bpmn:intermediateThrowEvent id="{name}" {attributes}>{definition}</bpmn:intermediateThrowEvent>'


def catch(name: str, link: str = "x") -> str:
    definition = f'<bpmn:linkEventDefinition id="{name}_link" name="{link}"/>'
    return f'<bpmn:intermediateCatchEvent id="{name}">{definition}</bpmn:intermediateCatchEvent>'


def test_a_token_jumps_as_often_as_it_comes(new_case: NewCase) -> None:
    case = new_case("link_events.bpmn").start().do("work", good=False).do("repair", good=False)
    assert (case.open, case.flows[-2:]) == (["repair"], ["done_again", "rework_repair"])
    assert case.do("repair", good=True).end_event_id == "e"


def test_several_jump_to_the_same_place(new_case: NewCase) -> None:
    fork = '<bpmn:parallelGateway id="fork"/><bpmn:userTask id="w"/>'
    ways = flows("s fork", "fork a", "fork b", "c w", "w e")
    case = new_case(process_of(START, fork, throw("a"), throw("b"), catch("c"), ways, END)).start()
    assert case.open == ["w", "w"]
    assert case.do("w").do("w").is_ended


def test_an_inclusive_join_waits_for_who_can_still_jump_before_it(new_case: NewCase) -> None:
    nodes = '<bpmn:inclusiveGateway id="fork"/><bpmn:inclusiveGateway id="join"/><bpmn:userTask id="late"/>'
    ways = flows("s fork", "fork join", "fork late", "late a", "c join", "join e")
    case = new_case(process_of(START, nodes, throw("a"), catch("c"), ways, END)).start()
    assert case.open == ["late"]
    assert case.do("late").flows.count("join_e") == 1


JUMP = throw("a") + catch("c") + '<bpmn:userTask id="w"/>' + flows("c w")
HOUR = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
SEVERAL = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="[1, 2]"/>'


@pytest.mark.parametrize(
    ("level", "number"),
    [
        (f'<bpmn:subProcess id="x">{SEVERAL}<bpmn:startEvent id="i"/>{JUMP}{flows("i a")}</bpmn:subProcess>', 2),
        (f'<bpmn:adHocSubProcess id="x"><bpmn:task id="i"/>{JUMP}{flows("i a")}</bpmn:adHocSubProcess>', 1),
        (
            '<bpmn:task id="x"/><bpmn:subProcess id="on" triggeredByEvent="true">'
            f'<bpmn:startEvent id="i" isInterrupting="false">{HOUR}</bpmn:startEvent>{JUMP}'
            + flows("i a")
            + "</bpmn:subProcess>"
            '<bpmn:userTask id="keep"/>' + flows("s keep", "keep e"),
            1,
        ),
    ],
)
def test_a_jump_inside(new_case: NewCase, level: str, number: int) -> None:
    case = new_case(process_of(START, level, flows("s x", "x e"), END)).start()
    if case.timers:
        case.fire("i").do("keep")
    assert case.open == ["w"] * number
    for _ in range(number):
        case.do("w")
    assert case.is_ended


def codes(*elements: str) -> list[str]:
    with pytest.raises(engine.DeploymentRefused) as refused:
        engine.parse(process_of(START, END, *elements), "x.bpmn")
    return [
        f"{problem.element_id}: {problem.message[:24]}" for problem in refused.value.problems if problem.code == "link"
    ]


def test_each_jump_has_one_place_to_arrive() -> None:
    fork = '<bpmn:parallelGateway id="fork"/>' + flows("s fork", "fork a", "fork b")
    assert codes(throw("a"), flows("s a")) == ["a: Nothing of this level ca"]
    assert codes(catch("c"), flows("s e", "c e")) == ["c: No link of this level ju"]
    both = catch("c") + catch("d") + flows("c e", "d e")
    assert codes(throw("a"), flows("s a"), both) == ["d: Two links arrive under t"]
    assert codes(fork, throw("a"), throw("b", ""), catch("c"), catch("d", ""), flows("c e", "d e")) == [
        "b: The link has no name. Gi",
        "d: The link has no name. Gi",
    ]


def test_a_link_stays_on_its_level() -> None:
    sub = '<bpmn:subProcess id="sub"><bpmn:startEvent id="s1"/>' + throw("a") + flows("s1 a") + "</bpmn:subProcess>"
    assert codes(sub, catch("c"), flows("s sub", "sub e", "c e")) == [
        "a: Nothing of this level ca",
        "c: No link of this level ju",
    ]


def test_source_and_target_say_the_same_as_the_names() -> None:
    ways = flows("s a", "c e")
    right = throw("a", inside="<bpmn:target>c_link</bpmn:target>")
    assert engine.parse(process_of(START, END, right, catch("c"), ways), "x.bpmn")
    wrong = throw("a", inside="<bpmn:target>a_link</bpmn:target>").replace('name="x"', 'name="x"', 1)
    other = throw("b", "y") + catch("d", "y") + '<bpmn:parallelGateway id="fork"/>'
    mixed = wrong.replace("a_link</bpmn:target>", "d_link</bpmn:target>")
    ways = flows("s fork", "fork a", "fork b", "c e", "d e")
    assert codes(mixed, catch("c"), other, ways) == ["a: bpmn:target names a link"]


def test_a_jump_is_no_end_of_a_transaction() -> None:
    held = throw("a", attributes='camunda:asyncAfter="true"')
    assert codes(held, catch("c"), flows("s a", "c e")) == ["a: A jump ends in no transa"]
