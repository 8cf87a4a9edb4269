"""Escalations: like errors, but nothing needs to catch them and they need not interrupt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.engine.events.catching import nearest
from app.engine.scopes import Scope

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode


@dataclass(frozen=True, slots=True)
class EscalationEvent:
    """An escalation event definition (BPMN 2.0.2, 10.5.5). code: None catches every escalation."""

    code: str | None
    code_variable: str | None = None

    def throw(self, node: FlowNode, scope: Scope, activity_id: str) -> None:
        """Let the nearest handler catch it; without one it has no effect (BPMN 2.0.2, 10.5.1)."""
        del activity_id
        catcher = nearest(
            scope,
            None,
            lambda definition: isinstance(definition, EscalationEvent) and definition.code in {None, self.code},
            lambda definition: isinstance(definition, EscalationEvent) and definition.code is not None,
        )
        if catcher is not None and isinstance(catcher.definition, EscalationEvent):
            catcher.catch(node.sent(scope))
            if catcher.definition.code_variable:
                catcher.scope.set_variable(catcher.definition.code_variable, self.code or "")
