"""Inclusive gateways: every flow whose condition holds, and a join that waits for all tokens still on their way."""

from __future__ import annotations

from functools import cached_property

from app.engine.elements.boundary_events import BoundaryEvent
from app.engine.elements.flow_node import FlowNode
from app.engine.flows import SequenceFlow
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask


class InclusiveGateway(FlowNode):
    """Goes on when a token came in and no other can still come (BPMN 2.0.2, 13.4.3)."""

    element_type = "inclusiveGateway"
    is_join = True

    def arrive(self, scope: Scope, flow: SequenceFlow) -> None:
        if len(self.incoming) < 2:
            self.enter(scope)
            return
        for spiff_task in scope.tasks.values():
            if (
                spiff_task.task_spec is self
                and spiff_task.is_waiting
                and flow.id not in spiff_task.internal_data["arrived"]
            ):
                spiff_task.internal_data["arrived"].append(flow.id)
                return
        spiff_task = scope.runtime.new_token(scope, self)
        spiff_task.internal_data["arrived"] = [flow.id]
        spiff_task.make_waiting()
        scope.runtime.note(spiff_task, "active")

    def can_go_on(self, my_task: SpiffTask) -> bool:
        """No token can reach an empty incoming flow, unless it could as well reach one that has a token.

        Paths through this gateway itself do not count.
        """
        arrived = my_task.internal_data["arrived"]
        empty: set[str] = set()
        filled: set[str] = set()
        for flow in self.incoming:
            (filled if flow.id in arrived else empty).update(self._upstream[flow.id])
        threatening = empty - filled
        scope: Scope = my_task.workflow
        return not any(
            spiff_task.task_spec.element_id in threatening
            for spiff_task in scope.tasks.values()
            if spiff_task.task_spec is not self
        )

    @cached_property
    def _upstream(self) -> dict[str, frozenset[str]]:
        """For each incoming flow the nodes from which a token can reach it."""
        level: ScopeSpec = self._wf_spec
        return {flow.id: frozenset(self._nodes_before(level, flow)) for flow in self.incoming}

    def _nodes_before(self, level: ScopeSpec, flow: SequenceFlow) -> set[str]:
        found: set[str] = set()
        pending = [flow.source]
        while pending:
            name = pending.pop()
            if name in found or name == self.name:
                continue
            found.add(name)
            node = level.node(name)
            pending.extend(before.source for before in node.incoming)
            if isinstance(node, BoundaryEvent):
                pending.append(node.attached_to)
        return found
