"""Sequence flows: from a flow node to a flow node of the same level, of the kinds that have a way out or in."""

from __future__ import annotations

from app.engine.reading.constraints.drawn_level import (
    DrawnLevel,
    has_definition,
    is_compensation,
    is_event_subprocess,
    levels,
)
from app.engine.reading.constraints.kinds import ACTIVITIES, FLOW_NODES, GATEWAYS
from app.engine.reading.diagram import Diagram, attribute, child, children, text_of
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

_SPLITS = frozenset({"bpmn:complexGateway", "bpmn:exclusiveGateway", "bpmn:inclusiveGateway"})


def check_flow_ends(diagram: Diagram) -> None:
    """A flow stays on its level (BPMN 2.0.2, 7.6.1)."""
    for flow in diagram.elements("bpmn:sequenceFlow"):
        for end in ("sourceRef", "targetRef"):
            _check_end(diagram, flow, end)


def _check_end(diagram: Diagram, flow: Element, end: str) -> None:
    identifier = attribute(flow, end)
    if not identifier:
        diagram.refuse(flow, "flow_end", N_("A sequence flow has no %(attribute)s."), attribute=end)
        return
    node = diagram.by_id.get(identifier)
    if node is None or tag(node) not in FLOW_NODES:
        msgid = N_("A sequence flow names “%(id)s”, which is no flow node of the same level.")
        diagram.refuse(flow, "flow_end", msgid, id=identifier)
    elif _process_of(node) is not _process_of(flow):
        msgid = N_("A sequence flow cannot lead to “%(id)s” in another pool. Send it a message.")
        diagram.refuse(flow, "flow_leaves_pool", msgid, id=identifier)
    elif node.getparent() is not flow.getparent():
        msgid = N_("A sequence flow cannot cross the border of a subprocess to “%(id)s”. Lead it to the subprocess.")
        diagram.refuse(flow, "flow_crosses_border", msgid, id=identifier)


def _process_of(element: Element) -> Element | None:
    current: Element | None = element
    while current is not None and tag(current) != "bpmn:process":
        current = current.getparent()
    return current


def check_flows(diagram: Diagram) -> None:
    """What may have flows in and out, and which flows have conditions (BPMN 2.0.2, 10.5 and 13.3)."""
    for level in levels(diagram):
        for node in level.nodes.values():
            _check_incoming(diagram, level, node)
            _check_outgoing(diagram, level, node)
            _check_default(diagram, level, node)
        for flow in (flow for flows in level.outgoing.values() for flow in flows):
            _check_condition(diagram, level.source(flow), flow)
            _check_loop(diagram, level.source(flow), flow)
        _check_said_twice(diagram, level)


def _check_incoming(diagram: Diagram, level: DrawnLevel, node: Element) -> None:
    if not level.flows_into(node):
        return
    name = tag(node)
    if name in {"bpmn:startEvent", "bpmn:boundaryEvent"}:
        diagram.refuse(node, "flow_into_start", N_("A sequence flow leads into this event. Remove it."))
    elif name == "bpmn:intermediateCatchEvent" and has_definition(node, "link"):
        msgid = N_("A link that is jumped to has no incoming sequence flow. Remove it.")
        diagram.refuse(node, "flow_into_link", msgid)
    else:
        _check_aside(diagram, node)


def _check_outgoing(diagram: Diagram, level: DrawnLevel, node: Element) -> None:
    if not level.flows_out_of(node):
        return
    name = tag(node)
    if name == "bpmn:endEvent":
        diagram.refuse(node, "flow_out_of_end", N_("A sequence flow leaves this end event. Remove it."))
    elif name == "bpmn:intermediateThrowEvent" and has_definition(node, "link"):
        msgid = N_("A link that jumps has no outgoing sequence flow. Remove it.")
        diagram.refuse(node, "flow_out_of_link", msgid)
    elif name == "bpmn:boundaryEvent" and has_definition(node, "compensate"):
        msgid = N_("A compensation event has no sequence flow. Draw an association to the activity that undoes.")
        diagram.refuse(node, "compensation_flow", msgid)
    elif not level.flows_into(node):
        _check_aside(diagram, node)


def _check_aside(diagram: Diagram, node: Element) -> None:
    """What does not stand in the flow at all."""
    if is_event_subprocess(node):
        msgid = N_("An event subprocess begins by its event. Remove the sequence flows.")
        diagram.refuse(node, "event_subprocess_flow", msgid)
    elif is_compensation(node):
        msgid = N_("An activity that undoes another has no sequence flows. Remove them.")
        diagram.refuse(node, "compensation_flow", msgid)


def _check_default(diagram: Diagram, level: DrawnLevel, node: Element) -> None:
    default = attribute(node, "default")
    if not default:
        return
    flow = next((flow for flow in level.flows_out_of(node) if flow.get("id") == default), None)
    if flow is None:
        msgid = N_("The default flow “%(id)s” does not leave this element.")
        diagram.refuse(node, "default_flow", msgid, id=default)
    elif text_of(child(flow, "bpmn:conditionExpression")):
        diagram.refuse(flow, "default_condition", N_("A default flow has no condition. Remove it."))


def _check_condition(diagram: Diagram, source: Element, flow: Element) -> None:
    condition = child(flow, "bpmn:conditionExpression")
    if condition is None:
        return
    if tag(source) not in ACTIVITIES | _SPLITS:
        msgid = N_(
            "Only flows out of activities, exclusive, inclusive and complex gateways have conditions. Remove it."
        )
        diagram.refuse(flow, "condition_place", msgid)
    elif not text_of(condition):
        diagram.refuse(flow, "empty_condition", N_("The condition is empty. Write it in FEEL, or remove it."))


def _check_loop(diagram: Diagram, source: Element, flow: Element) -> None:
    """An activity may be repeated by a flow to itself; anything else would only go round."""
    is_loop = attribute(flow, "sourceRef") == attribute(flow, "targetRef")
    if is_loop and tag(source) in GATEWAYS:
        msgid = N_("A sequence flow leads from a gateway to itself. Lead it to another element.")
        diagram.refuse(flow, "loop_to_itself", msgid)
    elif is_loop and tag(source).startswith("bpmn:intermediate"):
        msgid = N_("A sequence flow leads from an event to itself. Lead it to another element.")
        diagram.refuse(flow, "loop_to_itself", msgid)


def _check_said_twice(diagram: Diagram, level: DrawnLevel) -> None:
    """bpmn:incoming and bpmn:outgoing repeat what the flows say; where they differ one of them is wrong."""
    for node in level.nodes.values():
        for name, flows in (("bpmn:incoming", level.flows_into(node)), ("bpmn:outgoing", level.flows_out_of(node))):
            known = {flow.get("id") for flow in flows}
            for entry in children(node, name):
                if text_of(entry).rpartition(":")[2] not in known:
                    msgid = N_("%(name)s names the sequence flow “%(id)s”, which is not connected here.")
                    diagram.refuse(entry, "flow_not_here", msgid, name=name, id=text_of(entry))
