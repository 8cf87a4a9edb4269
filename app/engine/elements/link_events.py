"""Link events: a jump from one place of a level to another."""

from __future__ import annotations

from app.engine.elements.flow_node import FlowNode, NodeHead
from app.engine.events.link import LinkEvent
from app.engine.scopes import Scope, ScopeSpec


class LinkCatchEvent(FlowNode):
    """Where a jump arrives (BPMN 2.0.2, 10.5.5); nothing is waited for."""

    element_type = "intermediateCatchEvent"

    def __init__(self, level: ScopeSpec, head: NodeHead, link: LinkEvent) -> None:
        super().__init__(level, head)
        self.definitions = (link,)


class LinkThrowEvent(FlowNode):
    """Where a jump begins. target: where it arrives, None only while the diagram is read."""

    element_type = "intermediateThrowEvent"

    def __init__(self, level: ScopeSpec, head: NodeHead, link: LinkEvent) -> None:
        super().__init__(level, head)
        self.definitions = (link,)
        self.target: LinkCatchEvent | None = None

    def send_on(self, scope: Scope) -> None:
        if self.target is not None:
            self.target.begin_level(scope)
