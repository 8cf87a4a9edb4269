"""One level of a diagram: the nodes and flows of a process or subprocess, connected and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from app.engine.elements.boundary_events import BoundaryEvent
from app.engine.elements.end_events import EndEvent
from app.engine.elements.flow_node import FlowNode, NodeHead
from app.engine.elements.start_events import StartEvent
from app.engine.flows import SequenceFlow
from app.engine.reading.diagram import Diagram, attribute, child, children, text_of
from app.engine.reading.lanes import lanes_of
from app.engine.reading.xml_names import Element, line_of, tag
from app.engine.scopes import ScopeSpec
from app.i18n import N_

NodeReader = Callable[["Level", Element], FlowNode | None]


@dataclass
class Level:
    """A process or subprocess being read. `levels` collects this one and those inside it."""

    diagram: Diagram
    spec: ScopeSpec
    element: Element
    readers: Mapping[str, NodeReader]
    levels: dict[str, ScopeSpec]
    nodes: dict[str, FlowNode] = field(default_factory=dict)
    lanes: dict[str, str] = field(default_factory=dict)

    def head(self, element: Element) -> NodeHead:
        identifier = element.get("id") or ""
        return NodeHead(identifier, element.get("name") or "", self.lanes.get(identifier), line_of(element))

    def inner(self, element: Element) -> ScopeSpec:
        """Read the level inside a subprocess."""
        spec = ScopeSpec(self.spec.process_key, element.get("id") or "")
        read_level(Level(self.diagram, spec, element, self.readers, self.levels))
        return spec


def read_level(level: Level) -> None:
    """Read all nodes, connect them, and say what does not fit together."""
    level.levels[level.spec.element_id] = level.spec
    level.lanes = lanes_of(level.element)
    elements = [element for element in level.element if tag(element) in level.readers]
    # Boundary events last: they are put on the activity they name.
    for element in sorted(elements, key=lambda element: tag(element) == "bpmn:boundaryEvent"):
        node = level.readers[tag(element)](level, element)
        if node is not None:
            level.nodes[node.element_id] = node
    _connect(level)
    level.spec.start_nodes = _start_nodes(level)


def _connect(level: Level) -> None:
    incoming: dict[str, list[SequenceFlow]] = {}
    outgoing: dict[str, list[SequenceFlow]] = {}
    for flow in _flows(level):
        level.spec.flows[flow.id] = flow
        outgoing.setdefault(flow.source, []).append(flow)
        incoming.setdefault(flow.target, []).append(flow)
    for identifier, node in level.nodes.items():
        node.incoming = tuple(incoming.get(identifier, ()))
        node.outgoing = tuple(outgoing.get(identifier, ()))
    for element in level.element:
        default = attribute(element, "default")
        owner = level.nodes.get(element.get("id") or "")
        if default and owner is not None:
            owner.default = next((flow for flow in owner.outgoing if flow.id == default), None)
            if owner.default is None:
                msgid = N_("The default flow “%(id)s” does not leave this element.")
                level.diagram.refuse(element, "default_flow", msgid, id=default)


def _flows(level: Level) -> Iterator[SequenceFlow]:
    for number, element in enumerate(children(level.element, "bpmn:sequenceFlow"), start=1):
        source, target = attribute(element, "sourceRef") or "", attribute(element, "targetRef") or ""
        missing = [end for end in (source, target) if end not in level.nodes]
        if missing:
            msgid = N_("A sequence flow names “%(id)s”, which is no flow node of the same level.")
            level.diagram.refuse(element, "flow_end", msgid, id=missing[0])
            continue
        # The id is optional in BPMN; the number makes it the same at every reading.
        identifier = element.get("id") or f"flow_{level.spec.element_id}_{number}"
        condition = child(element, "bpmn:conditionExpression")
        text = text_of(condition)
        compiled = level.diagram.feel(element, text, "conditionExpression") if condition is not None and text else None
        yield SequenceFlow(identifier, element.get("name") or "", source, target, compiled)


def _start_nodes(level: Level) -> tuple[FlowNode, ...]:
    """Where tokens begin: the start events, or without any each node nothing leads to (BPMN 2.0.2, 10.5.2)."""
    nodes = level.nodes.values()
    loose = [node for node in nodes if not node.incoming and not isinstance(node, (StartEvent, BoundaryEvent))]
    starts = [node for node in nodes if isinstance(node, StartEvent)]
    if starts:
        for node in loose:
            _refuse(level, node, "unreachable", N_("No sequence flow leads here. Connect it, or delete it."))
    elif not loose:
        level.diagram.refuse(level.element, "no_start", N_("There is no start event. Draw one."))
    if any(isinstance(node, EndEvent) for node in nodes):
        for node in nodes:
            if not node.outgoing and not isinstance(node, EndEvent):
                _refuse(level, node, "dead_end", N_("No sequence flow leaves here. Lead it to an end event."))
    for node in nodes:
        if isinstance(node, (StartEvent, BoundaryEvent)) and node.incoming:
            _refuse(level, node, "flow_into_start", N_("A sequence flow leads into this event. Remove it."))
        if isinstance(node, EndEvent) and node.outgoing:
            _refuse(level, node, "flow_out_of_end", N_("A sequence flow leaves this end event. Remove it."))
    return tuple(starts or loose)


def _refuse(level: Level, node: FlowNode, code: str, msgid: str) -> None:
    element = next(element for element in level.element if element.get("id") == node.element_id)
    level.diagram.refuse(element, code, msgid)
