"""Data of events: what a throwing event sends, and where a catching event puts what has come (BPMN 2.0.2, 10.5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.engine.data.associations import DataAssociation
from app.engine.data.input_output import MISSING_INPUT, MISSING_OUTPUT, DataSet, missing_of
from app.engine.data.items import DataItem
from app.engine.scopes import Scope
from app.engine.variables import VisibleVariables

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode
    from app.engine.runtime import RunningInstance


@dataclass(frozen=True, slots=True)
class _Received:
    """What the associations of a catching event read: its data outputs, and around them the scope it stands in."""

    visible: Mapping[str, object]
    runtime: RunningInstance


@dataclass(frozen=True, slots=True)
class EventInput:
    """The data inputs of a throwing event: by their names they are what it sends."""

    inputs: tuple[DataItem, ...] = ()
    sets: tuple[DataSet, ...] = ()
    into: tuple[DataAssociation, ...] = ()

    def payload(self, node: FlowNode, scope: Scope) -> dict[str, object]:
        """What is sent. Raises `StepFailed` where an input that is required has no value."""
        values: dict[str, object] = {item.name: None for item in self.inputs}
        for association in self.into:
            target = association.target
            value = association.value(node, scope, values.get(target.name))
            target.check(node, value)
            values[target.name] = value
        missing = missing_of(self.sets, values)
        if missing is not None:
            raise node.failure("data", MISSING_INPUT, item=missing)
        return values


@dataclass(frozen=True, slots=True)
class EventOutput:
    """The data outputs of a catching event; with them only what an association names is kept of what has come."""

    outputs: tuple[DataItem, ...] = ()
    sets: tuple[DataSet, ...] = ()
    out_of: tuple[DataAssociation, ...] = ()

    def hand_out(self, node: FlowNode, scope: Scope, activity_id: str, payload: Mapping[str, object]) -> None:
        """Write what has come. Raises `StepFailed` where an output that is required has no value."""
        values = self._named(payload)
        missing = missing_of(self.sets, values)
        if missing is not None:
            raise node.failure("data", MISSING_OUTPUT, item=missing)
        received = _Received(VisibleVariables(values, scope.visible), scope.runtime)
        for association in self.out_of:
            if not association.is_drawn_only:
                target = association.target
                target.write(node, scope, activity_id, association.value(node, received, target.read(scope)))

    def _named(self, payload: Mapping[str, object]) -> dict[str, object]:
        """The outputs by name; the only thing sent is the only output, whatever the sender calls it."""
        if len(self.outputs) == len(payload) == 1:
            return dict(zip((self.outputs[0].name,), payload.values(), strict=True))
        return {item.name: payload.get(item.name) for item in self.outputs}
