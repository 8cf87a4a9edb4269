"""Event-based gateways: the first thing to happen decides the way."""

from __future__ import annotations

from app.engine.elements.flow_node import FlowNode, NodeHead
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask
from app.i18n import N_


class EventBasedGateway(FlowNode):
    """Waits at all the events behind it; one happens, the others are given up (BPMN 2.0.2, 13.4.4)."""

    element_type = "eventBasedGateway"

    def __init__(self, level: ScopeSpec, head: NodeHead, *, is_instantiating: bool = False) -> None:
        super().__init__(level, head)
        self.is_instantiating = is_instantiating

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        scope: Scope = my_task.workflow
        scope.runtime.note(my_task, "active")
        for flow in self.outgoing:
            scope.spec.node(flow.target).enter(scope, gateway=my_task.id, flow=flow.id)
        return None

    def why_not_after(self) -> str | None:
        return N_("Which way leads on from “%(element)s” is decided by what happens first: start behind an event.")

    def decided(self, my_task: SpiffTask, flow_id: str) -> None:
        """One of the events has happened; the caller has taken its token out of the choice."""
        scope: Scope = my_task.workflow
        self._give_up_events(my_task)
        scope.runtime.journal.flows.append(flow_id)
        my_task.complete()

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        scope: Scope = my_task.workflow
        scope.runtime.note(my_task, "done")
        scope.leave(my_task)

    def _on_cancel(self, my_task: SpiffTask) -> None:
        self._give_up_events(my_task)
        super()._on_cancel(my_task)

    @staticmethod
    def _give_up_events(my_task: SpiffTask) -> None:
        for spiff_task in tuple(my_task.workflow.tasks.values()):
            if spiff_task.kept_data.get("gateway") == my_task.id:
                spiff_task.cancel()


class ParallelEventBasedGateway(EventBasedGateway):
    """Starts a case with the first event and waits for all of them, each on its own way (BPMN 2.0.2, 10.6.6)."""

    def why_not_after(self) -> str | None:
        return None

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        del my_task
        return True

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        FlowNode._on_complete_hook(self, my_task)  # noqa: SLF001  # as every other node does
