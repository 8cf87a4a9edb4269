"""Nodes in the flow that wait for an event: catch events and receive tasks, also behind an event-based gateway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.engine.elements.awaiting import Awaiting
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask
from app.i18n import N_

if TYPE_CHECKING:
    from app.engine.elements.event_based_gateway import EventBasedGateway
    from app.engine.elements.flow_node import FlowNode


class Waiting(Awaiting):
    """Arms its event when a token arrives and goes on when it happens."""

    def _update_hook(self, my_task: SpiffTask) -> bool:
        shared = dict(my_task.kept_data)
        if len(self.awaited) > 1:
            my_task.internal_data.update(part=0, group=my_task.id)
        self.arm(my_task)
        for part in range(1, len(self.awaited)):  # the token that arrived waits for the first, new ones for the others
            self.await_one(my_task.workflow, {**shared, "part": part, "group": my_task.id})
        return False

    def begin_by_event(self, scope: Scope, part: int, payload: Mapping[str, object]) -> None:
        level: ScopeSpec = self._wf_spec
        gateway = level.node(self.incoming[0].source) if self.incoming else None
        if gateway is None:
            self.enter(scope)
        else:
            scope.runtime.attempt(gateway.enter(scope), SpiffTask.run)
        tokens = (one for one in scope.tasks.values() if one.task_spec is self and one.kept_data.get("part", 0) == part)
        scope.runtime.attempt(next(tokens), lambda token: self.take(token, payload) if payload else self.fire(token))

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

    def withdraw(self, my_task: SpiffTask) -> None:
        for spiff_task in (*self.siblings(my_task), my_task):
            spiff_task.cancel()

    def happened(self, my_task: SpiffTask) -> None:
        for spiff_task in self.siblings(my_task):
            spiff_task.cancel()
        gateway_id = my_task.internal_data.pop("gateway", None)
        if gateway_id is not None:
            gateway: SpiffTask = self.runtime(my_task).tokens[gateway_id]
            node: EventBasedGateway = gateway.task_spec
            node.decided(gateway, my_task.internal_data.pop("flow"))
        my_task.make_ready()
