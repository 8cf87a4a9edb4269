"""Escalations: like errors, but nothing needs to catch them and they need not interrupt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.engine.events.catching import nearest
from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask

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
        throw_escalation(scope, None, self.code or "", lambda: node.sent(scope))


def throw_escalation(
    scope: Scope, host: SpiffTask | None, code: str, payload: Callable[[], Mapping[str, object]]
) -> bool:
    """Let the nearest event subprocess or boundary event catch an escalation; returns whether there was one.

    host: the activity whose boundary is asked first. payload: makes what comes along, for whoever catches it.
    """
    catcher = nearest(
        scope,
        host,
        lambda definition: isinstance(definition, EscalationEvent) and definition.code in {None, code},
        lambda definition: isinstance(definition, EscalationEvent) and definition.code is not None,
    )
    if catcher is None or not isinstance(catcher.definition, EscalationEvent):
        return False
    catcher.catch(payload())
    if catcher.definition.code_variable:
        catcher.scope.set_variable(catcher.definition.code_variable, code)
    return True
