"""Reading gateways."""

from __future__ import annotations

from app.engine.elements.complex_gateway import ComplexGateway
from app.engine.elements.event_based_gateway import EventBasedGateway, ParallelEventBasedGateway
from app.engine.elements.exclusive_gateway import ExclusiveGateway
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.inclusive_gateway import InclusiveGateway
from app.engine.elements.parallel_gateway import ParallelGateway
from app.engine.reading.diagram import attribute, child, is_true, text_of
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


def _event_based(level: Level, element: Element) -> FlowNode:
    is_parallel = attribute(element, "eventGatewayType") == "Parallel"
    kind = ParallelEventBasedGateway if is_parallel else EventBasedGateway
    return kind(level.spec, level.head(element), is_instantiating=is_true(element, "instantiate"))


GATEWAYS: dict[str, NodeReader] = {
    "bpmn:exclusiveGateway": _reader(ExclusiveGateway),
    "bpmn:inclusiveGateway": _reader(InclusiveGateway),
    "bpmn:parallelGateway": _reader(ParallelGateway),
    "bpmn:complexGateway": _complex,
    "bpmn:eventBasedGateway": _event_based,
}
