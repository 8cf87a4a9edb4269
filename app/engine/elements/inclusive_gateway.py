"""Inclusive gateways: every flow whose condition holds, and a join that waits for all tokens still on their way."""

from __future__ import annotations

from app.engine.elements.awaited_paths import AwaitingPaths
from app.engine.flows import SequenceFlow
from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask


class InclusiveGateway(AwaitingPaths):
    """Goes on when a token came in and no other can still come (BPMN 2.0.2, 13.4.3)."""

    element_type = "inclusiveGateway"
    is_join = True

    def arrive(self, scope: Scope, flow: SequenceFlow) -> None:
        if len(self.incoming) < 2:
            self.enter(scope)
            return
        for spiff_task in scope.tasks.values():
            if (
                spiff_task.task_spec is self
                and spiff_task.is_waiting
                and flow.id not in spiff_task.internal_data["arrived"]
            ):
                spiff_task.internal_data["arrived"].append(flow.id)
                return
        spiff_task = scope.runtime.new_token(scope, self)
        spiff_task.internal_data["arrived"] = [flow.id]
        spiff_task.make_waiting()
        scope.runtime.note(spiff_task, "active")

    def can_go_on(self, my_task: SpiffTask) -> bool:
        return not self.is_more_expected(my_task.workflow, my_task.internal_data["arrived"])
