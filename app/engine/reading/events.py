"""Reading events."""

from __future__ import annotations

from app.engine.elements.activity import Activity
from app.engine.elements.boundary_events import BoundaryEvent, CompensationBoundaryEvent, WaitingBoundaryEvent
from app.engine.elements.compensation_events import CompensationEndEvent, CompensationThrowEvent
from app.engine.elements.end_events import EndEvent
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.intermediate_events import IntermediateCatchEvent, IntermediateThrowEvent
from app.engine.elements.start_events import StartEvent
from app.engine.elements.transaction import CancelEndEvent
from app.engine.events.cancel import CancelEvent
from app.engine.events.compensation import CompensateEvent
from app.engine.events.error import ErrorEvent
from app.engine.events.escalation import EscalationEvent
from app.engine.events.message import MessageEvent
from app.engine.events.terminate import TerminateEvent
from app.engine.events.timer import TimerEvent
from app.engine.reading.diagram import attribute, is_true
from app.engine.reading.event_definitions import event_of
from app.engine.reading.level import Level, NodeReader
from app.engine.reading.xml_names import Element
from app.i18n import N_


def _start_event(level: Level, element: Element) -> FlowNode | None:
    event = event_of(level, element)
    if event is None or isinstance(event, MessageEvent):
        return StartEvent(level.spec, level.head(element), event)
    return _refuse_place(level, element)


def _end_event(level: Level, element: Element) -> FlowNode | None:
    event = event_of(level, element)
    if isinstance(event, CompensateEvent):
        return CompensationEndEvent(level.spec, level.head(element), event)
    if isinstance(event, CancelEvent):
        return CancelEndEvent(level.spec, level.head(element))
    if event is None or isinstance(event, (MessageEvent, ErrorEvent, EscalationEvent, TerminateEvent)):
        return EndEvent(level.spec, level.head(element), event)
    return _refuse_place(level, element)


def _catch_event(level: Level, element: Element) -> FlowNode | None:
    event = event_of(level, element)
    if isinstance(event, (MessageEvent, TimerEvent)):
        return IntermediateCatchEvent(level.spec, level.head(element), event)
    return _refuse_place(level, element)


def _throw_event(level: Level, element: Element) -> FlowNode | None:
    event = event_of(level, element)
    if isinstance(event, CompensateEvent):
        return CompensationThrowEvent(level.spec, level.head(element), event)
    if event is None or isinstance(event, (MessageEvent, EscalationEvent)):
        return IntermediateThrowEvent(level.spec, level.head(element), event)
    return _refuse_place(level, element)


def _boundary_event(level: Level, element: Element) -> FlowNode | None:
    host_id = attribute(element, "attachedToRef") or ""
    host = level.nodes.get(host_id)
    event = event_of(level, element)
    is_interrupting = is_true(element, "cancelActivity", default=True)
    if not isinstance(host, Activity):
        return None  # refused for that
    if isinstance(event, CompensateEvent):
        return CompensationBoundaryEvent(
            level.spec, level.head(element), event, attached_to=host_id, is_interrupting=False
        )
    node: BoundaryEvent
    head = level.head(element)
    if isinstance(event, (MessageEvent, TimerEvent)):
        node = WaitingBoundaryEvent(level.spec, head, event, attached_to=host_id, is_interrupting=is_interrupting)
    elif isinstance(event, (CancelEvent, ErrorEvent, EscalationEvent)):
        node = BoundaryEvent(level.spec, head, event, attached_to=host_id, is_interrupting=is_interrupting)
    else:
        return _refuse_place(level, element)
    host.boundary_events = (*host.boundary_events, node)
    return node


def _refuse_place(level: Level, element: Element) -> FlowNode | None:
    if not any(problem.element_id == element.get("id") for problem in level.diagram.problems):
        msgid = N_("An event of this place cannot have this definition, or needs one.")
        level.diagram.refuse(element, "event_place", msgid)
    return None


EVENTS: dict[str, NodeReader] = {
    "bpmn:startEvent": _start_event,
    "bpmn:endEvent": _end_event,
    "bpmn:intermediateCatchEvent": _catch_event,
    "bpmn:intermediateThrowEvent": _throw_event,
    "bpmn:boundaryEvent": _boundary_event,
}
