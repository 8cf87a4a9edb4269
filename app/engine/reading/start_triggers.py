"""What starts a case of a process."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine.elements.event_based_gateway import EventBasedGateway
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.receive_task import ReceiveTask
from app.engine.elements.start_events import StartEvent
from app.engine.events.conditional import ConditionalEvent
from app.engine.events.message import MessageEvent
from app.engine.events.signal import SignalEvent
from app.engine.events.timer import TimerEvent
from app.engine.parsed_process import StartTrigger
from app.engine.reading.level import Level
from app.i18n import N_


def start_triggers(level: Level) -> tuple[StartTrigger, ...]:
    """The triggers of a process, in the order of the diagram."""
    found = [StartTrigger(node.element_id, "none") for node in level.spec.start_nodes]
    for node in level.nodes.values():
        found += [trigger for start in _event_starts(level, node) for trigger in _of_definitions(start)]
    _check_messages(level, found)
    return tuple(found)


def _event_starts(level: Level, node: FlowNode) -> Iterator[FlowNode]:
    """The nodes that begin by an event because of this one: itself, or those behind a gateway."""
    if isinstance(node, StartEvent) or (isinstance(node, ReceiveTask) and node.is_instantiating):
        yield node
    elif isinstance(node, EventBasedGateway) and node.is_instantiating:
        yield from (level.nodes[flow.target] for flow in node.outgoing)


def _of_definitions(node: FlowNode) -> Iterator[StartTrigger]:
    for event in node.definitions:
        if isinstance(event, MessageEvent):
            yield StartTrigger(node.element_id, "message", event.name)
        elif isinstance(event, SignalEvent):
            yield StartTrigger(node.element_id, "signal", event.name)
        elif isinstance(event, TimerEvent):
            yield StartTrigger(node.element_id, "timer", timer=event)
        elif isinstance(event, ConditionalEvent):
            yield StartTrigger(node.element_id, "conditional", condition=event.condition)


def _check_messages(level: Level, triggers: list[StartTrigger]) -> None:
    """A message starts one case, at one place."""
    names = [trigger.name for trigger in triggers if trigger.kind == "message"]
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        msgid = N_("The message “%(name)s” starts the process at several places. Use a message for each.")
        level.diagram.refuse(level.element, "start_twice", msgid, name=name)
