"""What a catching event waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeGuard

from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode


class CaughtEvent(Protocol):
    """A definition that can be waited for."""

    def arm(self, node: FlowNode, scope: Scope, spiff_task: SpiffTask) -> None:
        """Begin to wait."""

    def disarm(self, node: FlowNode, scope: Scope, spiff_task: SpiffTask) -> None:
        """Cease to wait: it happened, or something else did."""

    def again(self, spiff_task: SpiffTask) -> dict[str, object] | None:
        """What an event that does not interrupt remembers when it waits once more; None when it does not."""


def is_awaited(definition: object) -> TypeGuard[CaughtEvent]:
    """Whether it is waited for, unlike what is thrown inside and caught on its way out."""
    return hasattr(definition, "arm")
