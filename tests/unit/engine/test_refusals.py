"""Faulty or unsupported diagrams are refused for the right reason, with element and line."""

from __future__ import annotations

import pytest

from app import engine
from tests.unit.engine.case import RESOURCES, document, flows, process_of

START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'


def problems(xml: bytes) -> list[engine.Problem]:
    with pytest.raises(engine.DeploymentRefused) as refusal:
        engine.parse(xml, "x.bpmn")
    return list(refusal.value.problems)


def problem(*elements: str) -> engine.Problem:
    (only,) = problems(process_of(*elements))
    return only


def around(element: str, *more: str) -> engine.Problem:
    """The one problem of a process with this element between start and end; its id is x."""
    return problem(START, element, END, *more, flows("s x", "x e"))


def catch(definition: str) -> str:
    return f'<bpmn:intermediateCatchEvent id="x">{definition}</bpmn:intermediateCatchEvent>'


def extended(element: str) -> str:
    return f'<bpmn:task id="x"><bpmn:extensionElements>{element}</bpmn:extensionElements></bpmn:task>'


def conditional(flow_id: str, source: str, target: str) -> str:
    condition = "<bpmn:conditionExpression>a</bpmn:conditionExpression>"
    return (
        f'<bpmn:sequenceFlow id="{flow_id}" sourceRef="{source}" targetRef="{target}">{condition}</bpmn:sequenceFlow>'
    )


DAY = "<bpmn:timerEventDefinition><bpmn:timeDate>2026-01-01</bpmn:timeDate></bpmn:timerEventDefinition>"
LANE = '<bpmn:laneSet><bpmn:lane id="y"><bpmn:flowNodeRef>z</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>'


def test_a_problem_names_element_line_and_what_to_do() -> None:
    found = around('<bpmn:choreographyTask id="x" name="All?"/>')
    assert (found.element_id, found.element_name, found.line, found.code) == ("x", "All?", 4, "element")
    assert found.message == (
        "bpmn:choreographyTask is not executed inside bpmn:process."
        " Choreographies are not executed. Draw processes that send each other messages."
    )


def test_all_problems_are_told_at_once() -> None:
    xml = process_of(START, '<bpmn:choreographyTask id="a"/>', '<bpmn:userTask id="b" camunda:asignee="ann"/>', END)
    assert [(found.element_id, found.line) for found in problems(xml)] == [("a", 4), ("b", 5)]


CHANGE = (
    '<bpmn:conditionalEventDefinition camunda:variableEvents="change"><bpmn:condition>true</bpmn:condition>'
    "</bpmn:conditionalEventDefinition>"
)


@pytest.mark.parametrize(
    ("element", "said"),
    [
        ('<bpmn:userTask id="x" camunda:asignee="a"/>', "camunda:asignee is not executed"),
        ('<bpmn:task id="x" camunda:asyncBefore="yes"/>', "only, not with “yes”."),
        ('<bpmn:userTask id="x" camunda:formKey="=form"/>', "must name a form"),
        ('<bpmn:userTask id="x" camunda:assignee="=a b +"/>', "camunda:assignee is not FEEL"),
        ('<bpmn:userTask id="x"><bpmn:potentialOwner/></bpmn:userTask>', "resourceAssignmentExpression"),
        ('<bpmn:scriptTask id="x" scriptFormat="feel"/>', "The script is empty"),
        ('<bpmn:scriptTask id="x" scriptFormat="groovy"><bpmn:script>1</bpmn:script></bpmn:scriptTask>', "in FEEL"),
        ('<bpmn:scriptTask id="x" scriptFormat="feel"><bpmn:script>{ a: }</bpmn:script></bpmn:scriptTask>', "not FEEL"),
        ('<bpmn:serviceTask id="x"/>', "Say who does the work"),
        ('<bpmn:serviceTask id="x" camunda:topic="t"/>', "Say who does the work"),
        ('<bpmn:serviceTask id="x" camunda:class="java.lang.Runtime"/>', "Code is not executed"),
        ('<bpmn:serviceTask id="x" camunda:expression="${x}"/>', "Code is not executed"),
        ('<bpmn:sendTask id="x"/>', "set messageRef"),
        ('<bpmn:receiveTask id="x" messageRef="nothing"/>', "names “nothing”, which does not exist"),
        ('<bpmn:callActivity id="x"/>', "the key of a process"),
        ('<bpmn:subProcess id="x" triggeredByEvent="true"/>', "one start event, with an event definition"),
        ('<bpmn:subProcess id="x"/>', "There is no start event"),
        ('<bpmn:intermediateCatchEvent id="x"/>', "waits for nothing"),
        (catch("<bpmn:signalEventDefinition/>"), "which signal"),
        (catch("<bpmn:conditionalEventDefinition/>"), "write a condition"),
        (catch(CHANGE), "create, update and delete"),
        (catch('<bpmn:linkEventDefinition name="there"/>'), "jumps to “there”"),
        (catch("<bpmn:timerEventDefinition/>"), "Say when"),
        ('<bpmn:exclusiveGateway id="x" gatewayDirection="Mixed"/>', "gatewayDirection"),
        ('<bpmn:task id="x" default="s_x"/>', "does not leave this element"),
        (extended("<camunda:taskListener/>"), "Listeners"),
        (extended("<aftercare:titel/>"), "unknown"),
        ('<bpmn:task id="x"><bpmn:multiInstanceLoopCharacteristics/></bpmn:task>', "Say how often"),
        ('<bpmn:endEvent id="x"/>', "leaves this end event"),
        ('<bpmn:endEvent id="x"><bpmn:timerEventDefinition/></bpmn:endEvent>', "cannot stand at this place"),
    ],
)  # fmt: skip
def test_what_is_not_executed_is_refused(element: str, said: str) -> None:
    found = problems(process_of(START, element, END, flows("s x", "x e")))
    assert said in "; ".join(map(str, found))
    assert {one.element_id for one in found} == {"x"}


