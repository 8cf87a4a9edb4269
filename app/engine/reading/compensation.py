"""Tying activities to those that undo them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.engine.elements.activity import Activity
from app.engine.elements.boundary_events import CompensationBoundaryEvent
from app.engine.elements.event_subprocess import EventSubProcess
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.repeated_activity import RepeatedActivity
from app.engine.events.compensation import CompensateEvent
from app.engine.reading.diagram import Diagram, attribute


def tie_compensation(diagram: Diagram, nodes: Mapping[str, FlowNode]) -> None:
    """Follow the association of each compensation event of a level to the handler (BPMN 2.0.2, 10.7.1).

    Of what is repeated each pass is undone for itself, and so has the handler.
    """
    events = {name: node for name, node in nodes.items() if isinstance(node, CompensationBoundaryEvent)}
    if not events:
        return
    for association in diagram.elements("bpmn:association"):
        event = events.get(attribute(association, "sourceRef") or "")
        handler = nodes.get(attribute(association, "targetRef") or "")
        if event is None or not isinstance(handler, Activity):
            continue
        host = nodes[event.attached_to]
        undone = host.inner if isinstance(host, RepeatedActivity) else host
        if isinstance(undone, Activity):
            undone.compensation_handler = handler


def compensating(handlers: Iterable[EventSubProcess]) -> EventSubProcess | None:
    """The event subprocess of a level that undoes it, if there is one."""
    return next(
        (
            handler
            for handler in handlers
            if any(isinstance(definition, CompensateEvent) for definition in handler.definitions)
        ),
        None,
    )
