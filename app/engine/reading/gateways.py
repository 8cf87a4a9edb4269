"""Reading gateways."""

from __future__ import annotations

from app.engine.elements.complex_gateway import ComplexGateway
from app.engine.elements.event_based_gateway import EventBasedGateway
from app.engine.elements.exclusive_gateway import ExclusiveGateway
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.inclusive_gateway import InclusiveGateway
from app.engine.elements.parallel_gateway import ParallelGateway
from app.engine.reading.diagram import child, text_of
from app.engine.reading.level import Level, NodeReader
from app.engine.reading.xml_names import Element


def _complex(level: Level, element: Element) -> FlowNode:
    text = text_of(child(element, "bpmn:activationCondition"))
    condition = level.diagram.feel(element, text, "activationCondition") if text else None
    return ComplexGateway(level.spec, level.head(element), condition)


def _reader(kind: type[FlowNode]) -> NodeReader:
    def read(level: Level, element: Element) -> FlowNode:
        return kind(level.spec, level.head(element))

    return read


GATEWAYS: dict[str, NodeReader] = {
    "bpmn:exclusiveGateway": _reader(ExclusiveGateway),
    "bpmn:inclusiveGateway": _reader(InclusiveGateway),
    "bpmn:parallelGateway": _reader(ParallelGateway),
    "bpmn:complexGateway": _complex,
    "bpmn:eventBasedGateway": _reader(EventBasedGateway),
}
