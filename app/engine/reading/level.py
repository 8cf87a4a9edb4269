"""One level of a diagram: the nodes and flows of a process or subprocess, connected and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from app.engine.elements.activity import Activity, ActivityHead
from app.engine.elements.boundary_events import BoundaryEvent
from app.engine.elements.event_based_gateway import EventBasedGateway
from app.engine.elements.event_subprocess import EventSubProcess
from app.engine.elements.flow_node import FlowNode, NodeHead
from app.engine.elements.link_events import LinkCatchEvent
from app.engine.elements.plain_tasks import AbstractTask
from app.engine.elements.receive_task import ReceiveTask
from app.engine.elements.start_events import StartEvent
from app.engine.flows import SequenceFlow
from app.engine.reading.compensation import compensating, tie_compensation
from app.engine.reading.continuations import add_continuations
from app.engine.reading.data import level_data
from app.engine.reading.diagram import Diagram, attribute, child, children, is_true, text_of
from app.engine.reading.lanes import lanes_of
from app.engine.reading.links import tie_links
from app.engine.reading.xml_names import Element, line_of, tag
from app.engine.scopes import ScopeSpec

NodeReader = Callable[["Level", Element], FlowNode | None]


class StandIn(AbstractTask):
    """In the place of an element that was refused, so that the rest can still be read and checked."""


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
        stand_in = node or StandIn(level.spec, ActivityHead(level.head(element)))
        add_continuations(level.diagram, level.spec, element, stand_in)
        level.nodes[stand_in.element_id] = stand_in
    _connect(level)
    level.spec.data = level_data(level.diagram, level.element)
    tie_compensation(level.diagram, level.nodes)
    tie_links(level.nodes.values())
    level.spec.start_nodes = _start_nodes(level)
    handlers = tuple(node for node in level.nodes.values() if isinstance(node, EventSubProcess))
    level.spec.event_subprocesses = handlers
    level.spec.compensation = compensating(handlers)


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


def _flows(level: Level) -> Iterator[SequenceFlow]:
    for number, element in enumerate(children(level.element, "bpmn:sequenceFlow"), start=1):
        source, target = attribute(element, "sourceRef") or "", attribute(element, "targetRef") or ""
        # The id is optional in BPMN; the number makes it the same at every reading.
        identifier = element.get("id") or level.diagram.unused_id(f"flow_{level.spec.element_id}_{number}")
        condition = child(element, "bpmn:conditionExpression")
        text = text_of(condition)
        compiled = level.diagram.feel(element, text, "conditionExpression") if condition is not None and text else None
        yield SequenceFlow(identifier, element.get("name") or "", source, target, compiled)


def _start_nodes(level: Level) -> tuple[FlowNode, ...]:
    """Where tokens begin: the none start event, or without any start each node nothing leads to (BPMN 2.0.2, 10.5.2).

    An event subprocess begins by its event.
    """
    nodes = level.nodes.values()
    starts = [node for node in nodes if isinstance(node, StartEvent)]
    if starts:
        return tuple(node for node in starts if not node.definitions or is_true(level.element, "triggeredByEvent"))
    return tuple(node for node in nodes if not node.incoming and not _is_aside(node))


def _is_aside(node: FlowNode) -> bool:
    """What begins by something else than a token at the start of its level."""
    is_handler = isinstance(node, Activity) and node.is_for_compensation
    is_start = isinstance(node, (EventBasedGateway, ReceiveTask)) and node.is_instantiating
    return is_handler or is_start or isinstance(node, (StartEvent, BoundaryEvent, EventSubProcess, LinkCatchEvent))
