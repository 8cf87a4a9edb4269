"""One level as it is drawn: its nodes, and the flows between them, before anything is built from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.engine.reading.constraints.kinds import EVENT_DEFINITIONS, FLOW_NODES, LEVELS
from app.engine.reading.diagram import Diagram, attribute, children, is_true
from app.engine.reading.xml_names import Element, tag


@dataclass
class DrawnLevel:
    """The flow nodes directly in a process or subprocess, by id, and the sequence flows into and out of each."""

    element: Element
    nodes: dict[str, Element]
    incoming: dict[str, list[Element]] = field(default_factory=dict)
    outgoing: dict[str, list[Element]] = field(default_factory=dict)

    def flows_into(self, node: Element) -> list[Element]:
        return self.incoming.get(node.get("id") or "", [])

    def flows_out_of(self, node: Element) -> list[Element]:
        return self.outgoing.get(node.get("id") or "", [])

    def of(self, *names: str) -> list[Element]:
        """The nodes with one of these short names."""
        return [node for node in self.nodes.values() if tag(node) in names]

    def source(self, flow: Element) -> Element:
        return self.nodes[attribute(flow, "sourceRef") or ""]

    def target(self, flow: Element) -> Element:
        return self.nodes[attribute(flow, "targetRef") or ""]


def levels(diagram: Diagram) -> Iterator[DrawnLevel]:
    """All levels of a file; a flow whose ends are not both on its level belongs to none."""
    pending = children(diagram.root, "bpmn:process")
    while pending:
        element = pending.pop(0)
        pending += [inner for inner in element if tag(inner) in LEVELS]
        level = DrawnLevel(element, {node.get("id") or "": node for node in element if tag(node) in FLOW_NODES})
        for flow in children(element, "bpmn:sequenceFlow"):
            source, target = attribute(flow, "sourceRef") or "", attribute(flow, "targetRef") or ""
            if source in level.nodes and target in level.nodes:
                level.outgoing.setdefault(source, []).append(flow)
                level.incoming.setdefault(target, []).append(flow)
        yield level


def definitions_of(event: Element) -> list[Element]:
    """The event definitions drawn inside an event or referred to by it."""
    return [entry for entry in event if tag(entry) in EVENT_DEFINITIONS or tag(entry) == "bpmn:eventDefinitionRef"]


def has_definition(event: Element, name: str) -> bool:
    """Whether an event is of this kind, such as `link`."""
    return any(tag(entry) == f"bpmn:{name}EventDefinition" for entry in event)


def is_event_subprocess(element: Element) -> bool:
    """A subprocess that begins by an event of the level around it (BPMN 2.0.2, 10.3.5)."""
    return tag(element) == "bpmn:subProcess" and is_true(element, "triggeredByEvent")


def is_compensation(element: Element) -> bool:
    """An activity that is done to undo another (BPMN 2.0.2, 10.7)."""
    return is_true(element, "isForCompensation")
