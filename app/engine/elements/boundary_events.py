"""Events on the boundary of an activity: they interrupt it, or go beside it."""

from __future__ import annotations

from app.engine.elements.flow_node import FlowNode, NodeHead
from app.engine.events.caught import CaughtEvent
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask
from app.i18n import N_


class BoundaryEvent(FlowNode):
    """Catches an error or escalation from inside its activity (BPMN 2.0.2, 13.5.3); nothing waits for it."""

    element_type = "boundaryEvent"

    def __init__(
        self, level: ScopeSpec, head: NodeHead, event: object, *, attached_to: str, is_interrupting: bool
    ) -> None:
        super().__init__(level, head)
        self.event = event
        self.attached_to = attached_to
        self.is_interrupting = is_interrupting

    def why_not_before(self) -> str | None:
        return N_("“%(element)s” waits on the boundary of an activity: start before that one, or behind the event.")

    def follows(self, leader: FlowNode | None) -> bool:
        return leader is not None and leader.element_id == self.attached_to

    def why_not_withdrawn(self, my_task: SpiffTask) -> str | None:
        if "attached_to" in my_task.kept_data:
            return N_("“%(element)s” goes with the activity on whose boundary it waits.")
        return None

    def attach(self, scope: Scope, host: SpiffTask) -> None:
        """The activity has just been entered."""

    def catch(self, scope: Scope, host: SpiffTask) -> None:
        """What was thrown arrives."""
        if self.is_interrupting:
            host.cancel()
        self.enter(scope)


class WaitingBoundaryEvent(BoundaryEvent):
    """Waits for a message or a timer as long as its activity is worked at."""

    event: CaughtEvent

    def attach(self, scope: Scope, host: SpiffTask) -> None:
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

    def _on_cancel(self, my_task: SpiffTask) -> None:
        if my_task.internal_data.get("attached_to"):
            self.event.disarm(self, my_task.workflow, my_task)
        super()._on_cancel(my_task)


class CompensationBoundaryEvent(BoundaryEvent):
    """Ties an activity to the one that undoes it (BPMN 2.0.2, 10.7.1); no token ever comes here."""
