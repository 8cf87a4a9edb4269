"""What all activities share: input and output mappings, events on their boundary, a scope of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.engine.data.input_output import InputOutput
from app.engine.elements.flow_node import FlowNode, NodeHead
from app.engine.elements.token_gathering import TokenGathering
from app.engine.expressions import Value
from app.engine.flows import SequenceFlow
from app.engine.scopes import Scope, ScopeKind, ScopeSpec
from app.engine.spiff import SpiffTask
from app.engine.undoable import undoable
from app.i18n import N_


@dataclass(frozen=True, slots=True)
class Mapped:
    """One input or output parameter: a variable's name and where its value comes from."""

    name: str
    source: Value


@dataclass(frozen=True, slots=True)
class ActivityHead:
    """What every activity says about itself besides its name.

    is_instance: it is what a loop or multi-instance marker repeats. start_quantity, completion_quantity: how many
    tokens it takes to begin, and how many leave by each flow taken.
    """

    node: NodeHead
    inputs: tuple[Mapped, ...] = ()
    outputs: tuple[Mapped, ...] = ()
    data: InputOutput | None = None
    is_instance: bool = False
    start_quantity: int = 1
    completion_quantity: int = 1
    is_for_compensation: bool = False


class Activity(FlowNode):
    """A task, subprocess or call: entered, worked at, left, perhaps interrupted."""

    is_activity: ClassVar[bool] = True
    own_kind: ClassVar[ScopeKind] = "local"

    def __init__(self, level: ScopeSpec, head: ActivityHead, *, manual: bool = False) -> None:
        node_name = f"{head.node.id}#instance" if head.is_instance else None
        super().__init__(level, head.node, node_name=node_name, manual=manual)
        self.level = level
        self.input_mapping = head.inputs
        self.output_mapping = head.outputs
        self.data = head.data
        self.is_for_compensation = head.is_for_compensation
        self.compensation_handler: Activity | None = None  # what undoes it
        self.completion_quantity = head.completion_quantity
        quantity = head.start_quantity
        self.gathering = TokenGathering(level, head.node, self, quantity) if quantity > 1 else None

    @property
    def has_own_scope(self) -> bool:
        return bool(self.input_mapping or self.output_mapping or self.data)

    def why_not_before(self) -> str | None:
        if self.is_for_compensation:
            return N_("“%(element)s” undoes another step and is started by compensation only.")
        return super().why_not_before()

    def own_level(self, scope: Scope) -> ScopeSpec:
        """What is drawn inside the activity's own scope."""
        del scope
        return self.level

    def arrive(self, scope: Scope, flow: SequenceFlow) -> None:
        if self.gathering is None:
            self.enter(scope)
        else:
            self.gathering.arrive(scope, flow)

    def start_before(self, scope: Scope) -> None:
        if self.gathering is None:
            super().start_before(scope)
        else:
            self.gathering.arrive(scope, self.incoming[0])

    def chosen_flows(self, scope: Scope) -> list[SequenceFlow]:
        flows = super().chosen_flows(scope)
        return flows if self.completion_quantity == 1 else flows * self.completion_quantity

    def enter(self, scope: Scope, **internal: str) -> SpiffTask:
        spiff_task = self.admit(scope, internal)
        self.begin(spiff_task)
        return spiff_task

    def admit(self, scope: Scope, internal: dict[str, str]) -> SpiffTask:
        """A token with its scope and the events on its boundary; nothing has begun yet."""
        runtime = scope.runtime
        if self.clock_marks:
            runtime.reach(self, scope)
        spiff_task = runtime.new_token(scope, self)
        spiff_task.internal_data.update(internal)
        if self.has_own_scope:
            own = runtime.open_scope(self.own_level(scope), self.own_kind, spiff_task)
            spiff_task.internal_data["scope"] = own.id
            self._take_in(scope, own)
        for event in self.boundary_events:
            event.attach(scope, spiff_task)
        return spiff_task

    def _take_in(self, scope: Scope, own: Scope) -> None:
        """Data associations first, so that mappings see what they brought."""
        if self.data is not None:
            self.data.take_in(self, scope, own)
        self.map_inputs(scope, own)
        if self.data is not None:
            self.data.check_inputs(self, own)

    def map_inputs(self, scope: Scope, own: Scope) -> None:
        del scope
        for mapped in self.input_mapping:
            own.set_local(mapped.name, mapped.source.evaluate(own.visible, own.runtime.context))

    def take_in_missing(self, scope: Scope, own: Scope) -> None:
        """Bring in what another version, in which the activity began, did not."""
        if self.data is not None:
            self.data.take_in(self, scope, own, known=frozenset(own.variables))
        for mapped in self.input_mapping:
            if mapped.name not in own.variables:
                own.set_local(mapped.name, mapped.source.evaluate(own.visible, own.runtime.context))

    def map_outputs(self, scope: Scope, own: Scope) -> None:
        for mapped in self.output_mapping:
            scope.set_variable(mapped.name, mapped.source.evaluate(own.visible, own.runtime.context))

    def working_scope(self, my_task: SpiffTask) -> Scope:
        """The scope the activity itself reads and writes."""
        scope: Scope = my_task.workflow
        return scope.runtime.scope_owned_by(my_task) or scope

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        scope: Scope = my_task.workflow
        own = scope.runtime.scope_owned_by(my_task)
        if own is not None:
            self.map_outputs(scope, own)
            if self.data is not None:
                self.data.hand_out(self, scope, own, my_task.id)
            own.close()
        if own is not None or self.compensation_handler is not None:
            self._remember(scope, own)
        self._detach(my_task)
        super()._on_complete_hook(my_task)

    def _on_cancel(self, my_task: SpiffTask) -> None:
        own = self.runtime(my_task).scope_owned_by(my_task)
        if own is not None:
            own.cancel()
        self._detach(my_task)
        super()._on_cancel(my_task)

    def left(self, scope: Scope, activity_id: str) -> None:
        del activity_id
        if scope.spec.is_ad_hoc and scope.owner is not None:
            scope.owner.task_spec.inner_ended(scope.owner, scope)

    def _remember(self, scope: Scope, own: Scope | None) -> None:
        """Keep what is needed to undo it: its own variables, and without a handler what can be undone inside."""
        if self.compensation_handler is not None:
            scope.remember(undoable(self.name, own, []))
        elif own is not None and self.is_undone_inside(own):
            scope.remember(undoable(self.name, own, own.undoable))

    def is_undone_inside(self, own: Scope) -> bool:
        """Whether something inside its own scope can be undone, now that it is complete."""
        return bool(own.undoable)

    def _detach(self, my_task: SpiffTask) -> None:
        """Withdraw the events that waited on the boundary."""
        if self.boundary_events:
            for spiff_task in tuple(my_task.workflow.tasks.values()):
                if spiff_task.internal_data.get("attached_to") == my_task.id:
                    spiff_task.cancel()
