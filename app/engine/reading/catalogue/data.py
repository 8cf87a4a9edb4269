"""Data objects, data stores, properties, data inputs and outputs, and the associations between them."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.reading.catalogue.building_blocks import ANY, EXPRESSION, NAMED, WHOLE
from app.engine.reading.rules import EXECUTED, KEPT, ElementRule, inside, parts

_ITEM = parts(NAMED, inside("bpmn:dataState", rule=KEPT), itemSubjectRef=EXECUTED)
_ASSOCIATION = ElementRule(
    parts(ANY, inside("bpmn:assignment", "bpmn:sourceRef", "bpmn:targetRef", "bpmn:transformation"))
)
_TEXT = ElementRule()

DATA: Mapping[str, ElementRule] = {
    "bpmn:itemDefinition": ElementRule(parts(ANY, isCollection=EXECUTED, itemKind=KEPT, structureRef=KEPT)),
    "bpmn:dataStore": ElementRule(
        parts(
            NAMED,
            inside("bpmn:dataState", rule=KEPT),
            capacity=KEPT,
            isUnlimited=KEPT,
            itemSubjectRef=KEPT,
        )
    ),
    "bpmn:dataObject": ElementRule(parts(_ITEM, isCollection=EXECUTED)),
    "bpmn:dataObjectReference": ElementRule(
        parts(NAMED, inside("bpmn:dataState", rule=KEPT), dataObjectRef=EXECUTED, itemSubjectRef=KEPT)
    ),
    "bpmn:dataStoreReference": ElementRule(
        parts(NAMED, inside("bpmn:dataState", rule=KEPT), dataStoreRef=EXECUTED, itemSubjectRef=KEPT)
    ),
    "bpmn:property": ElementRule(_ITEM),
    "bpmn:dataState": WHOLE,
    "bpmn:ioSpecification": ElementRule(
        parts(ANY, inside("bpmn:dataInput", "bpmn:dataOutput", "bpmn:inputSet", "bpmn:outputSet"))
    ),
    "bpmn:dataInput": ElementRule(parts(_ITEM, isCollection=EXECUTED)),
    "bpmn:dataOutput": ElementRule(parts(_ITEM, isCollection=EXECUTED)),
    "bpmn:inputSet": ElementRule(parts(NAMED, inside("bpmn:dataInputRefs", "bpmn:optionalInputRefs"))),
    "bpmn:outputSet": ElementRule(parts(NAMED, inside("bpmn:dataOutputRefs", "bpmn:optionalOutputRefs"))),
    "bpmn:dataInputRefs": _TEXT,
    "bpmn:optionalInputRefs": _TEXT,
    "bpmn:dataOutputRefs": _TEXT,
    "bpmn:optionalOutputRefs": _TEXT,
    "bpmn:dataInputAssociation": _ASSOCIATION,
    "bpmn:dataOutputAssociation": _ASSOCIATION,
    "bpmn:sourceRef": _TEXT,
    "bpmn:targetRef": _TEXT,
    "bpmn:transformation": ElementRule(EXPRESSION),
    "bpmn:assignment": ElementRule(parts(ANY, inside("bpmn:from", "bpmn:to"))),
    "bpmn:from": ElementRule(EXPRESSION),
    "bpmn:to": ElementRule(EXPRESSION),
}
