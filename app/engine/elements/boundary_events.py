"""Events on the boundary of an activity: they interrupt it, or go beside it."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.elements.awaiting import Awaiting
from app.engine.elements.flow_node import FlowNode, NodeHead
from app.engine.events.caught import is_awaited
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask
from app.i18n import N_


class BoundaryEvent(Awaiting):
    """Waits as long as its activity is worked at, or catches what is thrown inside (BPMN 2.0.2, 13.5.3).

    definitions: all its event definitions; those that are not waited for (errors, escalations) are caught.
    """

    element_type = "boundaryEvent"

    def __init__(
        self,
        level: ScopeSpec,
        head: NodeHead,
        definitions: tuple[object, ...],
        *,
        attached_to: str,
        is_interrupting: bool,
        is_parallel: bool = False,
    ) -> None:
        super().__init__(level, head)
        self.definitions = definitions
        self.awaited = tuple(event for event in definitions if is_awaited(event))
        self.attached_to = attached_to
        self.reached_from = (attached_to,)
        self.is_interrupting = is_interrupting
        self.is_parallel = is_parallel

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
        self.await_all(scope, host.id, {"attached_to": host.id})

    def catch(self, scope: Scope, host: SpiffTask, payload: Mapping[str, object]) -> None:
        """What was thrown inside arrives."""
        if self.is_interrupting:
            host.cancel()
        self.received(scope, self.enter(scope, fired="caught").id, payload)

    def happened(self, my_task: SpiffTask) -> None:
        scope: Scope = my_task.workflow
        # Free it from its host first, or the host takes it along when it ends.
        host = scope.runtime.tokens[my_task.internal_data.pop("attached_to")]
        if self.is_interrupting:
            host.cancel()
        else:
            self.wait_again(my_task, {"attached_to": host.id})
        my_task.make_ready()


class CompensationBoundaryEvent(BoundaryEvent):
    """Ties an activity to the one that undoes it (BPMN 2.0.2, 10.7.1); no token ever comes here."""
