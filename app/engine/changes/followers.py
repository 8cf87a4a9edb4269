"""Tokens that wait for the sake of another: on its boundary, behind its gateway, for its scope."""

from __future__ import annotations

from collections.abc import Collection

from app.engine.elements.activity import Activity
from app.engine.elements.event_based_gateway import EventBasedGateway
from app.engine.elements.flow_node import FlowNode
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
    """Sees to it that everything waits that is new, after the nodes of a case were exchanged.

    known: events that the version before had as well, with the token or scope they wait for; nothing of them is armed.
    """

    def __init__(self, known: Collection[tuple[str, FlowNode]]) -> None:
        self._known = known

    def arm_missing(self, scope: Scope) -> None:
        """Let everything begin to wait that is new: on boundaries, behind gateways, for the scope itself."""
        if scope.holds_a_level:
            self._arm_listeners(scope)
        for token in tuple(scope.tasks.values()):
            node = token.task_spec
            if isinstance(node, Activity):
                self._arm_boundary(scope, token, node)
            elif isinstance(node, EventBasedGateway):
                self._arm_behind(scope, token, node)

    def _arm_listeners(self, scope: Scope) -> None:
        handlers = scope.spec.event_subprocesses
        if any(handler.is_interrupting_now(scope) for handler in handlers):
            return
        for handler in handlers:
            if (scope.id, handler.listener) not in self._known:
                handler.listen(scope)

    def _arm_boundary(self, scope: Scope, token: SpiffTask, node: Activity) -> None:
        for event in node.boundary_events:
            if (token.id, event) not in self._known:
                event.attach(scope, token)

    @staticmethod
    def _arm_behind(scope: Scope, token: SpiffTask, node: EventBasedGateway) -> None:
        present = {other.task_spec for other in scope.tasks.values() if leader_of(other) == token.id}
        for flow in node.outgoing:
            event = scope.spec.node(flow.target)
            if event not in present:
                event.enter(scope, gateway=token.id, flow=flow.id)
