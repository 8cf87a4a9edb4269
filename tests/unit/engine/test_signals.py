from __future__ import annotations

import pytest

from app import engine
from tests.unit.engine.case import context, document, flows
from tests.unit.engine.conftest import NewCase

DECLARED = '<bpmn:signal id="sig" name="alarm"/><bpmn:signal id="calm" name="all clear"/>'
SIGNAL = '<bpmn:signalEventDefinition signalRef="sig"/>'
ENDS = '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>'


def process(*elements: str) -> bytes:
    return document(DECLARED, '<bpmn:process id="p" isExecutable="true">', *elements, "</bpmn:process>")


def throw(inside: str = "", definition: str = SIGNAL) -> str:
    return f'<bpmn:intermediateThrowEvent id="throw">{inside}{definition}</bpmn:intermediateThrowEvent>'


def catch(name: str, definition: str = SIGNAL) -> str:
    return f'<bpmn:intermediateCatchEvent id="{name}">{definition}</bpmn:intermediateCatchEvent>'


def test_a_case_waits_for_a_signal_of_another(new_case: NewCase) -> None:
    case = new_case("signal_catch_event.bpmn").start()
    (subscription,) = case.subscriptions.values()
    assert (subscription.name, subscription.kind, subscription.correlation_key) == ("alarm", "signal", None)
    case.hear("wait", level="high")
    assert (case.is_ended, case.value("level"), case.signals) == (True, "high", [])


def test_it_cannot_be_heard_as_a_message(new_case: NewCase) -> None:
    case = new_case("signal_catch_event.bpmn").start()
    (waiting,) = case.subscriptions
    with pytest.raises(engine.ActivityNotWaiting):
        engine.correlate(case.process, case.state or b"", waiting, {}, context())
    with pytest.raises(engine.ActivityNotWaiting):
        engine.receive_signal(case.process, case.state or b"", "unknown", {}, context())


def test_everything_in_the_case_that_waits_hears_it_at_once(new_case: NewCase) -> None:
    forked = ENDS + '<bpmn:parallelGateway id="fork"/><bpmn:userTask id="work"/>' + throw() + catch("a") + catch("b")
    other = catch("c", '<bpmn:signalEventDefinition signalRef="calm"/>')
    ways = flows("s fork", "fork a", "fork b", "fork c", "fork work", "a e", "b e", "c e", "work throw", "throw e")
    case = new_case(process(forked, other, ways)).start()
    case.do("work")
    assert [one.element_id for one in case.subscriptions.values()] == ["c"]
    assert case.signals == [("alarm", {})]


def test_nobody_needs_to_hear_it(new_case: NewCase) -> None:
    case = new_case("signal_throw_event.bpmn").start({"grade": 3})
    assert (case.is_ended, case.signals) == (True, [("alarm", {"level": 3, "seen": "by all"})])


def test_all_variables_can_be_sent(new_case: NewCase) -> None:
    everything = (
        '<bpmn:signalEventDefinition signalRef="sig"><bpmn:extensionElements><camunda:in variables="all"/>'
        "</bpmn:extensionElements></bpmn:signalEventDefinition>"
    )
    case = new_case(process(ENDS, throw(definition=everything), flows("s throw", "throw e"))).start({"a": 1, "b": "x"})
    assert case.signals == [("alarm", {"a": 1, "b": "x"})]


def test_an_end_event_throws_it(new_case: NewCase) -> None:
    end = f'<bpmn:endEvent id="e">{SIGNAL}</bpmn:endEvent>'
    case = new_case(process('<bpmn:startEvent id="s"/>', end, flows("s e"))).start()
    assert (case.end_event_id, case.signals) == ("e", [("alarm", {})])


@pytest.mark.parametrize(("is_interrupting", "left"), [("true", ["told"]), ("false", ["told", "work"])])
def test_on_the_boundary(new_case: NewCase, is_interrupting: str, left: list[str]) -> None:
    boundary = f'<bpmn:boundaryEvent id="b" attachedToRef="work" cancelActivity="{is_interrupting}">{SIGNAL}'
    tasks = '<bpmn:userTask id="work"/><bpmn:userTask id="told"/>'
    ways = flows("s work", "work e", "b told", "told e")
    case = new_case(process(ENDS, tasks, boundary, "</bpmn:boundaryEvent>", ways)).start().hear("b")
    assert (case.open, len(case.subscriptions)) == (left, 1 if is_interrupting == "false" else 0)


def test_behind_an_event_based_gateway(new_case: NewCase) -> None:
    second = catch("calmed", '<bpmn:signalEventDefinition signalRef="calm"/>')
    gateway = '<bpmn:eventBasedGateway id="g"/>' + catch("alarmed") + second
    ways = flows("s g", "g alarmed", "g calmed", "alarmed e", "calmed e")
    case = new_case(process(ENDS, gateway, ways)).start().hear("calmed")
    assert (case.is_ended, case.flows) == (True, ["s_g", "g_calmed", "calmed_e"])


def test_a_boundary_event_interrupts_the_thrower_inside(new_case: NewCase) -> None:
    """The subprocess is interrupted by what a token inside throws: that token does not go on."""
    inside = '<bpmn:startEvent id="s1"/><bpmn:userTask id="work"/><bpmn:userTask id="next"/><bpmn:endEvent id="e1"/>'
    sub = f'<bpmn:subProcess id="sub">{inside}{throw()}{flows("s1 work", "work throw", "throw next", "next e1")}'
    boundary = f'<bpmn:boundaryEvent id="b" attachedToRef="sub">{SIGNAL}</bpmn:boundaryEvent>'
    ways = flows("s sub", "sub e", "b e")
    case = new_case(process(ENDS, sub, "</bpmn:subProcess>", boundary, ways)).start().do("work")
    assert (case.is_ended, case.flows) == (True, ["s_sub", "s1_work", "work_throw", "b_e"])


def test_only_what_throws_has_a_payload() -> None:
    inside = '<bpmn:extensionElements><camunda:in source="a" target="b"/></bpmn:extensionElements>'
    definition = f'<bpmn:signalEventDefinition signalRef="sig">{inside}</bpmn:signalEventDefinition>'
    with pytest.raises(engine.DeploymentRefused) as refused:
        engine.parse(process(ENDS, catch("c", definition), flows("s c", "c e")), "x.bpmn")
    assert [problem.code for problem in refused.value.problems] == ["signal_payload"]
