"""What one element says about another by its id: it exists, and it is of the right kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.engine.reading.constraints.kinds import (
    ACTIVITIES,
    EVENT_DEFINITIONS,
    EVENTS,
    FLOW_NODES,
    GLOBAL_TASKS,
)
from app.engine.reading.diagram import Diagram, attribute, local_id, text_of
from app.engine.reading.xml_names import Element, short, tag
from app.i18n import N_

_ITEMS = frozenset(
    {
        "bpmn:dataInput",
        "bpmn:dataObject",
        "bpmn:dataObjectReference",
        "bpmn:dataOutput",
        "bpmn:dataStoreReference",
        "bpmn:inputDataItem",
        "bpmn:outputDataItem",
        "bpmn:property",
    }
)
_TYPES = frozenset({"bpmn:itemDefinition"})
# Attributes that refer to an element of the same file, whatever element they stand on.
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "activityRef": ACTIVITIES,
    "categoryValueRef": frozenset({"bpmn:categoryValue"}),
    "dataObjectRef": frozenset({"bpmn:dataObject"}),
    "dataStoreRef": frozenset({"bpmn:dataStore"}),
    "default": frozenset({"bpmn:sequenceFlow"}),
    "errorRef": frozenset({"bpmn:error"}),
    "escalationRef": frozenset({"bpmn:escalation"}),
    "itemRef": _TYPES,
    "itemSubjectRef": _TYPES,
    "messageRef": frozenset({"bpmn:message"}),
    "noneBehaviorEventRef": EVENT_DEFINITIONS,
    "oneBehaviorEventRef": EVENT_DEFINITIONS,
    "processRef": frozenset({"bpmn:process"}),
    "signalRef": frozenset({"bpmn:signal"}),
    "structureRef": frozenset(),  # of errors and escalations; of item definitions it is a type of another language
}
# Elements whose text refers to another, by element around and name.
TEXTS: Mapping[str, frozenset[str]] = {
    "bpmn:dataInputRefs": frozenset({"bpmn:dataInput"}),
    "bpmn:dataOutputRefs": frozenset({"bpmn:dataOutput"}),
    "bpmn:eventDefinitionRef": EVENT_DEFINITIONS,
    "bpmn:incoming": frozenset({"bpmn:sequenceFlow"}),
    "bpmn:inputSetRefs": frozenset({"bpmn:inputSet"}),
    "bpmn:loopDataInputRef": _ITEMS,
    "bpmn:loopDataOutputRef": _ITEMS,
    "bpmn:optionalInputRefs": frozenset({"bpmn:dataInput"}),
    "bpmn:optionalOutputRefs": frozenset({"bpmn:dataOutput"}),
    "bpmn:outgoing": frozenset({"bpmn:sequenceFlow"}),
    "bpmn:outputSetRefs": frozenset({"bpmn:outputSet"}),
    "bpmn:resourceRef": frozenset({"bpmn:resource"}),
    "bpmn:sourceRef": _ITEMS,
    "bpmn:targetRef": _ITEMS,
    "bpmn:whileExecutingInputRefs": frozenset({"bpmn:dataInput"}),
    "bpmn:whileExecutingOutputRefs": frozenset({"bpmn:dataOutput"}),
}
_ENDS_OF_LINKS = frozenset({"bpmn:source", "bpmn:target"})
_NOT_HERE = frozenset({"bpmn:itemDefinition"})


def check_references(diagram: Diagram) -> None:
    """Follow every reference but the ends of flows and associations, which have rules of their own."""
    for element, name, identifier, kinds in _references(diagram):
        target = diagram.by_id.get(local_id(identifier))
        if target is None:
            msgid = N_("%(attribute)s names “%(id)s”, which does not exist.")
            diagram.refuse(element, "unknown_reference", msgid, attribute=name, id=identifier)
        elif tag(target) not in kinds:
            msgid = N_("%(attribute)s names “%(id)s”, which is a %(kind)s and no %(wanted)s.")
            wanted = ", ".join(sorted(kinds)) if len(kinds) < 4 else _family(kinds)
            diagram.refuse(
                element, "wrong_reference", msgid, attribute=name, id=identifier, kind=tag(target), wanted=wanted
            )


def _family(kinds: frozenset[str]) -> str:
    if kinds == ACTIVITIES:
        return "activity"
    if kinds == EVENT_DEFINITIONS:
        return "event definition"
    return "flow node" if kinds == FLOW_NODES else "data element"


def _references(diagram: Diagram) -> Iterator[tuple[Element, str, str, frozenset[str]]]:
    for element in diagram.elements():
        name = tag(element)
        if name in TEXTS:
            yield element, name, text_of(element), TEXTS[name]
        elif name in _ENDS_OF_LINKS:
            yield element, name, text_of(element), EVENTS | EVENT_DEFINITIONS
        elif name == "bpmn:callActivity":
            yield from _called(diagram, element)
        for raw, value in element.attrib.items():
            attribute_name = short(str(raw))
            if attribute_name == "structureRef":
                if name not in _NOT_HERE:
                    yield element, attribute_name, str(value).strip(), _TYPES
            elif attribute_name in ATTRIBUTES and name.startswith("bpmn:"):
                yield element, attribute_name, str(value).strip(), ATTRIBUTES[attribute_name]


def _called(diagram: Diagram, element: Element) -> Iterator[tuple[Element, str, str, frozenset[str]]]:
    """What is called may stand in another file of the bundle; in this one it must be something to call."""
    called = attribute(element, "calledElement") or ""
    if local_id(called) in diagram.by_id:
        yield element, "calledElement", called, GLOBAL_TASKS | {"bpmn:process"}
