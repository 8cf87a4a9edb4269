"""End events: the token goes, and with it perhaps a message, an error or everything else in the scope."""

from __future__ import annotations

from app.engine.elements.event_subprocess import EventSubProcess
from app.engine.elements.flow_node import FlowNode, NodeHead
from app.engine.events.thrown import ThrownEvent
from app.engine.scopes import Scope, ScopeSpec


class EndEvent(FlowNode):
    """Where a token ends (BPMN 2.0.2, 10.5.3). thrown: what ends the scope around comes last."""

    element_type = "endEvent"

    def __init__(self, level: ScopeSpec, head: NodeHead, thrown: tuple[ThrownEvent, ...] = ()) -> None:
        super().__init__(level, head)
        self.definitions = self.thrown = thrown

    def left(self, scope: Scope, activity_id: str) -> None:
        if _ends_the_case(scope):
            scope.runtime.end_event_id = self.element_id
        for event in self.thrown:
            event.throw(self, scope, activity_id)


def _ends_the_case(scope: Scope) -> bool:
    """Whether it is the process itself, or what has taken the place of everything else in it."""
    owner = scope.owner
    if owner is None:
        return True
    node = owner.task_spec
    return isinstance(node, EventSubProcess) and node.is_interrupting and _ends_the_case(owner.workflow)
