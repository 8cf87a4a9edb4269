"""Event-based gateways: the first thing to happen decides the way."""

from __future__ import annotations

from app.engine.elements.flow_node import FlowNode
from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask


class EventBasedGateway(FlowNode):
    """Waits at all the events behind it; one happens, the others are given up (BPMN 2.0.2, 13.4.4)."""

    element_type = "eventBasedGateway"

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        scope: Scope = my_task.workflow
        scope.runtime.note(my_task, "active")
        for flow in self.outgoing:
            scope.spec.node(flow.target).enter(scope, gateway=my_task.id, flow=flow.id)
        return None

    def decided(self, my_task: SpiffTask, flow_id: str) -> None:
        """One of the events has happened; the caller has taken its token out of the choice."""
        scope: Scope = my_task.workflow
        for spiff_task in tuple(scope.tasks.values()):
            if spiff_task.internal_data.get("gateway") == my_task.id:
                spiff_task.cancel()
        scope.runtime.journal.flows.append(flow_id)
        my_task.complete()

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        scope: Scope = my_task.workflow
        scope.runtime.note(my_task, "done")
        scope.leave(my_task)
