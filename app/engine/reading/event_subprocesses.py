"""Reading event subprocesses."""

from __future__ import annotations

from app.engine.elements.activity import ActivityHead
from app.engine.elements.event_subprocess import EventSubProcess
from app.engine.elements.flow_node import NodeHead
from app.engine.elements.start_events import StartEvent
from app.engine.reading.diagram import children, is_true
from app.engine.reading.level import Level
from app.engine.reading.xml_names import Element
from app.engine.scopes import ScopeSpec


def event_subprocess(level: Level, element: Element, head: ActivityHead, inner: ScopeSpec) -> EventSubProcess | None:
    """An event subprocess with its one start event (BPMN 2.0.2, 10.3.5)."""
    starts = [node for node in inner.start_nodes if isinstance(node, StartEvent)]
    if len(starts) != 1:
        return None  # refused for that
    start = starts[0]
    drawn = next(entry for entry in children(element, "bpmn:startEvent") if entry.get("id") == start.element_id)
    handler = EventSubProcess(
        level.spec,
        head,
        inner,
        start_head=NodeHead(start.element_id, start.element_name, head.node.lane, start.line),
        definitions=start.definitions,
        is_interrupting=is_true(drawn, "isInterrupting", default=True),
        is_parallel=is_true(drawn, "parallelMultiple"),
    )
    handler.listener.receives = start.receives
    return handler
