"""What messages and signals share: the outside is told that somebody waits for a name, and when that is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from app.engine.outcome import SubscriptionChange
from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode


class Subscribed:
    """A definition that something outside the case can answer; `key` in the token's data narrows it down."""

    __slots__ = ()
    subscription_kind: ClassVar[Literal["message", "signal"]]
    name: str

    def arm(self, node: FlowNode, scope: Scope, spiff_task: SpiffTask) -> None:
        self._note(node, scope, spiff_task, is_open=True)

    def disarm(self, node: FlowNode, scope: Scope, spiff_task: SpiffTask) -> None:
        self._note(node, scope, spiff_task, is_open=False)

    def again(self, spiff_task: SpiffTask) -> dict[str, object] | None:
        del spiff_task
        return {}

    def _note(self, node: FlowNode, scope: Scope, spiff_task: SpiffTask, *, is_open: bool) -> None:
        key = spiff_task.internal_data.get("key")
        scope.runtime.journal.subscriptions.append(
            SubscriptionChange(
                spiff_task.id, node.element_id, self.name, key, is_open=is_open, kind=self.subscription_kind
            )
        )
