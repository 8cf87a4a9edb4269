"""Nodes in the flow that wait for an event: catch events and receive tasks, also behind an event-based gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine.elements.flow_node import FlowNode
from app.engine.events.caught import CaughtEvent
from app.engine.scopes import ScopeSpec
from app.engine.spiff import SpiffTask
from app.i18n import N_

if TYPE_CHECKING:
    from app.engine.elements.event_based_gateway import EventBasedGateway


class Waiting(FlowNode):
    """Arms its event when a token arrives and goes on when it happens."""

    event: CaughtEvent

    def _update_hook(self, my_task: SpiffTask) -> bool:
        my_task.make_waiting()
        self.runtime(my_task).note(my_task, "active")
        self.event.arm(self, my_task.workflow, my_task)
        return False

    def why_not_before(self) -> str | None:
        level: ScopeSpec = self._wf_spec
        if any(level.node(flow.source).element_type == "eventBasedGateway" for flow in self.incoming):
            return N_("“%(element)s” waits together with others behind a gateway: start before the gateway.")
        return None

    def follows(self, leader: FlowNode | None) -> bool:
        return leader is not None and any(flow.source == leader.element_id for flow in self.incoming)

    def why_not_withdrawn(self, my_task: SpiffTask) -> str | None:
        if "gateway" in my_task.kept_data:
            return N_("“%(element)s” waits together with others behind a gateway: withdraw the gateway.")
        return None

    def fire(self, my_task: SpiffTask) -> None:
        """What was waited for has happened."""
        self.event.disarm(self, my_task.workflow, my_task)
        gateway_id = my_task.internal_data.pop("gateway", None)
        if gateway_id is not None:
            gateway: SpiffTask = self.runtime(my_task).tokens[gateway_id]
            node: EventBasedGateway = gateway.task_spec
            node.decided(gateway, my_task.internal_data.pop("flow"))
        my_task.make_ready()

    def _on_cancel(self, my_task: SpiffTask) -> None:
        self.event.disarm(self, my_task.workflow, my_task)
        super()._on_cancel(my_task)
