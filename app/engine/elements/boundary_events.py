"""Events on the boundary of an activity: they interrupt it, or go beside it."""

from __future__ import annotations

from app.engine.elements.flow_node import FlowNode, NodeHead
from app.engine.events.caught import CaughtEvent
from app.engine.events.error import ErrorEvent
from app.engine.events.escalation import EscalationEvent
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask


class BoundaryEvent(FlowNode):
    """Waits as long as its activity is worked at (BPMN 2.0.2, 13.5.3).

    Errors and escalations are not waited for: they look for the nearest event that catches them.
    """

    element_type = "boundaryEvent"

    def __init__(
        self,
        level: ScopeSpec,
        head: NodeHead,
        event: CaughtEvent | ErrorEvent | EscalationEvent,
        *,
        attached_to: str,
        is_interrupting: bool,
    ) -> None:
        super().__init__(level, head)
        self.event = event
        self.attached_to = attached_to
        self.is_interrupting = is_interrupting

    def attach(self, scope: Scope, host: SpiffTask) -> None:
        """Begin to wait beside an activity that has just been entered."""
        if not isinstance(self.event, (ErrorEvent, EscalationEvent)):
            self._wait(scope, host.id, {})

    def _wait(self, scope: Scope, host_id: str, internal: dict[str, object]) -> None:
        spiff_task = scope.runtime.new_token(scope, self)
        spiff_task.internal_data.update(internal, attached_to=host_id)
        spiff_task.make_waiting()
        scope.runtime.note(spiff_task, "active")
        self.event.arm(self, scope, spiff_task)

    def fire(self, my_task: SpiffTask) -> None:
        """What was waited for has happened."""
        scope: Scope = my_task.workflow
        # Free it from its host first, or the host takes it along when it ends.
        host = scope.runtime.tokens[my_task.internal_data.pop("attached_to")]
        again = None if self.is_interrupting else self.event.again(my_task)
        self.event.disarm(self, scope, my_task)
        if self.is_interrupting:
            host.cancel()
        elif again is not None:
            self._wait(scope, host.id, again)
        my_task.make_ready()

    def catch(self, scope: Scope, host: SpiffTask) -> None:
        """An error or escalation from inside the activity arrives."""
        if self.is_interrupting:
            host.cancel()
        self.enter(scope)

    def _on_cancel(self, my_task: SpiffTask) -> None:
        self.event.disarm(self, my_task.workflow, my_task)
        super()._on_cancel(my_task)
