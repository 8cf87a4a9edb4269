"""What is caught twice at one place, and names that would have to be worked out: refused, not ignored."""

from __future__ import annotations

import pytest

from app import engine
from tests.unit.engine.case import flows, process_of
from tests.unit.engine.conftest import NewCase
from tests.unit.engine.faults import Fault, added, flow

STOCK = '<bpmn:errorEventDefinition errorRef="Error_stock" />'
ANY_ERROR = "<bpmn:errorEventDefinition />"
LATE = '<bpmn:escalationEventDefinition escalationRef="Escalation_late" />'
ORDER = '<bpmn:messageEventDefinition messageRef="Message_order" />'
UNDO = "<bpmn:compensateEventDefinition />"


def catching(identifier: str, definition: str, *, host: str = "deliver", extension: str = "") -> str:
    event = f'<bpmn:boundaryEvent id="{identifier}" attachedToRef="{host}">{extension}{definition}</bpmn:boundaryEvent>'
    return event + flow(f"from_{identifier}", identifier, "end")


def undone(identifier: str, by: str) -> str:
    event = f'<bpmn:boundaryEvent id="{identifier}" attachedToRef="deliver">{UNDO}</bpmn:boundaryEvent>'
    handler = f'<bpmn:task id="{by}" isForCompensation="true" />'
    return event + handler + f'<bpmn:association id="to_{by}" sourceRef="{identifier}" targetRef="{by}" />'


def handler(identifier: str, definition: str) -> str:
    """An event subprocess, its start has the id with an `s` behind."""
    start = f'<bpmn:startEvent id="{identifier}s">{definition}</bpmn:startEvent>'
    return f'<bpmn:subProcess id="{identifier}" triggeredByEvent="true">{start}</bpmn:subProcess>'


def inside(element: str, element_id: str, more: str = "") -> Fault:
    """In the subprocess `deliver`, and something more around it."""
    end = '<bpmn:endEvent id="delivered" />'
    xml = added(more, "", "").xml() if more else None
    return Fault(end, end + element, "caught_twice", element_id, **({"sound": xml} if xml else {}))


def with_key(key: str) -> str:
    entry = f'<camunda:property name="correlationKey" value="{key}" />'
    return f"<bpmn:extensionElements><camunda:properties>{entry}</camunda:properties></bpmn:extensionElements>"


AT_THE_TOP = '<bpmn:errorEventDefinition id="top" errorRef="Error_stock" /></bpmn:definitions>'
RECEIVE = '<bpmn:receiveTask id="wait" messageRef="Message_order" />' + flow("y", "bill", "wait") + flow(
    "z", "wait", "end"
)  # fmt: skip
TWICE = {
    "an error on a boundary": added(catching("x", STOCK), "caught_twice", "x"),
    "an error that is referred to": Fault(
        "</bpmn:definitions>",
        AT_THE_TOP,
        "caught_twice",
        "x",
        sound=added(catching("x", "<bpmn:eventDefinitionRef>top</bpmn:eventDefinitionRef>"), "", "").xml(),
    ),
    "all errors on a boundary": added(catching("w", ANY_ERROR) + catching("x", ANY_ERROR), "caught_twice", "x"),
    "an escalation by event subprocesses": added(handler("w", LATE) + handler("x", LATE), "caught_twice", "xs"),
    "a message on a boundary": added(catching("w", ORDER) + catching("x", ORDER), "caught_twice", "x"),
    "a message by a task and on its boundary": added(RECEIVE + catching("x", ORDER, host="wait"), "caught_twice", "x"),
    "a message behind a gateway": added(
        f'<bpmn:intermediateCatchEvent id="x"><bpmn:messageEventDefinition messageRef="Message_answer" />'
        f"</bpmn:intermediateCatchEvent>{flow('y', 'await', 'x')}{flow('z', 'x', 'end')}",
        "caught_twice",
        "answer_event",  # its flow comes later
    ),
    "a subprocess undone by two": added(undone("w", "w_undo") + undone("x", "x_undo"), "caught_twice", "x"),
    "a subprocess undone in two ways inside": inside(handler("w", UNDO) + handler("x", UNDO), "xs"),
    "a subprocess undone outside and inside": inside(handler("x", UNDO), "xs", undone("w", "w_undo")),
}
NAMES = {
    "a message": Fault('name="answer"', 'name="answer-${number}"', "name_expression", "Message_answer"),
    "a message in FEEL": Fault('name="answer"', 'name="= number"', "name_expression", "Message_answer"),
    "an error": Fault('errorCode="credit"', 'errorCode="#{code}"', "name_expression", "Error_credit"),
    "an escalation": Fault('escalationCode="loud"', 'escalationCode="${how}"', "name_expression", "Escalation_loud"),
}
APART = {
    "one error before all others": catching("x", ANY_ERROR),
    "the message of one key and of another": catching("w", ORDER, extension=with_key("=a"))
    + catching("x", ORDER, extension=with_key("=b")),
    "an error on another activity": catching("x", STOCK, host="bill"),
}
OF_ANOTHER = '<bpmn:compensateEventDefinition activityRef="check" />'
UNDOING = {
    "on a boundary": Fault(UNDO, OF_ANOTHER, "compensation_place", "x", sound=added(undone("x", "undo"), "", "").xml()),
    "inside": Fault(UNDO, OF_ANOTHER, "compensation_place", "xs", sound=inside(handler("x", UNDO), "").xml()),
}


@pytest.mark.parametrize("name", UNDOING)
def test_what_undoes_one_activity_cannot_name_another(name: str) -> None:
    UNDOING[name].check()


@pytest.mark.parametrize("name", TWICE)
def test_what_is_caught_twice_at_one_place_is_refused(name: str) -> None:
    TWICE[name].check()


@pytest.mark.parametrize("name", NAMES)
def test_names_and_codes_that_look_like_expressions_are_refused(name: str) -> None:
    NAMES[name].check()


@pytest.mark.parametrize("name", APART)
def test_what_can_be_told_apart_is_not(name: str) -> None:
    assert engine.parse(added(APART[name], "", "").xml().encode(), "sound.bpmn")


def test_an_empty_code_catches_all(new_case: NewCase) -> None:
    process = process_of(
        '<bpmn:startEvent id="s"/><bpmn:serviceTask id="t" camunda:type="external" camunda:topic="t"/>'
        '<bpmn:boundaryEvent id="b" attachedToRef="t"><bpmn:errorEventDefinition errorRef="any"/></bpmn:boundaryEvent>'
        '<bpmn:endEvent id="e"/><bpmn:endEvent id="f"/>' + flows("s t", "t e", "b f")
    ).decode()
    declared = process.replace("<bpmn:process ", '<bpmn:error id="any" errorCode=""/><bpmn:process ', 1)
    assert new_case(declared.encode()).start().fail("t", "lost").end_event_id == "f"
