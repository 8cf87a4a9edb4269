"""Parallel gateways: all ways out, and one token of each way in."""

from __future__ import annotations

from app.engine.elements.awaited_paths import AwaitingPaths
from app.engine.flows import SequenceFlow
from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask


class ParallelGateway(AwaitingPaths):
    """Takes exactly one token of each incoming flow, then sends one along each outgoing flow (BPMN 2.0.2, 13.4.1).

    A second token of the same flow begins the next round: that keeps a join in a loop right.
    """

    element_type = "parallelGateway"
    is_join = True

    def arrive(self, scope: Scope, flow: SequenceFlow) -> None:
        if len(self.incoming) < 2:
            self.enter(scope)
            return
        spiff_task = self._round_missing(scope, flow) or self._new_round(scope)
        arrived: list[str] = spiff_task.internal_data["arrived"]
        arrived.append(flow.id)
        if len(arrived) == len(self.incoming):
            spiff_task.make_ready()

    def _round_missing(self, scope: Scope, flow: SequenceFlow) -> SpiffTask | None:
        """The oldest round that still waits for this flow."""
        for spiff_task in scope.tasks.values():
            if spiff_task.task_spec is self and flow.id not in spiff_task.internal_data.get("arrived", ()):
                return spiff_task if spiff_task.is_waiting else None
        return None

    def _new_round(self, scope: Scope) -> SpiffTask:
        spiff_task = scope.runtime.new_token(scope, self)
        spiff_task.internal_data["arrived"] = []
        spiff_task.make_waiting()
        scope.runtime.note(spiff_task, "active")
        return spiff_task

    def migrated(self, my_task: SpiffTask) -> None:
        if my_task.is_waiting and len(my_task.kept_data["arrived"]) >= len(self.incoming):
            my_task.make_ready()

    def chosen_flows(self, scope: Scope) -> list[SequenceFlow]:
        del scope
        return list(self.outgoing)
