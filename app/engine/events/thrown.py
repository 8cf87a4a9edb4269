"""What a throwing event does when a token reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from app.engine.scopes import Scope

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode


class ThrownEvent(Protocol):
    """A definition that can be thrown; afterwards the scope may be gone."""

    def throw(self, node: FlowNode, scope: Scope, activity_id: str) -> None: ...
