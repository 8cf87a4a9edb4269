"""Reading events."""

from __future__ import annotations

from typing import TypeGuard

from app.engine.elements.activity import Activity
from app.engine.elements.boundary_events import BoundaryEvent, CompensationBoundaryEvent
from app.engine.elements.compensation_events import CompensationEndEvent, CompensationThrowEvent
from app.engine.elements.end_events import EndEvent
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.intermediate_events import IntermediateCatchEvent, IntermediateThrowEvent
from app.engine.elements.link_events import LinkCatchEvent, LinkThrowEvent
from app.engine.elements.start_events import ParallelStartEvent, StartEvent
from app.engine.elements.transaction import CancelEndEvent
from app.engine.events.cancel import CancelEvent
from app.engine.events.caught import CaughtEvent
from app.engine.events.compensation import CompensateEvent
from app.engine.events.conditional import ConditionalEvent
from app.engine.events.error import ErrorEvent
from app.engine.events.escalation import EscalationEvent
from app.engine.events.link import LinkEvent
from app.engine.events.message import MessageEvent
from app.engine.events.signal import SignalEvent
from app.engine.events.terminate import TerminateEvent
from app.engine.events.thrown import ThrownEvent
from app.engine.events.timer import TimerEvent
from app.engine.reading.data import event_input, event_output
from app.engine.reading.diagram import attribute, is_true
from app.engine.reading.event_definitions import AnyEvent, events_of
from app.engine.reading.level import Level, NodeReader
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

# What may stand where (BPMN 2.0.2, tables 10.84 to 10.93).
AWAITED = (MessageEvent, TimerEvent, SignalEvent, ConditionalEvent)
ATTACHED = (*AWAITED, CancelEvent, ErrorEvent, EscalationEvent)
THROWN = (MessageEvent, SignalEvent, EscalationEvent)
ENDING = (*THROWN, ErrorEvent, TerminateEvent)


def _are_awaited(events: tuple[AnyEvent, ...]) -> TypeGuard[tuple[CaughtEvent, ...]]:
    return all(isinstance(event, AWAITED) for event in events)


def _are_attached(events: tuple[AnyEvent, ...]) -> bool:
    return all(isinstance(event, ATTACHED) for event in events)


def _are_thrown(events: tuple[AnyEvent, ...], kinds: tuple[type, ...]) -> TypeGuard[tuple[ThrownEvent, ...]]:
    return all(isinstance(event, kinds) for event in events)


def _start_event(level: Level, element: Element) -> FlowNode | None:
    events = events_of(level, element)
    is_all = is_true(element, "parallelMultiple") and len(events) > 1
    if is_all and _are_awaited(events) and tag(level.element) == "bpmn:process":
        return ParallelStartEvent(level.spec, level.head(element), events)
    return StartEvent(level.spec, level.head(element), events)


def _end_event(level: Level, element: Element) -> FlowNode | None:
    events = events_of(level, element)
    if events and isinstance(events[0], CompensateEvent):
        return CompensationEndEvent(level.spec, level.head(element), events[0])
    if events and isinstance(events[0], CancelEvent):
        return CancelEndEvent(level.spec, level.head(element))
    if _are_thrown(events, ENDING):
        return EndEvent(level.spec, level.head(element), events)
    return _refuse_place(level, element)


def _catch_event(level: Level, element: Element) -> FlowNode | None:
    events = events_of(level, element)
    if events and isinstance(events[0], LinkEvent):
        return LinkCatchEvent(level.spec, level.head(element), events[0])
    if events and _are_awaited(events):
        is_parallel = is_true(element, "parallelMultiple")
        return IntermediateCatchEvent(level.spec, level.head(element), events, is_parallel=is_parallel)
    return _refuse_place(level, element)


def _throw_event(level: Level, element: Element) -> FlowNode | None:
    events = events_of(level, element)
    if events and isinstance(events[0], CompensateEvent):
        return CompensationThrowEvent(level.spec, level.head(element), events[0])
    if events and isinstance(events[0], LinkEvent):
        return LinkThrowEvent(level.spec, level.head(element), events[0])
    if _are_thrown(events, THROWN):
        return IntermediateThrowEvent(level.spec, level.head(element), events)
    return _refuse_place(level, element)


def _boundary_event(level: Level, element: Element) -> FlowNode | None:
    host_id = attribute(element, "attachedToRef") or ""
    host = level.nodes.get(host_id)
    events = events_of(level, element)
    is_interrupting = is_true(element, "cancelActivity", default=True)
    if not isinstance(host, Activity):
        return None  # refused for that
    if events and isinstance(events[0], CompensateEvent):
        return CompensationBoundaryEvent(
            level.spec, level.head(element), events, attached_to=host_id, is_interrupting=False
        )
    if not events or not _are_attached(events):
        return _refuse_place(level, element)
    node = BoundaryEvent(
        level.spec,
        level.head(element),
        events,
        attached_to=host_id,
        is_interrupting=is_interrupting,
        is_parallel=is_true(element, "parallelMultiple"),
    )
    host.boundary_events = (*host.boundary_events, node)
    return node


def _refuse_place(level: Level, element: Element) -> FlowNode | None:
    if not any(problem.element_id == element.get("id") for problem in level.diagram.problems):
        msgid = N_("An event of this place cannot have this definition, or needs one.")
        level.diagram.refuse(element, "event_place", msgid)
    return None


def _with_data(reader: NodeReader) -> NodeReader:
    """The same event with its data inputs or data outputs."""

    def read(level: Level, element: Element) -> FlowNode | None:
        node = reader(level, element)
        if node is not None:
            node.sends, node.receives = event_input(level.diagram, element), event_output(level.diagram, element)
        return node

    return read


EVENTS: dict[str, NodeReader] = {
    "bpmn:startEvent": _with_data(_start_event),
    "bpmn:endEvent": _with_data(_end_event),
    "bpmn:intermediateCatchEvent": _with_data(_catch_event),
    "bpmn:intermediateThrowEvent": _with_data(_throw_event),
    "bpmn:boundaryEvent": _with_data(_boundary_event),
}
