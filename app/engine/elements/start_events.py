"""Start events of a process or subprocess."""

from __future__ import annotations

from app.engine.elements.flow_node import FlowNode, NodeHead
from app.engine.elements.waiting import Waiting
from app.engine.events.caught import CaughtEvent
from app.engine.scopes import ScopeSpec


class StartEvent(FlowNode):
    """Where a token appears; what triggers it is decided before the token exists (BPMN 2.0.2, 10.5.2)."""

    element_type = "startEvent"

    def __init__(self, level: ScopeSpec, head: NodeHead, definitions: tuple[object, ...] = ()) -> None:
        super().__init__(level, head)
        self.definitions = definitions


class ParallelStartEvent(Waiting, StartEvent):
    """Several things must happen before the process goes on: the case exists from the first on and waits for the rest.

    That the rest belongs to this case is told by the business key or the correlation key, as with any message.
    """

    is_parallel = True

    def __init__(self, level: ScopeSpec, head: NodeHead, awaited: tuple[CaughtEvent, ...]) -> None:
        super().__init__(level, head, awaited)
        self.awaited = awaited
