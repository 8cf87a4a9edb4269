"""The data inputs and outputs of an activity: filled before its work, asked for after it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.engine.data.associations import DataAssociation
from app.engine.data.items import DataItem
from app.engine.errors import StepFailed
from app.engine.outcome import RaisedIncident
from app.engine.scopes import Scope
from app.i18n import N_

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode

DataSet = tuple[str, ...]  # names of what an input or output set cannot do without
MISSING_INPUT = N_("“%(element)s” cannot begin: its data input “%(item)s” has no value.")
MISSING_OUTPUT = N_("“%(element)s” cannot end: its data output “%(item)s” has no value.")


@dataclass(frozen=True, slots=True)
class InputOutput:
    """An ioSpecification, properties and data associations (BPMN 2.0.2, 10.4).

    properties, inputs and outputs are variables of the activity's own scope. Of the input sets one must be complete
    when the activity begins, of the output sets one when it ends.
    """

    properties: tuple[DataItem, ...] = ()
    inputs: tuple[DataItem, ...] = ()
    outputs: tuple[DataItem, ...] = ()
    input_sets: tuple[DataSet, ...] = ()
    output_sets: tuple[DataSet, ...] = ()
    into: tuple[DataAssociation, ...] = ()
    out_of: tuple[DataAssociation, ...] = ()

    def take_in(self, node: FlowNode, scope: Scope, own: Scope, known: Collection[str] = ()) -> None:
        """Fill the activity's own scope from the scope around, but for the names in `known`."""
        for item in (*self.properties, *self.inputs, *self.outputs):
            if item.name not in known:
                own.set_local(item.name, None)
        for association in self.into:
            target = association.target
            if target.name in known:
                continue
            value = association.value(node, scope, own.variables[target.name])
            target.check(node, value)
            own.set_local(target.name, value)

    def check_inputs(self, node: FlowNode, own: Scope) -> None:
        """Fail where no input set is complete."""
        missing = missing_of(self.input_sets, own.variables)
        if missing is not None:
            raise node.failure("data", MISSING_INPUT, item=missing)

    def hand_out(self, node: FlowNode, scope: Scope, own: Scope, activity_id: str) -> None:
        """Write what the activity made into the scope around."""
        missing = missing_of(self.output_sets, own.variables)
        if missing is not None:
            raise node.failure("data", MISSING_OUTPUT, item=missing)
        for association in self.out_of:
            if not association.is_drawn_only:
                target = association.target
                target.write(node, scope, activity_id, association.value(node, own, target.read(scope)))


def missing_of(sets: tuple[DataSet, ...], values: Mapping[str, object]) -> str | None:
    """The first name the first set lacks; None where one of the sets is complete, or there are none."""
    first: str | None = None
    for names in sets:
        missing = next((name for name in names if values.get(name) is None), None)
        if missing is None:
            return None
        first = first or missing
    return first


@dataclass(frozen=True, slots=True)
class LevelData:
    """The data objects and properties drawn on a level, and the data inputs of a process: variables of its scope."""

    names: tuple[str, ...] = ()
    input_sets: tuple[DataSet, ...] = ()

    def declare(self, scope: Scope) -> None:
        """Let each be null that has no value yet. Raises `StepFailed` where a process lacks an input."""
        missing = missing_of(self.input_sets, scope.variables)
        if missing is not None:
            params: dict[str, object] = {"element": scope.element_id, "item": missing}
            raise StepFailed(RaisedIncident(None, scope.element_id, "data", MISSING_INPUT, params))
        self.fill(scope)

    def fill(self, scope: Scope) -> None:
        """The same for a level that is begun already: nothing is asked for any more."""
        for name in self.names:
            if name not in scope.variables:
                scope.set_local(name, None)
