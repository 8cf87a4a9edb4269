"""Faults of sequence flows, message flows, pools, lanes and what cannot be reached."""

from __future__ import annotations

import pytest

from app import engine
from tests.unit.engine.faults import SOUND, Fault, added, flow

CONDITION = "<bpmn:conditionExpression>= true</bpmn:conditionExpression>"
TASK = '<bpmn:task id="x" />'
FLOWS = {
    "no source": Fault('id="joined" sourceRef="join"', 'id="joined"', "flow_end", "joined"),
    "no target": Fault('sourceRef="join" targetRef="bill"', 'sourceRef="join"', "flow_end", "joined"),
    "unknown source": Fault('sourceRef="join"', 'sourceRef="joi"', "flow_end", "joined"),
    "unknown target": Fault(
        'sourceRef="join" targetRef="bill"', 'sourceRef="join" targetRef="b"', "flow_end", "joined"
    ),
    "to a remark": Fault(
        'sourceRef="join" targetRef="bill"', 'sourceRef="join" targetRef="remark"', "flow_end", "joined"
    ),
    "to a flow": Fault('sourceRef="join" targetRef="bill"', 'sourceRef="join" targetRef="sent"', "flow_end", "joined"),
    "into a subprocess": Fault(
        'sourceRef="fork" targetRef="deliver"', 'sourceRef="fork" targetRef="pack"', "flow_crosses_border", "to_deliver"
    ),
    "out of a subprocess": Fault(
        'sourceRef="shout" targetRef="delivered"', 'sourceRef="shout" targetRef="end"', "flow_crosses_border", "shouted"
    ),
    "into another pool": Fault(
        'sourceRef="join" targetRef="bill"', 'sourceRef="join" targetRef="search"', "flow_leaves_pool", "joined"
    ),
    "into a start event": added(flow("x", "repair", "start"), "flow_into_start", "start"),
    "into a boundary event": added(flow("x", "repair", "out_of_stock"), "flow_into_start", "out_of_stock"),
    "out of an end event": added(flow("x", "end", "repair"), "flow_out_of_end", "end"),
    "condition behind a start": Fault(
        'sourceRef="start" targetRef="check" />',
        f'sourceRef="start" targetRef="check">{CONDITION}</bpmn:sequenceFlow>',
        "condition_place",
        "to_check",
    ),
    "condition behind a fork": Fault(
        'sourceRef="fork" targetRef="left" />',
        f'sourceRef="fork" targetRef="left">{CONDITION}</bpmn:sequenceFlow>',
        "condition_place",
        "to_left",
    ),
    "condition behind an event": Fault(
        'sourceRef="patience" targetRef="end" />',
        f'sourceRef="patience" targetRef="end">{CONDITION}</bpmn:sequenceFlow>',
        "condition_place",
        "silent",
    ),
    "empty condition": Fault("= stock<", " <", "empty_condition", "some_left"),
    "condition on the default": Fault(
        'id="bad" sourceRef="decide" targetRef="repair" />',
        f'id="bad" sourceRef="decide" targetRef="repair">{CONDITION}</bpmn:sequenceFlow>',
        "default_condition",
        "bad",
    ),
    "default of another": Fault('default="bad"', 'default="sent"', "default_flow", "decide"),
    "default that is no flow": Fault('default="bad"', 'default="start"', "wrong_reference", "decide"),
    "default that is not there": Fault('default="bad"', 'default="worse"', "unknown_reference", "decide"),
    "gateway to itself": Fault(
        'default="bad" gatewayDirection="Diverging" />',
        'default="bad" />' + flow("x", "decide", "decide", CONDITION),
        "loop_to_itself",
        "x",
    ),
    "incoming of another": Fault(
        "<bpmn:incoming>to_check<", "<bpmn:incoming>sent<", "flow_not_here", "check", "<bpmn:incoming>sent"
    ),
    "outgoing of another": Fault(
        "<bpmn:outgoing>checked<", "<bpmn:outgoing>sent<", "flow_not_here", "check", "<bpmn:outgoing>sent"
    ),
    "incoming not there": Fault(
        "<bpmn:incoming>to_check<", "<bpmn:incoming>x<", "unknown_reference", "check", "<bpmn:incoming>x"
    ),
}
REACHED = {
    "nothing leads there": added(TASK + flow("y", "x", "end"), "unreachable", "x"),
    "a circle nothing leads to": added(flow("y", "x", "x") + flow("z", "x", "end") + TASK, "unreachable", "x"),
    "no way on": added(TASK + flow("y", "bill", "x"), "dead_end", "x"),
    "a boundary event without a way on": Fault(
        '<bpmn:sequenceFlow id="late" sourceRef="overdue" targetRef="shout" />',
        '<bpmn:sequenceFlow id="late" sourceRef="pack" targetRef="shout" />',
        "dead_end",
        "overdue",
    ),
    "an end nothing leads to": added('<bpmn:endEvent id="x" />', "unreachable", "x"),
    "an empty subprocess": added(
        '<bpmn:subProcess id="x" />' + flow("y", "bill", "x") + flow("z", "x", "end"), "no_start", "x"
    ),
}
POOLS = {
    "unknown process": Fault('processRef="depot"', 'processRef="dept"', "unknown_reference", "Pool_depot"),
    "no process": Fault('processRef="depot"', 'processRef="start"', "wrong_reference", "Pool_depot"),
    "one process twice": Fault('processRef="depot"', 'processRef="shop"', "pool_twice", "Pool_depot"),
    "message flow inside a pool": Fault(
        'sourceRef="send_order" targetRef="depot_start"',
        'sourceRef="send_order" targetRef="answer_event"',
        "message_flow_inside",
        "MessageFlow_order",
    ),
    "message flow to its own pool": Fault(
        'sourceRef="send_order" targetRef="depot_start"',
        'sourceRef="send_order" targetRef="Pool_shop"',
        "message_flow_inside",
        "MessageFlow_order",
    ),
    "message flow from nothing": Fault(
        'sourceRef="send_order" targetRef="depot_start"',
        'sourceRef="x" targetRef="depot_start"',
        "message_flow_end",
        "MessageFlow_order",
    ),
    "message flow from a gateway": Fault(
        'sourceRef="send_order" targetRef="depot_start"',
        'sourceRef="fork" targetRef="depot_start"',
        "message_flow_end",
        "MessageFlow_order",
    ),
    "message flow from a start": Fault(
        'sourceRef="send_order" targetRef="depot_start"',
        'sourceRef="start" targetRef="depot_start"',
        "message_flow_end",
        "MessageFlow_order",
    ),
    "message flow from a none end": Fault(
        'sourceRef="send_order" targetRef="depot_start"',
        'sourceRef="end" targetRef="depot_start"',
        "message_flow_end",
        "MessageFlow_order",
    ),
    "message flow to an end": Fault(
        'sourceRef="depot_end" targetRef="answer_event"',
        'sourceRef="depot_end" targetRef="end"',
        "message_flow_end",
        "MessageFlow_answer",
    ),
    "message flow to a timer": Fault(
        'sourceRef="depot_end" targetRef="answer_event"',
        'sourceRef="depot_end" targetRef="patience"',
        "message_flow_end",
        "MessageFlow_answer",
    ),
    "message flow to a send task": Fault(
        'sourceRef="depot_end" targetRef="answer_event"',
        'sourceRef="depot_end" targetRef="send_order"',
        "message_flow_end",
        "MessageFlow_answer",
    ),
    "unknown node in a lane": Fault(
        "<bpmn:flowNodeRef>decide<", "<bpmn:flowNodeRef>x<", "lane_node", "Lane_office", "<bpmn:flowNodeRef>x"
    ),
    "node of a subprocess in a lane": Fault(
        "<bpmn:flowNodeRef>decide<", "<bpmn:flowNodeRef>pack<", "lane_node", "Lane_office", "<bpmn:flowNodeRef>pack"
    ),
    "flow in a lane": Fault(
        "<bpmn:flowNodeRef>decide<", "<bpmn:flowNodeRef>sent<", "lane_node", "Lane_office", "<bpmn:flowNodeRef>sent"
    ),
    "node in two lanes": Fault(
        "<bpmn:flowNodeRef>decide</bpmn:flowNodeRef>",
        "<bpmn:flowNodeRef >check</bpmn:flowNodeRef>",
        "lane_twice",
        "Lane_office",
        "<bpmn:flowNodeRef >",
    ),
    "association to nothing": Fault(
        'sourceRef="remark" targetRef="bill"', 'sourceRef="remark" targetRef="bil"', "unknown_reference", "remark_of"
    ),
}


def test_the_diagram_the_faults_are_made_from_is_sound() -> None:
    assert [process.key for process in engine.parse(SOUND.encode(), "sound.bpmn")] == ["shop", "depot"]


@pytest.mark.parametrize("name", FLOWS)
def test_faulty_sequence_flows(name: str) -> None:
    FLOWS[name].check()


@pytest.mark.parametrize("name", REACHED)
def test_what_cannot_be_reached_or_left(name: str) -> None:
    REACHED[name].check()


@pytest.mark.parametrize("name", POOLS)
def test_faulty_pools_and_lanes(name: str) -> None:
    POOLS[name].check()
