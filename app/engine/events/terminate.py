"""Terminate: everything else in the scope is withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine.scopes import Scope

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode


class TerminateEvent:
    """A terminate event definition: ends this process or subprocess, not those around it (BPMN 2.0.2, 13.5.6)."""

    def throw(self, node: FlowNode, scope: Scope, activity_id: str) -> None:
        del node, activity_id
        for spiff_task in tuple(scope.tasks.values()):
            if not spiff_task.is_finished:
                spiff_task.cancel()
