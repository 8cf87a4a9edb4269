"""Ids: every element that others refer to has one, and it is a name XML allows as an id."""

from __future__ import annotations

import re

from app.engine.reading.constraints.kinds import EVENT_DEFINITIONS, FLOW_NODES, GLOBAL_TASKS
from app.engine.reading.diagram import Diagram
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

_NAME = re.compile(r"[^\W\d][\w.\-]*")  # an NCName of XML, but for some letters nobody writes
_NEED_ONE = (
    FLOW_NODES
    | GLOBAL_TASKS
    | {
        "bpmn:dataInput",
        "bpmn:dataObject",
        "bpmn:dataObjectReference",
        "bpmn:dataOutput",
        "bpmn:dataStore",
        "bpmn:dataStoreReference",
        "bpmn:error",
        "bpmn:escalation",
        "bpmn:inputDataItem",
        "bpmn:itemDefinition",
        "bpmn:message",
        "bpmn:outputDataItem",
        "bpmn:process",
        "bpmn:property",
        "bpmn:resource",
        "bpmn:signal",
    }
)


def check_ids(diagram: Diagram) -> None:
    """BPMN 2.0.2, 8.3.1; the file has been searched for ids used twice before."""
    for element in diagram.elements():
        identifier = element.get("id")
        if identifier is None or not identifier.strip():
            _check_missing(diagram, element)
        elif not _NAME.fullmatch(identifier):
            msgid = N_("“%(id)s” is no id: it begins with a letter and has letters, digits, _, - and . only.")
            diagram.refuse(element, "invalid_id", msgid, id=identifier)


def _check_missing(diagram: Diagram, element: Element) -> None:
    name = tag(element)
    if name == "bpmn:process":
        msgid = N_("The process has no id: it is the key under which it is started.")
        diagram.refuse(element, "missing_id", msgid)
    elif name in _NEED_ONE or _is_root_definition(element):
        diagram.refuse(element, "missing_id", N_("It has no id. Give it one."))


def _is_root_definition(element: Element) -> bool:
    """Event definitions at the root are there to be referred to."""
    parent = element.getparent()
    return tag(element) in EVENT_DEFINITIONS and parent is not None and tag(parent) == "bpmn:definitions"
