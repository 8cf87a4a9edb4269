"""Faults of single elements: ids, types of attributes, references, declarations, gateways, events and activities."""

from __future__ import annotations

import pytest

from tests.unit.engine.faults import SOUND, Fault, added, flow

AROUND = flow("y", "bill", "x") + flow("z", "x", "end")
DAY = "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>"
LOOP = '<bpmn:multiInstanceLoopCharacteristics id="left_loop" isSequential="false" camunda:collection="=[1, 2]" />'
END = "</bpmn:multiInstanceLoopCharacteristics>"


def boundary(definition: str, *, host: str = "check", attributes: str = "") -> str:
    event = f'<bpmn:boundaryEvent id="x" attachedToRef="{host}" {attributes}>{definition}</bpmn:boundaryEvent>'
    return event + flow("z", "x", "end")


IDS = {
    "twice": Fault('id="repair" />', 'id="check" />', "duplicate_id", "check", '<bpmn:userTask id="check" />'),
    "no id of a node": added("<bpmn:task />", "missing_id", "shop", line="<bpmn:task />"),
    "no id of a process": Fault(
        "</bpmn:definitions>", "<bpmn:process /></bpmn:definitions>", "missing_id", "Definitions", "<bpmn:process />"
    ),
    "no id of a message": Fault(
        "</bpmn:definitions>",
        '<bpmn:message name="x" /></bpmn:definitions>',
        "missing_id",
        "Definitions",
        '<bpmn:message name="x"',
    ),
    "an empty id": added('<bpmn:task id="" />', "missing_id", "shop", line='<bpmn:task id=""'),
    "a number": added('<bpmn:task id="1st" />', "invalid_id", "1st"),
    "with a blank": added('<bpmn:task id="a b" />', "invalid_id", "a b"),
}
LENGTHS = {
    "an id": added(f'<bpmn:task id="{"i" * 201}" />', "too_long", "i" * 201),
    "a name": added(f'<bpmn:task id="x" name="{"n" * 301}" />', "too_long", "x"),
    "the id of a process": Fault(
        "</bpmn:definitions>", f'<bpmn:process id="{"i" * 101}" /></bpmn:definitions>', "too_long", "i" * 101, "iii"
    ),
    "the name of a message": Fault(
        "</bpmn:definitions>", f'<bpmn:message id="x" name="{"n" * 201}" /></bpmn:definitions>', "too_long", "x", "nnn"
    ),
    "a topic": added(
        f'<bpmn:serviceTask id="x" camunda:type="external" camunda:topic="{"t" * 201}" />', "too_long", "x"
    ),
}
TYPES = {
    "boolean": Fault('cancelActivity="false"', 'cancelActivity="no"', "attribute_type", "overdue"),
    "boolean in capitals": Fault(
        'id="shop" isExecutable="true"', 'id="shop" isExecutable="True"', "attribute_type", "shop"
    ),
    "boolean of a loop": Fault('isSequential="false"', 'isSequential=""', "attribute_type", "left_loop"),
    "direction of a gateway": Fault('"Diverging"', '"Splitting"', "attribute_type", "decide"),
    "kind of a process": Fault(
        'id="depot" isExecutable', 'id="depot" processType="Open" isExecutable', "attribute_type", "depot"
    ),
    "a text between nodes": Fault(
        '<bpmn:task id="search" />', '<bpmn:task id="search" /> or so', "stray_text", "depot"
    ),
    "two conditions": Fault(
        "= stock</bpmn:conditionExpression>",
        "= stock</bpmn:conditionExpression>\n<bpmn:conditionExpression>a</bpmn:conditionExpression>",
        "repeated",
        "some_left",
        ">a<",
    ),
    "two loop markers": Fault(LOOP, LOOP + "\n" + LOOP.replace("left_loop", "right_loop"), "repeated", "right_loop"),
    "two kinds of time": Fault(
        "<bpmn:timeDuration>PT1H</bpmn:timeDuration>",
        "<bpmn:timeDuration>PT1H</bpmn:timeDuration><bpmn:timeDate>2026-01-01</bpmn:timeDate>",
        "timer",
        "patience",
    ),
    "no time": Fault("<bpmn:timeDuration>PT1H</bpmn:timeDuration>", "", "timer", "patience"),
}
REFERENCES = {
    "message of an event": Fault(
        'id="answer_definition" messageRef="Message_answer"',
        'id="answer_definition" messageRef="x"',
        "unknown_reference",
        "answer_definition",
    ),
    "message that is an error": Fault(
        'id="answer_definition" messageRef="Message_answer"',
        'id="answer_definition" messageRef="Error_stock"',
        "wrong_reference",
        "answer_definition",
    ),
    "no message": Fault(
        'id="answer_definition" messageRef="Message_answer"', 'id="answer_definition"', "no_message", "answer_event"
    ),
    "message of a task": Fault(
        'id="send_order" messageRef="Message_order"',
        'id="send_order" messageRef="x"',
        "unknown_reference",
        "send_order",
    ),
    "error": Fault(
        'id="out_of_stock_definition" errorRef="Error_stock"',
        'id="out_of_stock_definition" errorRef="x"',
        "unknown_reference",
        "out_of_stock_definition",
    ),
    "escalation": Fault(
        'escalationRef="Escalation_late"', 'escalationRef="Error_stock"', "wrong_reference", "shout_definition"
    ),
    "called in the file": Fault('calledElement="depot"', 'calledElement="check"', "wrong_reference", "bill"),
    "called nothing": Fault('calledElement="depot"', "", "called_element", "bill"),
    "boundary of nothing": Fault('attachedToRef="deliver"', 'attachedToRef="x"', "boundary_host", "out_of_stock"),
    "boundary of an event": Fault('attachedToRef="deliver"', 'attachedToRef="start"', "boundary_host", "out_of_stock"),
    "boundary of another level": Fault(
        'attachedToRef="deliver"', 'attachedToRef="pack"', "boundary_host", "out_of_stock"
    ),
    "no boundary": Fault(' attachedToRef="deliver"', "", "boundary_host", "out_of_stock"),
}
DECLARATIONS = {
    "two messages of one name": Fault('name="answer"', 'name="order"', "declared_twice", "Message_answer"),
    "two errors of one code": Fault('errorCode="credit"', 'errorCode="stock"', "declared_twice", "Error_credit"),
    "two escalations of one code": Fault(
        'escalationCode="loud"', 'escalationCode="late"', "declared_twice", "Escalation_loud"
    ),
    "a message without a name": Fault(
        '<bpmn:message id="Message_order" name="order" />',
        '<bpmn:message id="Message_order" />',
        "missing_name",
        "Message_order",
    ),
    "an error without a code is thrown": Fault(' errorCode="stock"', "", "no_code", "no_stock_definition"),
    "no error is thrown": Fault(
        'id="no_stock_definition" errorRef="Error_stock"', 'id="no_stock_definition"', "no_code", "no_stock_definition"
    ),
    "no escalation is thrown": Fault(' escalationRef="Escalation_late"', "", "no_code", "shout_definition"),
}
GATEWAYS = {
    "direction": Fault('"Diverging"', '"Converging"', "gateway_direction", "decide"),
    "one way in and out": added('<bpmn:parallelGateway id="x" />' + AROUND, "gateway_flows", "x"),
    "no way out": added('<bpmn:inclusiveGateway id="x" />' + flow("y", "bill", "x"), "dead_end", "x"),
    "no way in": added('<bpmn:exclusiveGateway id="x" />' + flow("y", "x", "end"), "unreachable", "x"),
    "a choice without a condition": Fault(' default="none_left"', "", "no_condition", "none_left"),
    "one event only": Fault(
        'id="silence" sourceRef="await"', 'id="silence" sourceRef="bill"', "event_gateway", "await"
    ),
    "a task instead of an event": added(flow("x", "await", "repair"), "event_gateway", "x"),
    "an event with two ways in": added(flow("x", "repair", "patience"), "event_gateway", "patience"),
    "a condition": Fault(
        'sourceRef="await" targetRef="patience" />',
        'sourceRef="await" targetRef="patience">'
        "<bpmn:conditionExpression>a</bpmn:conditionExpression></bpmn:sequenceFlow>",
        "condition_place",
        "silence",
    ),
}
EVENTS = {
    "two none starts": added('<bpmn:startEvent id="x" />' + flow("y", "x", "check"), "several_starts", "x"),
    "two starts in a subprocess": added(
        '<bpmn:startEvent id="x" />' + flow("y", "x", "pack"), "several_starts", "x", to="delivered"
    ),
    "a subprocess that begins by a message": Fault(
        '<bpmn:startEvent id="deliver_start" />',
        '<bpmn:startEvent id="deliver_start">'
        '<bpmn:messageEventDefinition id="x" messageRef="Message_order" /></bpmn:startEvent>',
        "event_place",
        "x",
    ),
    "a form in a subprocess": Fault(
        'id="deliver_start"', 'id="deliver_start" camunda:formKey="f"', "start_form", "deliver_start"
    ),
    "a form at a message": Fault(
        '<bpmn:startEvent id="depot_start">',
        '<bpmn:startEvent id="depot_start" camunda:formRef="f">',
        "start_form",
        "depot_start",
    ),
    "waits for nothing": added('<bpmn:intermediateCatchEvent id="x" />' + AROUND, "no_event_definition", "x"),
    "boundary without a definition": added(boundary(""), "no_event_definition", "x"),
    "error that goes beside": Fault(
        'attachedToRef="deliver"',
        'attachedToRef="deliver" cancelActivity="false"',
        "error_not_interrupting",
        "out_of_stock",
    ),
}
ACTIVITIES = {
    "how often is not said": Fault(' camunda:collection="=[1, 2]"', "", "multi_instance", "left_loop"),
    "how often is said twice": Fault(
        LOOP,
        LOOP.replace(" />", "><bpmn:loopCardinality>3</bpmn:loopCardinality>") + END,
        "multi_instance",
        "left_loop",
    ),
    "how often is left open": Fault(
        LOOP,
        LOOP.replace(' camunda:collection="=[1, 2]" />', "><bpmn:loopCardinality> </bpmn:loopCardinality>") + END,
        "multi_instance",
        "left_loop",
    ),
    "an item of a number": Fault(
        LOOP,
        LOOP.replace('collection="=[1, 2]" />', 'elementVariable="i"><bpmn:loopCardinality>3</bpmn:loopCardinality>')
        + END,
        "multi_instance",
        "left_loop",
    ),
    "two forms": Fault('name="Check"', 'name="Check" camunda:formKey="a" camunda:formRef="b"', "form_key", "check"),
    "a form to start with that is computed": Fault('Key="order"', 'Key="=order"', "form_key", "start"),
    "a script in another language": added(
        '<bpmn:scriptTask id="x" scriptFormat="python"><bpmn:script>1</bpmn:script></bpmn:scriptTask>' + AROUND,
        "script_format",
        "x",
    ),
    "no script": added('<bpmn:scriptTask id="x" scriptFormat="feel" />' + AROUND, "missing_script", "x"),
    "nobody does it": added('<bpmn:serviceTask id="x" />' + AROUND, "no_implementation", "x"),
    "no decision": added('<bpmn:businessRuleTask id="x" camunda:resultVariable="r" />' + AROUND, "decision_ref", "x"),
    "no message": added('<bpmn:receiveTask id="x" />' + AROUND, "no_message", "x"),
}
COUNTED = "multi_instance"
EXPRESSIONS = {
    "a topic": added(
        '<bpmn:serviceTask id="x" camunda:type="external" camunda:topic="${t}" />' + AROUND, "plain_text", "x"
    ),
    "a topic in FEEL": added(
        '<bpmn:serviceTask id="x" camunda:type="external" camunda:topic="=t" />' + AROUND, "plain_text", "x"
    ),
    "the name of a user task": Fault('name="Check"', 'name="Check ${car}"', "plain_text", "check"),
    "a value in the middle of a text": Fault(
        'name="Check"', 'name="Check" camunda:assignee="user_${number}"', "juel", "check"
    ),
    "no time": Fault('name="Check"', 'name="Check" camunda:dueDate="soon"', "assignment", "check"),
    "no number": Fault('name="Check"', 'name="Check" camunda:priority="high"', "assignment", "check"),
    "no duration": Fault("PT1H<", "PT1X<", "timer", "patience"),
    "a duration with months and days": Fault("PT1H<", "P1M2D<", "timer", "patience"),
    "a date for a duration": Fault("PT1H<", "2030-01-01<", "timer", "patience"),
    "a date that is none": Fault(
        "<bpmn:timeDuration>PT1H</bpmn:timeDuration>",
        "<bpmn:timeDate>2030-02-30T10:00:00Z</bpmn:timeDate>",
        "timer",
        "patience",
    ),
    "no cycle": Fault(
        "<bpmn:timeDuration>P1D</bpmn:timeDuration>", "<bpmn:timeCycle>R3/1D</bpmn:timeCycle>", "timer", "overdue"
    ),
    "a cycle that never comes": Fault(
        "<bpmn:timeDuration>P1D</bpmn:timeDuration>", "<bpmn:timeCycle>R0/P1D</bpmn:timeCycle>", "timer", "overdue"
    ),
    "a cycle without pauses": Fault(
        "<bpmn:timeDuration>P1D</bpmn:timeDuration>", "<bpmn:timeCycle>R/PT0S</bpmn:timeCycle>", "timer", "overdue"
    ),
    "a cycle without end": Fault(
        "<bpmn:timeDuration>P1D</bpmn:timeDuration>", "<bpmn:timeCycle>R-1/P1D</bpmn:timeCycle>", "timer", "overdue"
    ),
    "an item called like a counter": Fault(
        "[1, 2]", '[1, 2]" camunda:elementVariable="loopCounter', COUNTED, "left_loop"
    ),
    "results called like a counter": Fault(
        "[1, 2]",
        '[1, 2]" aftercare:outputElement="=1" aftercare:outputCollection="numberOfInstances',
        COUNTED,
        "left_loop",
        sound=SOUND.replace("xmlns:xsi", 'xmlns:aftercare="https://aftercare.invalid/schema/1" xmlns:xsi'),
    ),
}
TABLES = {
    "ids": IDS,
    "lengths": LENGTHS,
    "types": TYPES,
    "references": REFERENCES,
    "declarations": DECLARATIONS,
    "gateways": GATEWAYS,
    "events": EVENTS,
    "activities": ACTIVITIES,
    "expressions": EXPRESSIONS,
}


@pytest.mark.parametrize(("table", "name"), [(table, name) for table in TABLES for name in TABLES[table]])
def test_each_fault_is_refused_for_its_own_reason(table: str, name: str) -> None:
    TABLES[table][name].check()
