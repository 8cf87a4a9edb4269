"""Conditions: they happen when one becomes true, as variables change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from app.engine.expressions import FeelText
from app.engine.outcome import VariableChange
from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode

VariableEvent = Literal["create", "update", "delete"]
ALL_CHANGES: frozenset[VariableEvent] = frozenset({"create", "update", "delete"})


@dataclass(frozen=True, slots=True)
class ConditionalEvent:
    """A conditional event definition (BPMN 2.0.2, 10.5.5): asked when it begins to wait, then at each change of a
    variable it can see; it happens when the condition turns from not true to true.

    variable_name, variable_events: only changes of this variable, and of these kinds, count (camunda:variableName,
    camunda:variableEvents).
    """

    condition: FeelText
    variable_name: str | None = None
    variable_events: frozenset[VariableEvent] = ALL_CHANGES

    def arm(self, node: FlowNode, scope: Scope, spiff_task: SpiffTask) -> None:
        del node
        scope.runtime.unseen.append(spiff_task)

    def disarm(self, node: FlowNode, scope: Scope, spiff_task: SpiffTask) -> None:
        """Nothing outside the case waits for it."""

    def again(self, spiff_task: SpiffTask) -> dict[str, object] | None:
        """It must become false before it can happen once more."""
        del spiff_task
        return {"holds": True}

    def has_become_true(self, spiff_task: SpiffTask, unseen: Sequence[VariableChange | SpiffTask]) -> bool:
        """Whether the condition holds and did not when it was last asked."""
        if not self._is_concerned(spiff_task, unseen):
            return False
        scope: Scope = spiff_task.workflow
        held = spiff_task.kept_data.get("holds", False)
        holds = self.condition.holds(scope.visible, scope.runtime.context)
        if holds != held:
            spiff_task.internal_data["holds"] = holds
        return holds and not held

    def _is_concerned(self, spiff_task: SpiffTask, unseen: Sequence[VariableChange | SpiffTask]) -> bool:
        if any(change is spiff_task for change in unseen):
            return True
        seen = {scope.id for scope in _scopes_seen(spiff_task.workflow)}
        return any(
            isinstance(change, VariableChange)
            and change.execution_id in seen
            and self.variable_name in {None, change.name}
            and _kind_of(change) in self.variable_events
            for change in unseen
        )


def _scopes_seen(scope: Scope) -> Iterator[Scope]:
    yield scope
    while not scope.is_sealed and scope.parent is not None:
        scope = scope.parent
        yield scope


def _kind_of(change: VariableChange) -> VariableEvent:
    if change.is_removed:
        return "delete"
    return "create" if change.is_new else "update"
