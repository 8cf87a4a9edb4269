"""Lanes and pools: who does what, each node once, each process in one pool."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine.reading.constraints.kinds import FLOW_NODES, LEVELS
from app.engine.reading.diagram import Diagram, attribute, child, children, local_id, text_of
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_


def check_lanes(diagram: Diagram) -> None:
    """BPMN 2.0.2, 10.8."""
    for element in diagram.elements(*LEVELS):
        nodes = {node.get("id") for node in element if tag(node) in FLOW_NODES}
        for lane_set in children(element, "bpmn:laneSet"):
            _check_lane_set(diagram, lane_set, nodes)


def _check_lane_set(diagram: Diagram, lane_set: Element, nodes: set[str | None]) -> None:
    """A node lies in one lane of a set; the lanes inside that lane divide it further."""
    lane_of: dict[str, str] = {}
    for lane in children(lane_set, "bpmn:lane"):
        for reference in children(lane, "bpmn:flowNodeRef"):
            identifier = local_id(text_of(reference))
            if identifier not in nodes:
                msgid = N_("The lane names “%(id)s”, which is no flow node of the same level.")
                diagram.refuse(reference, "lane_node", msgid, id=text_of(reference))
            elif identifier in lane_of:
                msgid = N_("“%(id)s” is in the lane “%(lane)s” already. Name it once.")
                diagram.refuse(reference, "lane_twice", msgid, id=identifier, lane=lane_of[identifier])
            lane_of.setdefault(identifier, lane.get("name") or lane.get("id") or "")
        inner = child(lane, "bpmn:childLaneSet")
        if inner is not None:
            _check_lane_set(diagram, inner, nodes)


def check_pools(diagram: Diagram) -> None:
    """BPMN 2.0.2, 9.3: a process belongs to one pool."""
    seen: set[str] = set()
    for participant in diagram.elements("bpmn:participant"):
        process = local_id(attribute(participant, "processRef") or "")
        if process and process in seen:
            msgid = N_("The process “%(id)s” has another pool already. Draw it once.")
            diagram.refuse(participant, "pool_twice", msgid, id=process)
        seen.add(process)


def check_message_flows(diagram: Diagram) -> None:
    """From one pool to another, from what sends to what receives (BPMN 2.0.2, 7.6.2 and 9.4)."""
    for flow in diagram.elements("bpmn:messageFlow"):
        ends = [diagram.by_id.get(local_id(attribute(flow, name) or "")) for name in ("sourceRef", "targetRef")]
        for name, end in zip(("sourceRef", "targetRef"), ends, strict=True):
            _check_end(diagram, flow, name, end)
        pools = [_pool_of(diagram, end) for end in ends if end is not None]
        if len(pools) == 2 and pools[0] is not None and pools[0] is pools[1]:
            msgid = N_("A message flow leads from one pool to another. Use a sequence flow inside a pool.")
            diagram.refuse(flow, "message_flow_inside", msgid)


def _pool_of(diagram: Diagram, end: Element) -> Element | None:
    """The process something belongs to; of a pool its process, or the pool itself where it has none."""
    if tag(end) == "bpmn:participant":
        return diagram.by_id.get(local_id(attribute(end, "processRef") or ""), end)
    return next((around for around in (end, *end.iterancestors()) if tag(around) == "bpmn:process"), None)


def _check_end(diagram: Diagram, flow: Element, name: str, end: Element | None) -> None:
    identifier = attribute(flow, name) or ""
    if end is None:
        msgid = N_("%(attribute)s names “%(id)s”, which does not exist.")
        diagram.refuse(flow, "message_flow_end", msgid, attribute=name, id=identifier)
    elif tag(end) not in dict(_MAY_BE)[name]:
        msgid = N_("A message flow connects pools, activities and message events; “%(id)s” is a %(kind)s.")
        diagram.refuse(flow, "message_flow_end", msgid, id=identifier, kind=tag(end))
    elif tag(end).endswith("Event") and not _is_message_event(end):
        msgid = N_("A message flow begins and ends at events with a message; “%(id)s” has none.")
        diagram.refuse(flow, "message_flow_end", msgid, id=identifier)


def _may_be() -> Iterator[tuple[str, frozenset[str]]]:
    activities = {name for name in FLOW_NODES if not name.endswith(("Gateway", "Event"))}
    throwing = {"bpmn:endEvent", "bpmn:intermediateThrowEvent"}
    catching = {"bpmn:startEvent", "bpmn:intermediateCatchEvent", "bpmn:boundaryEvent"}
    yield "sourceRef", frozenset(activities | throwing | {"bpmn:participant"}) - {"bpmn:receiveTask"}
    yield "targetRef", frozenset(activities | catching | {"bpmn:participant"}) - {"bpmn:sendTask"}


_MAY_BE = tuple(_may_be())


def _is_message_event(event: Element) -> bool:
    """Of several definitions one may be the message."""
    return any(tag(entry) in {"bpmn:messageEventDefinition", "bpmn:eventDefinitionRef"} for entry in event)
