"""Faults of events by the place they stand in, of links, event subprocesses and compensation."""

from __future__ import annotations

import pytest

from app import engine
from tests.unit.engine.faults import Fault, added, flow
from tests.unit.engine.test_faulty_elements import AROUND, DAY, boundary

OUT = flow("z", "x", "end")
UNDO = '<bpmn:task id="h" isForCompensation="true" />'
COMPENSATION = boundary('<bpmn:compensateEventDefinition id="d" />')


def event(name: str, kind: str, attributes: str = "") -> str:
    return f'<bpmn:{name} id="x"><bpmn:{kind}EventDefinition id="d" {attributes}/></bpmn:{name}>'


def link(name: str, identifier: str) -> str:
    return f'<bpmn:{name} id="{identifier}"><bpmn:linkEventDefinition id="d_{identifier}" name="l" /></bpmn:{name}>'


def event_subprocess(*starts: str) -> str:
    return f'<bpmn:subProcess id="x" triggeredByEvent="true">{"".join(starts)}</bpmn:subProcess>'


def error_start(identifier: str) -> str:
    return f'<bpmn:startEvent id="{identifier}"><bpmn:errorEventDefinition /></bpmn:startEvent>'


PLACES = {
    ("intermediateCatchEvent", "error"): "Put it on the boundary of an activity.",
    ("intermediateCatchEvent", "cancel"): "Put it on the boundary of a transaction.",
    ("intermediateCatchEvent", "compensate"): "Put it on the boundary of the activity that is undone.",
    ("intermediateCatchEvent", "terminate"): "It cannot stand at this place.",
    ("intermediateThrowEvent", "terminate"): "Only an end event terminates.",
    ("intermediateThrowEvent", "error"): "Only an end event throws an error.",
    ("intermediateThrowEvent", "cancel"): "Only an end event in a transaction cancels it.",
    ("intermediateThrowEvent", "timer"): "Use an intermediate catch event.",
    ("endEvent", "link"): "Use an intermediate throw event.",
    ("endEvent", "timer"): "It cannot stand at this place.",
    ("startEvent", "terminate"): "It cannot stand at this place.",
}
FAULTS = {
    "cancel outside a transaction": added(event("endEvent", "cancel") + flow("y", "bill", "x"), "cancel_place", "d"),
    "cancel on no transaction": added(boundary('<bpmn:cancelEventDefinition id="d" />'), "cancel_place", "d"),
    "error start of a process": added(event("startEvent", "error") + flow("y", "x", "bill"), "event_place", "d"),
    "start that goes beside": Fault(
        '<bpmn:startEvent id="depot_start">',
        '<bpmn:startEvent id="depot_start" isInterrupting="false">',
        "not_interrupting_place",
        "depot_start",
    ),
    "one thing in parallel": added(
        f'<bpmn:intermediateCatchEvent id="x" parallelMultiple="true">{DAY}</bpmn:intermediateCatchEvent>' + AROUND,
        "parallel_multiple",
        "x",
    ),
    "no such signal": added(
        event("endEvent", "signal", 'signalRef="s" ') + flow("y", "bill", "x"), "unknown_reference", "d"
    ),
    "flow out of a link": added(
        link("intermediateThrowEvent", "x") + link("intermediateCatchEvent", "w") + flow("v", "w", "end") + AROUND,
        "flow_out_of_link",
        "x",
    ),
    "flow into a link": added(
        link("intermediateThrowEvent", "w") + link("intermediateCatchEvent", "x") + flow("v", "bill", "w") + AROUND,
        "flow_into_link",
        "x",
    ),
    "flows of an event subprocess": added(event_subprocess(error_start("xs")) + AROUND, "event_subprocess_flow", "x"),
    "event subprocess without a start": added(event_subprocess('<bpmn:task id="t" />'), "event_subprocess_start", "x"),
    "event subprocess without an event": added(
        event_subprocess('<bpmn:startEvent id="xs" />'), "no_event_definition", "xs"
    ),
    "event subprocess with two starts": added(
        event_subprocess(error_start("xs"), error_start("xt")), "several_starts", "xt"
    ),
    "compensation without a handler": added(COMPENSATION.replace(OUT, ""), "compensation_event", "x"),
    "compensation with a flow": added(
        COMPENSATION + UNDO + '<bpmn:association id="a" sourceRef="x" targetRef="h" />', "compensation_flow", "x"
    ),
    "compensation turned round": added(
        COMPENSATION.replace(OUT, "") + UNDO + '<bpmn:association id="a" sourceRef="h" targetRef="x" />',
        "compensation_direction",
        "a",
    ),
    "handler that is not marked": added(
        COMPENSATION.replace(OUT, "") + '<bpmn:association id="a" sourceRef="x" targetRef="repair" />',
        "compensation_handler",
        "a",
    ),
    "handler of nothing": added(UNDO, "compensation_handler", "h"),
    "undoing of what nothing undoes": added(
        '<bpmn:intermediateThrowEvent id="x"><bpmn:compensateEventDefinition activityRef="check" />'
        "</bpmn:intermediateThrowEvent>" + AROUND,
        "compensation_place",
        "x",
    ),
    "ad-hoc subprocess with a start": added(
        '<bpmn:adHocSubProcess id="x"><bpmn:startEvent id="xs" /><bpmn:task id="t" /></bpmn:adHocSubProcess>' + AROUND,
        "ad_hoc_event",
        "xs",
    ),
    "instantiating gateway with a flow": Fault(
        '<bpmn:eventBasedGateway id="await" />',
        '<bpmn:eventBasedGateway id="await" instantiate="true" />',
        "event_gateway",
        "await",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_refused_for_its_own_reason(name: str) -> None:
    FAULTS[name].check()


@pytest.mark.parametrize(("place", "kind"), PLACES)
def test_an_event_at_a_place_it_cannot_have_is_told_where_it_belongs(place: str, kind: str) -> None:
    xml = added(event(place, kind), "element", "d").xml()
    with pytest.raises(engine.DeploymentRefused) as refusal:
        engine.parse(xml.encode(), "faulty.bpmn")
    (found,) = refusal.value.problems
    assert (found.code, found.element_id) == ("element", "d")
    assert PLACES[place, kind] in found.message
