"""Scopes: where variables live and tokens move. One per process, subprocess, multi-instance element and call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from app.engine.budgets import MAX_NAME_LENGTH, NAME_TOO_LONG
from app.engine.errors import StepFailed
from app.engine.outcome import ClockChange, ExecutionChange, RaisedIncident, VariableChange
from app.engine.running_clock import RunningClock, due_variable
from app.engine.spiff import SpiffSpec, SpiffTask, SpiffWorkflow
from app.engine.undoable import Undoable, in_order
from app.engine.variables import PLAIN, RenamedVariables, Variables, VisibleVariables, is_alike, isolated
from app.i18n import N_

if TYPE_CHECKING:
    from app.engine.data.input_output import LevelData
    from app.engine.elements.event_subprocess import EventSubProcess
    from app.engine.elements.flow_node import FlowNode
    from app.engine.flows import SequenceFlow
    from app.engine.runtime import RunningInstance

# process: the case itself. called: a called process; sees nothing of its caller. instance: one pass of a
# multi-instance element. body: the multi-instance element as a whole. local: input and output mappings.
ScopeKind = Literal["process", "called", "subprocess", "instance", "body", "local"]

_SEALED: frozenset[ScopeKind] = frozenset({"process", "called"})
_HOLDS_NEW_VARIABLES: frozenset[ScopeKind] = frozenset({"process", "called", "instance"})

_LEVELS: frozenset[ScopeKind] = frozenset({"process", "called", "subprocess"})
# What BPMN 2.0.2, table 10.30, calls the counters that Camunda 7 calls otherwise.
_STANDARD_COUNTERS: Mapping[str, str] = {
    "numberOfInstances": "nrOfInstances",
    "numberOfActiveInstances": "nrOfActiveInstances",
    "numberOfCompletedInstances": "nrOfCompletedInstances",
}
# Kept by the engine: whoever changed them by hand would make it miscount.
_COUNTERS: Mapping[ScopeKind, frozenset[str]] = {
    "body": frozenset(
        {
            "nrOfInstances",
            "nrOfActiveInstances",
            "nrOfCompletedInstances",
            "numberOfTerminatedInstances",
            "loopCounter",
        }
    ),
    "instance": frozenset({"loopCounter"}),
}
# Names the engine gives in a loop or multi-instance element: no item or result can be called so.
LOOP_NAMES: frozenset[str] = frozenset(_STANDARD_COUNTERS).union(*_COUNTERS.values())


def counter_changed(element_id: str, name: str) -> StepFailed:
    """The failure of a step that changes what the engine counts with."""
    msgid = N_("“%(element)s” has changed its %(name)s, with which the engine counts. Give that variable another name.")
    return StepFailed(RaisedIncident(None, element_id, "multi_instance", msgid, {"element": element_id, "name": name}))


class ScopeSpec(SpiffSpec):
    """The nodes and flows drawn on one level: of a process or of a subprocess.

    element_id: the subprocess, or the process's key on the top level.
    """

    def __init__(self, process_key: str, element_id: str) -> None:
        super().__init__(name=element_id)
        self.process_key = process_key
        self.element_id = element_id
        self.flows: dict[str, SequenceFlow] = {}
        self.data: LevelData | None = None
        self.is_ad_hoc = False
        self.start_nodes: tuple[FlowNode, ...] = ()  # where a token starts when the level is entered
        self.event_subprocesses: tuple[EventSubProcess, ...] = ()
        self.compensation: EventSubProcess | None = None  # undoes what was done on this level
        self.is_watched = False  # the process has conditional events: they are told of every change of a variable
        self.clocks: frozenset[str] = frozenset()  # ids of those the process declares; on its top level only

    def node(self, name: str) -> FlowNode:
        node: FlowNode = self.task_specs[name]  # nothing else is put in
        return node


class Scope(SpiffWorkflow):
    """A scope of a running case, with its variables and the tokens directly in it.

    owner: the activity whose scope it is, None for the process. listeners: tokens of what may start its event
    subprocesses; they wait without keeping the scope open. interruptions: how often everything in it was withdrawn,
    so that a token on its way out of a node notices. clocks: those that run, in the scope of a process.
    """

    spec: ScopeSpec

    def __init__(
        self,
        runtime: RunningInstance,
        spec: ScopeSpec,
        kind: ScopeKind,
        id: str,  # noqa: A002  # the word of the contract
        owner: SpiffTask | None,
        parent: Scope | None,
    ) -> None:
        super().__init__(spec)
        self.runtime = runtime
        self.kind = kind
        self.id = id
        self.owner = owner
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent is not None else 0
        self.variables = Variables({}, self.touch)
        self.undoable: list[Undoable] = []  # completed here, in this order
        self.is_touched = False
        self.listeners: dict[str, SpiffTask] = {}
        self.interruptions = 0
        self.clocks: dict[str, RunningClock] = {}

    @property
    def element_id(self) -> str:
        return self.owner.task_spec.element_id if self.owner is not None else self.spec.element_id

    @property
    def is_open(self) -> bool:
        return self.id in self.runtime.scopes

    @property
    def is_sealed(self) -> bool:
        """Whether nothing inside sees the variables around."""
        return self.kind in _SEALED

    @property
    def process_scope(self) -> Scope:
        """The scope of the process, or of the called one, that this one belongs to."""
        scope = self
        while scope.kind not in _SEALED and scope.parent is not None:
            scope = scope.parent
        return scope

    @property
    def holds_a_level(self) -> bool:
        """Whether the level it refers to is drawn inside it, not around it as with instances and mappings."""
        return self.kind in _LEVELS

    def touch(self) -> None:
        """Note that the scope has to be saved again, and that its joins are looked at."""
        if not self.is_touched:
            self.is_touched = True
            self.runtime.touched.append(self)

    @property
    def inherited_lane(self) -> str | None:
        """The lane of the subprocess or call around, for what is drawn without one (BPMN 2.0.2, 10.8)."""
        owner, lane = self.owner, None
        while owner is not None and lane is None:
            lane = owner.task_spec.lane
            owner = owner.workflow.owner
        return lane

    @property
    def visible(self) -> Mapping[str, object]:
        """The variables an expression in this scope can name."""
        if self.kind in _SEALED:
            return self.variables
        chain: list[Mapping[str, object]] = [self.variables]
        scope = self
        while scope.kind not in _SEALED and scope.parent is not None:
            if scope.kind == "body":
                chain.append(RenamedVariables(scope.variables, _STANDARD_COUNTERS))
            scope = scope.parent
            chain.append(scope.variables)
        return VisibleVariables(*chain)

    def set_variable(self, name: str, value: object) -> None:
        """Change the nearest variable of that name; a new one belongs to the process, the call or the instance.

        Raises `StepFailed` as `set_here`.
        """
        scope = self._holder_of(name)
        if name not in scope.variables:
            scope = self
            while scope.kind not in _HOLDS_NEW_VARIABLES and scope.parent is not None:
                scope = scope.parent
        scope.set_here(name, value)

    def set_here(self, name: str, value: object) -> None:
        """Set a variable of this very scope to what the diagram or somebody says.

        Raises `StepFailed` for another value of a counter: the engine would go on with it for ever, or not at all.
        """
        if self.is_counter(name):
            old = self.variables.get(name, value)
            if old != value or not is_alike(old, value):
                raise counter_changed(self.element_id, name)
        self.set_local(name, value)

    def set_what_is_no_counter(self, name: str, value: object) -> None:
        """As `set_variable`, but the counters of a loop or multi-instance element around stay as they are."""
        if not self._holder_of(name).is_counter(name):
            self.set_variable(name, value)

    def _holder_of(self, name: str) -> Scope:
        """The nearest scope with a variable of that name, else the outermost."""
        scope = self
        while name not in scope.variables and scope.kind not in _SEALED and scope.parent is not None:
            scope = scope.parent
        return scope

    def is_counter(self, name: str) -> bool:
        """Whether the engine counts with this variable of this very scope."""
        return name in _COUNTERS.get(self.kind, ())

    def set_variables(self, values: Mapping[str, object]) -> None:
        for name, value in values.items():
            self.set_variable(name, value)

    def set_local(self, name: str, value: object) -> None:
        """Set a variable of this very scope and note the change, if it is one; the engine sets its counters so."""
        is_new = name not in self.variables
        old = None if is_new else self.variables[name]
        if is_new or old != value or not is_alike(old, value):
            new = value
            if is_new and len(name) > MAX_NAME_LENGTH:
                raise self.runtime.stopped(self.element_id, NAME_TOO_LONG, MAX_NAME_LENGTH)
            if type(value) not in PLAIN:  # what is kept and what is told, neither shared with who gave it
                value, new = isolated(value), isolated(value)
            self.variables.put(name, value)
            change = VariableChange(self.id, name, old, new, is_new=is_new)
            self._note(change)

    def remove_local(self, name: str) -> None:
        """Remove a variable of this very scope."""
        old = self.variables[name]
        self.variables.remove(name)
        self._note(VariableChange(self.id, name, old, None, is_removed=True))

    def _note(self, change: VariableChange) -> None:
        self.runtime.journal.variables.append(change)
        if self.spec.is_watched:
            self.runtime.unseen.append(change)

    @property
    def engine_variables(self) -> frozenset[str]:
        """Names that the engine itself keeps in this scope."""
        return _COUNTERS.get(self.kind, frozenset()) | {due_variable(clock_id) for clock_id in self.clocks}

    def open(self) -> None:
        parent_id = self.parent.id if self.parent is not None else None
        self.runtime.journal.executions.append(ExecutionChange(self.id, parent_id, self.element_id, is_open=True))

    def declare_data(self) -> None:
        """Make variables of the data drawn on this level, once what it is given is there."""
        if self.spec.data is not None:
            self.spec.data.declare(self)

    def begin(self) -> None:
        """Let one token in at each start of this level."""
        self.listen()
        for node in self.spec.start_nodes:
            node.begin_level(self)

    def listen(self) -> None:
        """Begin to wait for what starts the event subprocesses of this level; nothing of it has run yet."""
        for handler in self.spec.event_subprocesses:
            handler.listen(self)

    def add_listener(self, spiff_task: SpiffTask) -> None:
        """Let a token wait without keeping the scope open."""
        del self.tasks[spiff_task.id]
        self.listeners[spiff_task.id] = spiff_task

    def take(self, flow: SequenceFlow) -> None:
        """A token passes along a sequence flow of this level."""
        if self.spec.is_ad_hoc and self.owner is not None and self.owner.kept_data.get("closing"):
            return  # nothing more is begun
        self.runtime.journal.flows.append(flow.id)
        node = self.spec.node(flow.target)
        if node.before is None:
            node.arrive(self, flow)
        else:
            node.before.hold_before(self, flow)

    def leave(self, spiff_task: SpiffTask) -> None:
        self.touch()
        if self.tasks.pop(spiff_task.id, None) is None:
            del self.listeners[spiff_task.id]
        del self.runtime.tokens[spiff_task.id]

    def remember(self, record: Undoable) -> None:
        """Keep what has to be known of a completed activity to undo it; gone when the scope ends."""
        self.runtime.check_number(self.element_id, len(self.undoable))
        self.touch()
        self.undoable.append(record)

    def take_undoable(self, node: str | None) -> list[Undoable]:
        """What can be undone of one node, or all there is; it is not remembered any more."""
        taken = in_order(self.spec, [record for record in self.undoable if node in {None, record["node"]}])
        self.undoable = [record for record in self.undoable if node not in {None, record["node"]}]
        self.touch()
        return taken

    def end_if_empty(self) -> None:
        """When the last token has gone, the scope is complete and its owner goes on."""
        if not self.tasks and self.is_open:
            self.runtime.scope_ended(self)

    def interrupt(self) -> None:
        """Withdraw everything in this scope, which stays open for what interrupts it."""
        self.interruptions += 1
        for spiff_task in (*self.tasks.values(), *self.listeners.values()):
            spiff_task.cancel()

    def cancel(self) -> None:
        """Withdraw everything in this scope and close it."""
        self.interrupt()
        for scope in self.inner_scopes():  # of a multi-instance element
            scope.cancel()
        self.close()

    def inner_scopes(self) -> list[Scope]:
        return [scope for scope in self.runtime.scopes.values() if scope.parent is self]

    def close(self) -> None:
        self.touch()
        if self.listeners:
            for spiff_task in tuple(self.listeners.values()):
                spiff_task.cancel()
        parent_id = self.parent.id if self.parent is not None else None
        for clock_id in self.clocks:
            self.runtime.journal.clocks.append(ClockChange(clock_id, self.id, "withdrawn"))
        del self.runtime.scopes[self.id]
        self.runtime.journal.executions.append(ExecutionChange(self.id, parent_id, self.element_id, is_open=False))
