"""Data that a multi-instance activity goes through and collects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.engine.data.associations import DataAssociation
from app.engine.data.items import DataItem
from app.engine.scopes import Scope

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode


@dataclass(frozen=True, slots=True)
class CollectionIn:
    """loopDataInputRef (BPMN 2.0.2, 10.3.8). filled_by: what fills it, where it is an input of the activity itself."""

    item: DataItem
    filled_by: tuple[DataAssociation, ...] = ()

    def read(self, node: FlowNode, scope: Scope) -> object:
        """The collection, as the scope around the activity has it."""
        value = None if self.filled_by else self.item.read(scope)
        for association in self.filled_by:
            value = association.value(node, scope, value)
        return value


@dataclass(frozen=True, slots=True)
class CollectionOut:
    """loopDataOutputRef, and outputDataItem: the variable of each instance that is collected.

    handed_on_by: where it goes, where it is an output of the activity itself; else None.
    """

    item: DataItem
    variable: str
    handed_on_by: tuple[DataAssociation, ...] | None = None

    def write(self, node: FlowNode, body: Scope, activity_id: str, values: list[object]) -> None:
        """Give the collected values to the scope around; `body` is the activity's own."""
        around = body.parent
        if around is None:
            return
        if self.handed_on_by is None:
            self.item.write(node, around, activity_id, values)
            return
        body.set_local(self.item.name, values)
        for association in self.handed_on_by:
            if not association.is_drawn_only:
                target = association.target
                target.write(node, around, activity_id, association.value(node, body, target.read(around)))
