"""What a call hands over when an error or an escalation leaves the called process."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import engine
from tests.unit.engine.case import document, flows
from tests.unit.engine.conftest import NewCase

OUT = (
    '<camunda:out source="reason" target="why"/><camunda:out sourceExpression="=paid * 2" target="double"/>'
    '<camunda:out sourceExpression="=1" target="one"/>'
)
BOUNDARY = '<bpmn:boundaryEvent id="b" attachedToRef="x" {attributes}>{definition}</bpmn:boundaryEvent>' + flows(
    "b late"
)
BESIDE = (
    '<bpmn:subProcess id="h" triggeredByEvent="true"><bpmn:startEvent id="hs" isInterrupting="false">{definition}'
    '</bpmn:startEvent><bpmn:userTask id="late"/>' + flows("hs late") + "</bpmn:subProcess>"
)
ERROR, ESCALATION = (
    '<bpmn:errorEventDefinition errorRef="err"/>',
    '<bpmn:escalationEventDefinition escalationRef="esc"/>',
)


def call(identifier: str, called: str, passed: str) -> str:
    extensions = f"<bpmn:extensionElements>{passed}</bpmn:extensionElements>"
    return f'<bpmn:callActivity id="{identifier}" calledElement="{called}">{extensions}</bpmn:callActivity>'


def calling(catcher: str, thrown: str, passed: str = OUT) -> bytes:
    """Case `p` calls `middle`, which calls `last`; that throws behind its user task."""
    late = "" if 'id="late"' in catcher else '<bpmn:userTask id="late"/>'
    bodies = {
        "p": '<bpmn:startEvent id="s"/>' + call("x", "middle", passed) + flows("s x") + catcher + late,
        "middle": call("y", "last", '<camunda:out variables="all"/>'),
        "last": '<bpmn:userTask id="u"/>' + thrown,
    }
    processes = [f'<bpmn:process id="{key}" isExecutable="true">{body}</bpmn:process>' for key, body in bodies.items()]
    declared = '<bpmn:error id="err" errorCode="E"/><bpmn:escalation id="esc" escalationCode="E"/>'
    return document(declared, *processes)


AN_ERROR = f'<bpmn:endEvent id="t">{ERROR}</bpmn:endEvent>' + flows("u t")
AN_ESCALATION = (
    f'<bpmn:intermediateThrowEvent id="t">{ESCALATION}</bpmn:intermediateThrowEvent><bpmn:userTask id="rest"/>'
    + flows("u t", "t rest")
)


@pytest.mark.parametrize(
    ("catcher", "thrown", "left_open"),
    [
        (BOUNDARY.format(attributes="", definition=ERROR), AN_ERROR, ["late"]),
        (BOUNDARY.format(attributes="", definition=ESCALATION), AN_ESCALATION, ["late"]),
        (BOUNDARY.format(attributes='cancelActivity="false"', definition=ESCALATION), AN_ESCALATION, ["late", "rest"]),
        (BESIDE.format(definition=ESCALATION), AN_ESCALATION, ["late", "rest"]),
    ],
)
def test_each_call_hands_over_the_variables_there_are(
    new_case: NewCase, catcher: str, thrown: str, left_open: list[str]
) -> None:
    case = new_case(calling(catcher, thrown)).start().do("u", reason="stolen")
    assert (case.open, case.value("why"), case.value("one")) == (left_open, "stolen", Decimal(1))
    assert (case.root, "double") not in case.variables  # nothing was paid


def test_what_comes_with_an_escalation_comes_last_and_the_end_hands_over_again(new_case: NewCase) -> None:
    caught = BOUNDARY.format(attributes='cancelActivity="false"', definition=ESCALATION)
    case = new_case(calling(caught, '<bpmn:task id="t"/>' + flows("u t"))).start()
    case.escalate("u", "E", why="told")
    assert (case.value("why"), case.value("one"), case.open) == ("told", Decimal(1), ["late", "u"])
    assert case.do("u", reason="known", paid=4).open == ["late"]
    assert (case.value("why"), case.value("double")) == ("known", Decimal(8))


def test_a_fault_in_what_is_handed_over_is_an_incident(new_case: NewCase) -> None:
    caught = BOUNDARY.format(attributes="", definition=ERROR)
    passed = '<camunda:out sourceExpression="=function(a) reason" target="why"/>'
    with pytest.raises(engine.StepFailed, match="makes a function a variable"):
        new_case(calling(caught, AN_ERROR, passed)).start().do("u", reason=1)
