"""Start events of a process or subprocess."""

from __future__ import annotations

from app.engine.elements.flow_node import FlowNode, NodeHead
from app.engine.scopes import ScopeSpec


class StartEvent(FlowNode):
    """Where a token appears; what triggers it is decided before the token exists (BPMN 2.0.2, 10.5.2)."""

    element_type = "startEvent"

    def __init__(self, level: ScopeSpec, head: NodeHead, definitions: tuple[object, ...] = ()) -> None:
        super().__init__(level, head)
        self.definitions = definitions
