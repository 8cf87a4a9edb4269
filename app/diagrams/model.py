"""The elements of a BPMN file as a drawing needs them: what they are, what they connect, what they contain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from app.diagrams.drawing import Element
from app.svg import XML

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"

ACTIVITIES = frozenset(
    {
        "task", "userTask", "manualTask", "scriptTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask",
        "callActivity", "subProcess", "transaction", "adHocSubProcess",
    }
)  # fmt: skip
CONTAINERS = frozenset({"subProcess", "transaction", "adHocSubProcess"})
GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "complexGateway", "eventBasedGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS
# Of decision requirements (DMN 1.5, 6.2.1); `decisionService` is a frame around decisions, or folded one of them.
DECISION_NODES = frozenset({"decision", "inputData", "businessKnowledgeModel", "knowledgeSource", "decisionService"})
# Their names stand inside.
BOXES = ACTIVITIES | DECISION_NODES
THROWING = frozenset({"endEvent", "intermediateThrowEvent"})


class UnreadableDiagram(ValueError):
    """The file is not XML that can be drawn."""


@dataclass(slots=True)
class Level:
    """What stands directly in a process or subprocess: node ids, flows as (id, source, target), hosts of boundaries."""

    id: str
    nodes: list[str] = field(default_factory=list)
    flows: list[tuple[str, str, str]] = field(default_factory=list)
    hosts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Model:
    """Elements by id, and the levels they are on; participants name processes."""

    elements: dict[str, Element] = field(default_factory=dict)
    levels: dict[str, Level] = field(default_factory=dict)
    processes: list[str] = field(default_factory=list)


def parse_xml(xml: bytes) -> XML:
    """The root of a BPMN file; nothing outside the file is read. Raises UnreadableDiagram."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableDiagram(str(error)) from error


def read_model(root: XML) -> Model:
    """All elements with an id, and what is connected to what."""
    model = Model()
    for entry in root.iter(f"{BPMN}*"):
        identifier = entry.get("id")
        if identifier:
            model.elements[identifier] = _element(entry, identifier)
    for process in root.findall(f"{BPMN}process"):
        model.processes.append(process.get("id") or "")
        _read_level(model, process)
    return model


def _read_level(model: Model, container: XML) -> None:
    level = Level(container.get("id") or "")
    model.levels[level.id] = level
    for entry in container.iterchildren(f"{BPMN}*"):
        name, identifier = local_name(entry), entry.get("id") or ""
        if name in FLOW_NODES:
            level.nodes.append(identifier)
            if name == "boundaryEvent":
                level.hosts[identifier] = entry.get("attachedToRef") or ""
            if name in CONTAINERS:
                _read_level(model, entry)
        elif name == "sequenceFlow":
            level.flows.append((identifier, entry.get("sourceRef") or "", entry.get("targetRef") or ""))


def _element(entry: XML, identifier: str) -> Element:
    name = local_name(entry)
    is_light = entry.get("cancelActivity") == "false" or entry.get("isInterrupting") == "false"
    source = entry.getparent() if name == "sequenceFlow" else None
    return Element(
        id=identifier,
        type=name,
        name=entry.get("name") or "",
        events=tuple(_events(entry)),
        markers=tuple(_markers(entry)),
        is_light=is_light,
        is_default=source is not None and _is_default(source, identifier),
        is_conditional=source is not None and _is_conditional(source, entry),
        text="".join(str(part) for part in entry.itertext()).strip() if name == "textAnnotation" else "",
    )


def local_name(entry: XML) -> str:
    """The name of an XML element without its namespace."""
    return str(entry.tag).rpartition("}")[2]


def _events(entry: XML) -> Iterator[str]:
    for definition in entry.iterchildren(f"{BPMN}*"):
        name = local_name(definition)
        if name.endswith("EventDefinition"):
            yield name.removesuffix("EventDefinition")


def _markers(entry: XML) -> Iterator[str]:
    repeated = entry.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if repeated is not None:
        yield "sequential" if repeated.get("isSequential") == "true" else "parallel"
    if entry.find(f"{BPMN}standardLoopCharacteristics") is not None:
        yield "loop"
    if entry.get("isForCompensation") == "true":
        yield "compensation"
    if local_name(entry) == "adHocSubProcess":
        yield "ad_hoc"
    if entry.get("triggeredByEvent") == "true":
        yield "event_subprocess"


def _is_default(container: XML, flow_id: str) -> bool:
    return any(entry.get("default") == flow_id for entry in container.iterchildren(f"{BPMN}*"))


def _is_conditional(container: XML, flow: XML) -> bool:
    """The small diamond is drawn where a condition leaves an activity (BPMN 2.0.2, 10.4.2)."""
    if flow.find(f"{BPMN}conditionExpression") is None:
        return False
    source = next((entry for entry in container if entry.get("id") == flow.get("sourceRef")), None)
    return source is not None and local_name(source) in ACTIVITIES
