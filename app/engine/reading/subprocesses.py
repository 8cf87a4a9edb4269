"""Reading subprocesses, call activities and the multi-instance marker around any activity."""

from __future__ import annotations

from app.engine.elements.activity import Activity, ActivityHead, Mapped
from app.engine.elements.call_activity import CallActivity, Passed
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.multi_instance import LoopCharacteristics, MultiInstanceBody
from app.engine.elements.subprocess import SubProcess
from app.engine.expressions import FeelText, TextOrFeel
from app.engine.reading.activities import TASK_READERS, ActivityReader
from app.engine.reading.diagram import attribute, child, children, is_true, text_of
from app.engine.reading.extensions import mappings
from app.engine.reading.level import Level, NodeReader
from app.engine.reading.xml_names import Element
from app.i18n import N_


def _subprocess(level: Level, element: Element, head: ActivityHead) -> Activity:
    return SubProcess(level.spec, head, level.inner(element))


def _call_activity(level: Level, element: Element, head: ActivityHead) -> Activity:
    called = attribute(element, "calledElement") or ""
    if not called or called.startswith(("=", "${", "#{")):
        msgid = N_("calledElement must be the key of a process; it cannot be an expression.")
        level.diagram.refuse(element, "called_element", msgid)
    return CallActivity(
        level.spec, head, called, _passed(level, element, "camunda:in"), _passed(level, element, "camunda:out")
    )


def _passed(level: Level, element: Element, name: str) -> Passed:
    extensions = child(element, "bpmn:extensionElements")
    entries = children(extensions, name) if extensions is not None else []
    is_all = any(attribute(entry, "variables") == "all" for entry in entries)
    mapped = [_mapped(level, entry) for entry in entries if not _is_whole(entry)]
    return Passed(is_all, tuple(one for one in mapped if one is not None))


def _is_whole(entry: Element) -> bool:
    """`variables="all"` and `businessKey`: a called process shares the case, and so its business key, anyway."""
    return attribute(entry, "variables") is not None or attribute(entry, "businessKey") is not None


def _mapped(level: Level, entry: Element) -> Mapped | None:
    target, source = attribute(entry, "target"), attribute(entry, "source")
    expression = attribute(entry, "sourceExpression")
    if not target or (source is None) == (expression is None):
        msgid = N_("Write a target and either a source or a sourceExpression.")
        level.diagram.refuse(entry, "call_mapping", msgid)
        return None
    value: TextOrFeel = level.diagram.feel(entry, expression or source or "null", "camunda:in, camunda:out")
    return Mapped(target, value)


ACTIVITIES: dict[str, ActivityReader] = {
    **TASK_READERS,
    "bpmn:subProcess": _subprocess,
    "bpmn:callActivity": _call_activity,
}


def activity_reader(read: ActivityReader) -> NodeReader:
    """Read an activity, wrapped into what repeats it where it has a multi-instance marker."""

    def read_node(level: Level, element: Element) -> FlowNode | None:
        node = level.head(element)
        inputs, outputs = mappings(level.diagram, element, "input"), mappings(level.diagram, element, "output")
        marker = child(element, "bpmn:multiInstanceLoopCharacteristics")
        inner = read(level, element, ActivityHead(node, inputs, outputs, is_instance=marker is not None))
        if marker is None or inner is None:
            return inner
        return MultiInstanceBody(level.spec, ActivityHead(node), inner, _loop(level, marker))

    return read_node


def _loop(level: Level, marker: Element) -> LoopCharacteristics:
    collection = attribute(marker, "camunda:collection")
    cardinality = child(marker, "bpmn:loopCardinality")
    if (collection is None) == (cardinality is None):
        msgid = N_("Say how often: either camunda:collection or a loopCardinality.")
        level.diagram.refuse(marker, "multi_instance", msgid)
    collected = (attribute(marker, "aftercare:outputCollection"), attribute(marker, "aftercare:outputElement"))
    if (collected[0] is None) != (collected[1] is None):
        msgid = N_("aftercare:outputCollection and aftercare:outputElement belong together. Write both or none.")
        level.diagram.refuse(marker, "multi_instance", msgid)
    return LoopCharacteristics(
        is_sequential=is_true(marker, "isSequential"),
        collection=_feel(level, marker, collection, "camunda:collection"),
        cardinality=_feel(level, marker, text_of(cardinality) or None, "loopCardinality"),
        element_variable=attribute(marker, "camunda:elementVariable"),
        completion_condition=_feel(
            level, marker, text_of(child(marker, "bpmn:completionCondition")) or None, "completionCondition"
        ),
        output_collection=attribute(marker, "aftercare:outputCollection"),
        output_element=_feel(level, marker, attribute(marker, "aftercare:outputElement"), "aftercare:outputElement"),
    )


def _feel(level: Level, marker: Element, text: str | None, place: str) -> FeelText | None:
    return None if text is None else level.diagram.feel(marker, text, place)
