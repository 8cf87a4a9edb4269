"""Escalations: like errors, but nothing needs to catch them and they need not interrupt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask

if TYPE_CHECKING:
    from app.engine.elements.activity import Activity
    from app.engine.elements.flow_node import FlowNode


@dataclass(frozen=True, slots=True)
class EscalationEvent:
    """An escalation event definition (BPMN 2.0.2, 10.5.5). code: None catches every escalation."""

    code: str | None
    code_variable: str | None = None

    def throw(self, node: FlowNode, scope: Scope, activity_id: str) -> None:
        """Let the nearest boundary event around catch it; without one it has no effect (BPMN 2.0.2, 10.5.1)."""
        del node, activity_id
        host: SpiffTask | None = scope.owner
        while host is not None:
            activity: Activity = host.task_spec
            for event in activity.boundary_events:
                caught = event.event
                if isinstance(caught, EscalationEvent) and caught.code in {None, self.code}:
                    around: Scope = host.workflow
                    event.catch(around, host)
                    if caught.code_variable:
                        around.set_variable(caught.code_variable, self.code or "")
                    return
            host = host.workflow.owner
