"""What the instances of a multi-instance activity throw as they complete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.engine.events.thrown import ThrownEvent
from app.engine.expressions import FeelText
from app.engine.scopes import Scope

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode


@dataclass(frozen=True, slots=True)
class InstanceEvents:
    """The behavior of a multi-instance activity (BPMN 2.0.2, table 10.30).

    of_each: thrown each time an instance completes (None). of_first: when the first one does (One). on_condition:
    asked each time (Complex). With All there are none.
    """

    of_each: ThrownEvent | None = None
    of_first: ThrownEvent | None = None
    on_condition: tuple[tuple[FeelText, tuple[ThrownEvent, ...]], ...] = ()

    def throw(self, node: FlowNode, scope: Scope, activity_id: str, *, is_first: bool) -> None:
        """Throw from a completed instance, whose scope is still there; afterwards the activity may be gone."""
        for event in self._chosen(scope, is_first=is_first):
            if scope.is_open:
                event.throw(node, scope, activity_id)

    def _chosen(self, scope: Scope, *, is_first: bool) -> list[ThrownEvent]:
        chosen = [self.of_each] if self.of_each is not None else []
        if is_first and self.of_first is not None:
            chosen.append(self.of_first)
        for condition, events in self.on_condition:
            if condition.evaluate_boolean(scope.visible, scope.runtime.context):
                chosen += events
        return chosen


NO_EVENTS = InstanceEvents()
