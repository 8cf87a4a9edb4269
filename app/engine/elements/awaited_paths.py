"""Joins look upstream: is a token still on its way to one of their incoming flows?"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from app.engine.elements.boundary_events import BoundaryEvent
from app.engine.elements.flow_node import FlowNode
from app.engine.flows import SequenceFlow
from app.engine.scopes import Scope, ScopeSpec


class AwaitingPaths(FlowNode):
    """What inclusive and complex gateways ask before they go on (BPMN 2.0.2, 13.4.3 and 13.4.5).

    And every join where somebody puts a token before it: which path it stands for.
    """

    def start_before(self, scope: Scope) -> None:
        if len(self.incoming) > 1:
            self.arrive(scope, self._path_to_fill(scope))
        else:
            self.enter(scope)

    def _path_to_fill(self, scope: Scope) -> SequenceFlow:
        """A flow that the longest waiting token lacks: the first that no other token can come by, or else the first."""
        missing = self._missing_paths(scope) or self.incoming
        open_nodes = {one.task_spec.element_id for one in scope.tasks.values() if one.task_spec.goes_on}
        held = {one.kept_data.get("flow") for one in scope.tasks.values() if one.task_spec is self.before}
        unreached = (flow for flow in missing if flow.id not in held and not self._upstream[flow.id] & open_nodes)
        return next(unreached, missing[0])

    def _missing_paths(self, scope: Scope) -> tuple[SequenceFlow, ...]:
        for spiff_task in scope.tasks.values():
            if spiff_task.task_spec is self and spiff_task.is_waiting:
                kept = spiff_task.kept_data
                arrived = {*kept.get("arrived", ()), *kept.get("tokens", ()), *kept.get("consumed", ())}
                missing = tuple(flow for flow in self.incoming if flow.id not in arrived)
                if missing:
                    return missing
        return ()

    def is_more_expected(self, scope: Scope, arrived: Collection[str]) -> bool:
        """Whether a token can reach an incoming flow other than those, which it could not as well reach.

        arrived: ids of the flows that have brought a token. Paths through this gateway itself do not count.
        """
        empty: set[str] = set()
        filled: set[str] = set()
        for flow in self.incoming:
            if flow.id in arrived:
                filled |= self._leading_to[flow.id]
            else:
                empty |= self._upstream[flow.id]
        threatening = empty - filled
        if any(spiff_task.task_spec is self.before for spiff_task in scope.tasks.values()):
            return True
        return any(
            spiff_task.task_spec.element_id in threatening and spiff_task.task_spec.goes_on
            for spiff_task in scope.tasks.values()
            if spiff_task.task_spec is not self
        )

    @cached_property
    def _upstream(self) -> dict[str, frozenset[str]]:
        """For each incoming flow the nodes from which a token can reach it."""
        return {flow.id: frozenset(self._nodes_before(flow, with_boundaries=True)) for flow in self.incoming}

    @cached_property
    def _leading_to(self) -> dict[str, frozenset[str]]:
        """The same along sequence flows and links only: what happens on a boundary is no way the token itself takes."""
        return {flow.id: frozenset(self._nodes_before(flow, with_boundaries=False)) for flow in self.incoming}

    def _nodes_before(self, flow: SequenceFlow, *, with_boundaries: bool) -> set[str]:
        level: ScopeSpec = self._wf_spec
        found: set[str] = set()
        pending = [flow.source]
        while pending:
            name = pending.pop()
            if name in found or name == self.name:
                continue
            found.add(name)
            node = level.node(name)
            pending.extend(before.source for before in node.incoming)
            if with_boundaries or not isinstance(node, BoundaryEvent):
                pending.extend(node.reached_from)
        return found
