"""Intermediate events in the flow: wait for something, or throw something."""

from __future__ import annotations

from app.engine.elements.flow_node import FlowNode, NodeHead
from app.engine.elements.waiting import Waiting
from app.engine.events.caught import CaughtEvent
from app.engine.events.thrown import ThrownEvent
from app.engine.scopes import Scope, ScopeSpec


class IntermediateCatchEvent(Waiting):
    """Waits in the flow (BPMN 2.0.2, 13.5.2)."""

    element_type = "intermediateCatchEvent"

    def __init__(
        self, level: ScopeSpec, head: NodeHead, awaited: tuple[CaughtEvent, ...], *, is_parallel: bool = False
    ) -> None:
        super().__init__(level, head)
        self.definitions = self.awaited = awaited
        self.is_parallel = is_parallel


class IntermediateThrowEvent(FlowNode):
    """Throws and goes on; without a definition it only goes on."""

    element_type = "intermediateThrowEvent"

    def __init__(self, level: ScopeSpec, head: NodeHead, thrown: tuple[ThrownEvent, ...]) -> None:
        super().__init__(level, head)
        self.definitions = self.thrown = thrown

    def left(self, scope: Scope, activity_id: str) -> None:
        for event in self.thrown:
            event.throw(self, scope, activity_id)