def test_a_flow_must_lead_from_node_to_node_of_one_level() -> None:
    assert problem(START, END, flows("s e", "s nowhere")).code == "flow_end"


def test_a_condition_that_would_not_be_asked_is_refused() -> None:
    assert problem(START, END, conditional("f", "s", "e")).code == "condition_place"


def test_an_exclusive_gateway_needs_conditions() -> None:
    gateway = '<bpmn:exclusiveGateway id="x"/><bpmn:endEvent id="e2"/>'
    found = problem(START, gateway, END, flows("s x", "x e2"), conditional("f", "x", "e"))
    assert (found.element_id, found.code) == ("x_e2", "no_condition")


def test_a_default_flow_has_no_condition() -> None:
    gateway = '<bpmn:exclusiveGateway id="x" default="f"/><bpmn:endEvent id="e2"/>'
    found = problem(START, gateway, END, flows("s x"), conditional("f", "x", "e"), conditional("g", "x", "e2"))
    assert (found.element_id, found.code) == ("f", "default_condition")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ('<bpmn:task id="y"/>' + flows("x y"), "dead_end"),
        ('<bpmn:task id="y"/>' + flows("y e"), "unreachable"),
        (flows("x s"), "flow_into_start"),
        (f'<bpmn:boundaryEvent id="y" attachedToRef="s">{DAY}</bpmn:boundaryEvent>' + flows("y e"), "boundary_host"),
        (LANE, "lane_node"),
    ],
)  # fmt: skip
def test_what_is_wrongly_connected_is_refused(more: str, code: str) -> None:
    assert around('<bpmn:task id="x"/>', more).code == code


def test_an_event_based_gateway_leads_to_events() -> None:
    found = problems(
        process_of(
            START, '<bpmn:eventBasedGateway id="x"/>', '<bpmn:userTask id="y"/>', END, flows("s x", "x y", "y e")
        )
    )
    assert [one.code for one in found] == ["event_gateway", "event_gateway"]


def test_an_error_event_on_the_boundary_interrupts() -> None:
    event = '<bpmn:boundaryEvent id="y" attachedToRef="x" cancelActivity="false"><bpmn:errorEventDefinition/>'
    assert around('<bpmn:task id="x"/>', event + "</bpmn:boundaryEvent>", flows("y e")).code == "error_not_interrupting"


def test_a_syntax_error_says_where_it_is() -> None:
    xml = (RESOURCES / "user_tasks_and_exclusive_gateway.bpmn").read_bytes().replace(b"score &gt;= 60", b"score &gt;= ")
    (found,) = problems(xml)
    assert (found.element_id, found.code) == ("yes", "feel_syntax")
    assert "line 1, column 9" in found.message


def test_camunda_conditions_are_translated() -> None:
    xml = (RESOURCES / "user_tasks_and_exclusive_gateway.bpmn").read_bytes()
    process = engine.parse(xml.replace(b"=score &gt;= 60", b"${score &gt;= 60}"), "x.bpmn")[0]
    assert process.key == "simple"
    (found,) = problems(xml.replace(b"=score &gt;= 60", b"${bean.method(1)}"))
    assert found.code == "juel"


def test_foreign_namespaces_are_kept_and_listed() -> None:
    xml = process_of(
        '<bpmn:startEvent id="s" xmlns:other="urn:other" other:colour="red"><bpmn:extensionElements><other:thing/>'
        "</bpmn:extensionElements></bpmn:startEvent>",
        END,
        flows("s e"),
    )
    warnings = engine.parse(xml, "x.bpmn")[0].warnings
    assert [(warning.element_id, warning.params["name"]) for warning in warnings] == [("s", "colour"), ("s", "thing")]


def test_a_file_without_a_process_is_refused() -> None:
    assert [found.code for found in problems(document())] == ["no_process"]
    assert [found.code for found in problems(b"<html/>")] == ["not_bpmn"]


def test_the_drawing_is_not_needed_and_does_no_harm() -> None:
    shape = (
        '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"'
        ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="d"><di:BPMNPlane id="pl" bpmnElement="p">'
        '<di:BPMNShape id="sh" bpmnElement="s"><dc:Bounds x="1" y="1" width="1" height="1"/></di:BPMNShape>'
        "</di:BPMNPlane></di:BPMNDiagram>"
    )
    body = '<bpmn:process id="p" isExecutable="true">' + START + END + flows("s e") + "</bpmn:process>"
    assert engine.parse(document(body, shape), "x.bpmn")[0].warnings == ()
