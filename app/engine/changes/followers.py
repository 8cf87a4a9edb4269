"""Tokens that wait for the sake of another: on its boundary, behind its gateway, for its scope."""

from __future__ import annotations

from app.engine.elements.activity import Activity
from app.engine.elements.event_based_gateway import EventBasedGateway
from app.engine.elements.flow_node import FlowNode
from app.engine.runtime import RunningInstance
from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask


def leader_of(token: SpiffTask) -> str | None:
    """The id of the token for whose sake this one waits."""
    leader = token.kept_data.get("attached_to") or token.kept_data.get("gateway")
    return str(leader) if leader else None


def tokens_in(scope: Scope) -> list[SpiffTask]:
    """All tokens directly in a scope, those that do not keep it open as well."""
    return [*scope.tasks.values(), *scope.listeners.values()]


def is_follower(token: SpiffTask) -> bool:
    """Whether the token waits for the sake of another token or of its scope."""
    node: FlowNode = token.task_spec
    return leader_of(token) is not None or node.is_listener


class Followers:
    """Sees to it that everything waits that should, after the nodes of a case were exchanged."""

    def __init__(self, runtime: RunningInstance) -> None:
        self._present = {(leader_of(token), token.task_spec) for token in runtime.tokens.values()}

    def arm_missing(self, scope: Scope) -> None:
        """Let everything begin to wait that does not wait yet: on boundaries, behind gateways, for the scope itself."""
        if scope.holds_a_level:
            self._arm_listeners(scope)
        for token in tuple(scope.tasks.values()):
            node = token.task_spec
            if isinstance(node, Activity):
                self._arm_boundary(scope, token, node)
            elif isinstance(node, EventBasedGateway):
                self._arm_behind(scope, token, node)

    @staticmethod
    def _arm_listeners(scope: Scope) -> None:
        handlers = scope.spec.event_subprocesses
        if any(handler.is_interrupting_now(scope) for handler in handlers):
            return
        present = {token.task_spec for token in scope.listeners.values()}
        for handler in handlers:
            if handler.listener not in present:
                handler.listen(scope)

    def _arm_boundary(self, scope: Scope, token: SpiffTask, node: Activity) -> None:
        for event in node.boundary_events:
            if (token.id, event) not in self._present:
                event.attach(scope, token)

    def _arm_behind(self, scope: Scope, token: SpiffTask, node: EventBasedGateway) -> None:
        for flow in node.outgoing:
            event = scope.spec.node(flow.target)
            if (token.id, event) not in self._present:
                event.enter(scope, gateway=token.id, flow=flow.id)
