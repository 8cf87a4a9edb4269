"""What may stand in its place only once: a second one would be ignored in silence. And texts where none belong."""

from __future__ import annotations

from app.engine.reading.diagram import Diagram
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

_ONCE = frozenset(
    {
        "aftercare:readers",
        "aftercare:title",
        "aftercare:translations",
        "bpmn:activationCondition",
        "bpmn:childLaneSet",
        "bpmn:completionCondition",
        "bpmn:condition",
        "bpmn:conditionExpression",
        "bpmn:dataState",
        "bpmn:extensionElements",
        "bpmn:from",
        "bpmn:ioSpecification",
        "bpmn:loopCardinality",
        "bpmn:loopCondition",
        "bpmn:loopDataInputRef",
        "bpmn:loopDataOutputRef",
        "bpmn:inputDataItem",
        "bpmn:outputDataItem",
        "bpmn:multiInstanceLoopCharacteristics",
        "bpmn:resourceAssignmentExpression",
        "bpmn:resourceRef",
        "bpmn:script",
        "bpmn:standardLoopCharacteristics",
        "bpmn:to",
        "bpmn:transformation",
        "camunda:connector",
        "camunda:connectorId",
        "camunda:failedJobRetryTimeCycle",
        "camunda:inputOutput",
        "camunda:list",
        "camunda:map",
        "camunda:properties",
        "camunda:script",
    }
)
_SEVERAL_IN = frozenset({"camunda:list", "camunda:map", "camunda:entry"})  # where values are put together
_LOOPS = ("bpmn:multiInstanceLoopCharacteristics", "bpmn:standardLoopCharacteristics")
_HAVE_TEXT = frozenset(
    {
        "bpmn:activationCondition",
        "bpmn:completionCondition",
        "bpmn:condition",
        "bpmn:conditionExpression",
        "bpmn:dataInputRefs",
        "bpmn:dataOutputRefs",
        "bpmn:documentation",
        "bpmn:eventDefinitionRef",
        "bpmn:flowNodeRef",
        "bpmn:formalExpression",
        "bpmn:from",
        "bpmn:incoming",
        "bpmn:outgoing",
        "bpmn:loopCardinality",
        "bpmn:loopCondition",
        "bpmn:loopDataInputRef",
        "bpmn:loopDataOutputRef",
        "bpmn:resourceRef",
        "bpmn:script",
        "bpmn:source",
        "bpmn:sourceRef",
        "bpmn:target",
        "bpmn:targetRef",
        "bpmn:text",
        "bpmn:timeCycle",
        "bpmn:timeDate",
        "bpmn:timeDuration",
        "bpmn:to",
        "bpmn:transformation",
    }
)


def check_multiplicity(diagram: Diagram) -> None:
    """Compare what stands in each element with the numbers of the schema of BPMN 2.0.2."""
    for element in diagram.elements():
        _check_repeated(diagram, element)
        if tag(element).startswith("bpmn:") and not tag(element).endswith(("Ref", "Refs", "Expression")):
            _check_text(diagram, element)


def _check_repeated(diagram: Diagram, element: Element) -> None:
    seen: set[str] = set()
    for entry in element:
        name = tag(entry)
        kind = _LOOPS[0] if name in _LOOPS else name
        if kind in seen and kind in _ONCE and tag(element) not in _SEVERAL_IN:
            msgid = N_("%(name)s stands here more than once. Keep one.")
            diagram.refuse(entry, "repeated", msgid, name=name)
        seen.add(kind)


def _check_text(diagram: Diagram, element: Element) -> None:
    """Words between elements mean nothing; blanks are there for the eye."""
    if tag(element) in _HAVE_TEXT:
        return
    words = "".join([element.text or "", *(entry.tail or "" for entry in element)]).strip()
    if words:
        msgid = N_("The text “%(text)s” stands where none is read. Remove it.")
        diagram.refuse(element, "stray_text", msgid, text=words[:40])
