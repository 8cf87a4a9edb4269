"""What a diagram says before any case is started: whom its call activities call, what it leaves to the background."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.engine.elements.awaiting import Awaiting
from app.engine.elements.boundary_events import BoundaryEvent
from app.engine.elements.call_activity import CallActivity
from app.engine.elements.continuation import Continuation
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.service_task import ServiceTask
from app.engine.events.timer import TimerEvent
from app.engine.expressions import Literal
from app.engine.parsed_process import ParsedProcess


@dataclass(frozen=True, slots=True)
class BackgroundWork:
    """An element that a job of this kind (timer, continuation, connector) does something for; `at`: where it stands."""

    element_id: str
    kind: str
    at: str = ""  # start, boundary, catch: of timers; before, after: of continuations


def called_by_activity(process: ParsedProcess) -> dict[str, str]:
    """Call activity -> the key of the process it always calls; those that compute it each time are left out."""
    return {
        node.element_id: node.called.value
        for node in _nodes(process)
        if isinstance(node, CallActivity) and isinstance(node.called, Literal)
    }


def background_work(process: ParsedProcess) -> list[BackgroundWork]:
    """All of it, in the order of the ids."""
    starts = [BackgroundWork(one.element_id, "timer", "start") for one in process.start_triggers if one.timer]
    inside = [work for node in _nodes(process) for work in _work_of(node)]
    return sorted({*starts, *inside}, key=lambda work: (work.element_id, work.kind, work.at))


def _work_of(node: FlowNode) -> Iterator[BackgroundWork]:
    if isinstance(node, Continuation):
        yield BackgroundWork(node.element_id, "continuation", node.place)
    elif isinstance(node, ServiceTask) and node.connector is not None:
        yield BackgroundWork(node.element_id, "connector")
    elif isinstance(node, Awaiting) and any(isinstance(event, TimerEvent) for event in node.awaited):
        yield BackgroundWork(node.element_id, "timer", "boundary" if isinstance(node, BoundaryEvent) else "catch")


def _nodes(process: ParsedProcess) -> Iterator[FlowNode]:
    return (level.node(name) for level in process.levels.values() for name in level.task_specs)
