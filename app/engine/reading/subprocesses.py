"""Reading subprocesses and call activities, and what all activities have in common."""

from __future__ import annotations

from app.engine.elements.activity import Activity, ActivityHead
from app.engine.elements.ad_hoc_subprocess import AdHocRules, AdHocSubProcess
from app.engine.elements.call_activity import CallActivity, Passed
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.subprocess import SubProcess
from app.engine.elements.transaction import Transaction
from app.engine.expressions import Literal
from app.engine.reading.activities import TASK_READERS, ActivityReader
from app.engine.reading.data import activity_data
from app.engine.reading.diagram import attribute, child, is_true, local_id, text_of
from app.engine.reading.event_subprocesses import event_subprocess
from app.engine.reading.extensions import mappings, passed, passing
from app.engine.reading.level import Level, NodeReader
from app.engine.reading.loop_data import collection_in, collection_out, of_an_instance
from app.engine.reading.repetition import MULTI_INSTANCE, marker_of, repeated
from app.engine.reading.xml_names import Element
from app.i18n import N_


def _subprocess(level: Level, element: Element, head: ActivityHead) -> Activity | None:
    inner = level.inner(element)
    if is_true(element, "triggeredByEvent"):
        return event_subprocess(level, element, head, inner)
    return SubProcess(level.spec, head, inner)


def _transaction(level: Level, element: Element, head: ActivityHead) -> Activity:
    return Transaction(level.spec, head, level.inner(element))


def _ad_hoc(level: Level, element: Element, head: ActivityHead) -> Activity:
    text, active = text_of(child(element, "bpmn:completionCondition")), attribute(element, "aftercare:activeElements")
    rules = AdHocRules(
        is_sequential=attribute(element, "ordering") == "Sequential",
        condition=level.diagram.feel(element, text, "completionCondition") if text else None,
        cancels_remaining=is_true(element, "cancelRemainingInstances", default=True),
        active_elements=level.diagram.feel(element, active, "aftercare:activeElements") if active else None,
    )
    return AdHocSubProcess(level.spec, head, level.inner(element), rules)


def _call_activity(level: Level, element: Element, head: ActivityHead) -> Activity:
    called = level.diagram.attribute_or_feel(element, "calledElement")
    if called is None:
        msgid = N_("Say what is called: set calledElement to the key of a process or global task, or to FEEL after =.")
        level.diagram.refuse(element, "called_element", msgid)
        called = Literal("")
    elif isinstance(called, Literal):
        called = Literal(local_id(called.value))
    return CallActivity(
        level.spec, head, called, _passed(level, element, "camunda:in"), _passed(level, element, "camunda:out")
    )


def _passed(level: Level, element: Element, name: str) -> Passed:
    if child(element, MULTI_INSTANCE) is None:
        for entry in (entry for entry in passing(element, name) if is_true(entry, "local")):
            msgid = N_(
                "Only an instance of a multi-instance activity has variables of its own. Remove the attribute local."
            )
            level.diagram.refuse(entry, "call_mapping", msgid)
    return passed(level.diagram, element, name)


ACTIVITIES: dict[str, ActivityReader] = {
    **TASK_READERS,
    "bpmn:subProcess": _subprocess,
    "bpmn:transaction": _transaction,
    "bpmn:adHocSubProcess": _ad_hoc,
    "bpmn:callActivity": _call_activity,
}


def activity_reader(read: ActivityReader) -> NodeReader:
    """Read an activity, wrapped into what repeats it where it has a marker."""

    def read_node(level: Level, element: Element) -> FlowNode | None:
        node = level.head(element)
        data = activity_data(level.diagram, element)
        inputs, outputs = mappings(level.diagram, element, "input"), mappings(level.diagram, element, "output")
        start, completion = (int(attribute(element, name) or "1") for name in ("startQuantity", "completionQuantity"))
        undoes = is_true(element, "isForCompensation")
        marker = marker_of(element)
        if marker is None:
            head = ActivityHead(
                node,
                inputs,
                outputs,
                data=data,
                start_quantity=start,
                completion_quantity=completion,
                is_for_compensation=undoes,
            )
            return read(level, element, head)
        data = of_an_instance(data, collection_in(level.diagram, marker), collection_out(level.diagram, marker))
        inner = read(level, element, ActivityHead(node, inputs, outputs, data=data, is_instance=True))
        if inner is None:
            return None
        around = ActivityHead(node, start_quantity=start, completion_quantity=completion, is_for_compensation=undoes)
        return repeated(level, around, inner, marker)

    return read_node
