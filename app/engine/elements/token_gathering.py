"""Activities that begin only when several tokens have come."""

from __future__ import annotations

from app.engine.elements.flow_node import FlowNode, NodeHead
from app.engine.flows import SequenceFlow
from app.engine.outcome import ActivityState
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask


class TokenGathering(FlowNode):
    """Stands before an activity whose startQuantity is more than one (BPMN 2.0.2, 10.3).

    Tokens are counted whichever flow they come by; the activity has not begun, so the history does not know of them.
    """

    is_join = True

    def __init__(self, level: ScopeSpec, head: NodeHead, activity: FlowNode, quantity: int) -> None:
        super().__init__(level, head, node_name=f"{head.id}#gathering")
        self.element_type = activity.element_type  # type: ignore[misc]  # stands for the activity behind it
        self.activity = activity
        self.quantity = quantity

    def arrive(self, scope: Scope, flow: SequenceFlow) -> None:
        del flow
        gathered = next((token for token in scope.tasks.values() if token.task_spec is self), None)
        if gathered is None:
            gathered = self._begin_to_gather(scope)
        gathered.internal_data["gathered"] += 1
        if gathered.internal_data["gathered"] == self.quantity:
            self._end(gathered, "done")
            self.activity.enter(scope)

    def _begin_to_gather(self, scope: Scope) -> SpiffTask:
        runtime = scope.runtime
        # What was held before the activity is told under an id that the activity takes over, not who gathers for it.
        taken_over, runtime.next_token_id = runtime.next_token_id, None
        gathered = runtime.new_token(scope, self)
        runtime.next_token_id = taken_over
        gathered.internal_data["gathered"] = 0
        gathered.make_waiting()
        return gathered

    def migrated(self, my_task: SpiffTask) -> None:
        """Where fewer are needed now there may be enough, even for several times."""
        scope: Scope = my_task.workflow
        times, left = divmod(my_task.internal_data["gathered"], self.quantity)
        my_task.internal_data["gathered"] = left
        if not left:
            self._end(my_task, "done")
        for _ in range(times):
            self.activity.enter(scope)

    def _on_cancel(self, my_task: SpiffTask) -> None:
        self._end(my_task, "cancelled")

    def _end(self, my_task: SpiffTask, state: ActivityState) -> None:
        if my_task.kept_data.get("stuck"):  # only as an incident was it ever told
            self.runtime(my_task).note(my_task, state)
        my_task.workflow.leave(my_task)
