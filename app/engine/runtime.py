"""One running case in memory: its scopes and tokens, and the loop that moves them until all of them wait."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from app.engine import clocks
from app.engine.budgets import TOO_MUCH_TIME
from app.engine.context import StepContext
from app.engine.elements.awaiting import Awaiting
from app.engine.errors import StepFailed
from app.engine.events.caught import CaughtEvent
from app.engine.events.conditional import ConditionalEvent
from app.engine.journal import Journal
from app.engine.on_demand import OnDemand
from app.engine.outcome import FALSE_COMPLETION, ActivityChange, ActivityState, RaisedIncident, VariableChange
from app.engine.saved_state import Section
from app.engine.scopes import Scope, ScopeKind, ScopeSpec
from app.engine.spiff import SpiffTask
from app.feel import NotRepresentable
from app.i18n import N_
from app.identifiers import Identifiers, new_id

TOO_MANY_STEPS = N_(
    "The case was stopped at “%(element)s”: more than %(limit)s steps in one go. Is it an endless loop?"
)
TOO_MANY_TOKENS = N_("The case was stopped at “%(element)s”: more than %(limit)s things are open at once.")
TOO_DEEP = N_("The case was stopped at “%(element)s”: more than %(limit)s calls inside each other.")
MAX_DEPTH = 100  # scopes inside each other: a process that calls itself is stopped here

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode
    from app.engine.parsed_process import ParsedProcess


class RunningInstance:
    """A case during one step."""

    def __init__(self, process: ParsedProcess, context: StepContext, business_key: str | None) -> None:
        self.process = process
        self.context = context
        self.business_key = business_key
        self.identifiers = Identifiers(context.id_seed or new_id())
        self.journal = Journal(self.identifiers.first)
        self.scopes: OnDemand[Scope] = OnDemand()  # a parent always before its children
        self.tokens: OnDemand[SpiffTask] = OnDemand()
        self.touched: list[Scope] = []  # since the case was last saved
        self.sections: dict[str, Section] = {}  # of the scopes when they were last saved
        self.agenda: deque[SpiffTask] = deque()
        self.unseen: list[VariableChange | SpiffTask] = []  # what conditional events have not been asked about
        self.end_event_id: str | None = None
        self.next_token_id: str | None = None  # of a token that takes over another's id
        self._steps = 0
        context.meter.begin(context.max_cpu_seconds)

    def renew(self, context: StepContext) -> None:
        """Begin another step with what the last one left."""
        self.context = context
        self.identifiers = Identifiers(context.id_seed or new_id())
        self.journal = Journal(self.identifiers.first)
        self._steps = 0
        context.meter.begin(context.max_cpu_seconds)

    @property
    def is_ended(self) -> bool:
        return not self.scopes

    def process_for(self, key: str) -> ParsedProcess | None:
        """The case's own process, one drawn in the same file, or one the context offers."""
        if key == self.process.key:
            return self.process
        return self.process.siblings.get(key) or self.context.processes.get(key)

    def process_level(self, key: str) -> ScopeSpec | None:
        process = self.process_for(key)
        return process.root if process is not None else None

    def open_scope(
        self,
        spec: ScopeSpec,
        kind: ScopeKind,
        owner: SpiffTask | None,
        *,
        parent: Scope | None = None,
        scope_id: str | None = None,
    ) -> Scope:
        """Open a scope for an activity; it sees the variables of `parent`, normally the scope the activity is in."""
        if parent is None and owner is not None:
            parent = owner.workflow
        self.check_number(spec.element_id, len(self.scopes))
        scope = Scope(self, spec, kind, scope_id or self.identifiers.next(), owner, parent)
        if scope.depth > MAX_DEPTH:
            raise self.stopped(spec.element_id, TOO_DEEP, MAX_DEPTH)
        self.scopes[scope.id] = scope
        scope.touch()
        scope.open()
        return scope

    def check_number(self, element_id: str, number: int) -> None:
        """Fail the step where a case already has as many of something as it may."""
        if number >= self.context.max_live_tokens:
            raise self.stopped(element_id, TOO_MANY_TOKENS, self.context.max_live_tokens)

    def new_token(self, scope: Scope, node: FlowNode, token_id: str | None = None) -> SpiffTask:
        self.check_number(node.element_id, len(self.tokens))
        scope.touch()
        spiff_task = SpiffTask(scope, node, token_id or self.next_token_id or self.identifiers.next())
        self.next_token_id = None
        self.tokens[spiff_task.id] = spiff_task
        return spiff_task

    def scope_owned_by(self, spiff_task: SpiffTask) -> Scope | None:
        scope_id = spiff_task.internal_data.get("scope")
        return self.scopes.get(scope_id) if scope_id else None

    def note(self, spiff_task: SpiffTask, state: ActivityState) -> None:
        """Tell the outside world about a token."""
        node = spiff_task.task_spec
        scope = spiff_task.workflow
        self.journal.activities.append(
            ActivityChange(spiff_task.id, scope.id, node.element_id, node.element_type, node.element_name, state)
        )
        if node.clock_marks and state == "done":
            clocks.passed(node, scope)

    @staticmethod
    def reach(node: FlowNode, scope: Scope) -> None:
        """A token begins at an activity that does something to clocks."""
        clocks.reached(node, scope)

    def run(self) -> None:
        """Move all tokens until each of them waits for somebody or something."""
        while True:
            if self.unseen:
                self.ask_conditions()
            while self.agenda:
                spiff_task = self.agenda.popleft()
                if spiff_task.is_ready:
                    self._run_one(spiff_task)
                if self.unseen:
                    self.ask_conditions()
            if not any(self._release_joins(scope) for scope in tuple(self.touched)):
                break
        self._report_stuck_scopes()

    def waiting(self) -> Iterator[tuple[SpiffTask, Awaiting, CaughtEvent]]:
        """The tokens that wait for an event, with their nodes and with what they wait for.

        What is done with one of them may withdraw others: these are left out.
        """
        for spiff_task in tuple(self.tokens.values()):
            node = spiff_task.task_spec
            if spiff_task.is_waiting and isinstance(node, Awaiting):
                yield spiff_task, node, node.awaited_by(spiff_task)

    def ask_conditions(self) -> None:
        """Let conditional events happen whose condition has become true since they were last asked."""
        while self.unseen:
            unseen, self.unseen = self.unseen, []
            for spiff_task, node, event in self.waiting():
                if isinstance(event, ConditionalEvent) and event.has_become_true(spiff_task, unseen):
                    self.attempt(spiff_task, node.fire)

    def _run_one(self, spiff_task: SpiffTask) -> None:
        self._steps += 1
        if self._steps > self.context.max_steps:
            raise self._stopped_at(spiff_task, TOO_MANY_STEPS, self.context.max_steps)
        self._check_time(spiff_task)
        self.attempt(spiff_task, SpiffTask.run)

    def _check_time(self, spiff_task: SpiffTask) -> None:
        if self.context.meter.is_spent():
            raise self._stopped_at(spiff_task, TOO_MUCH_TIME, self.context.max_cpu_seconds)

    def attempt(self, spiff_task: SpiffTask, action: Callable[[SpiffTask], object]) -> None:
        """Do something with a token; a failure says which activity it was."""
        try:
            action(spiff_task)
        except StepFailed as failure:
            node = spiff_task.task_spec
            raise failure.at(spiff_task.id, node.element_id, node.element_name) from failure
        except RecursionError as error:  # what ends inside each other may need more of Python's own stack than is left
            raise self._stopped_at(spiff_task, TOO_DEEP, MAX_DEPTH) from error
        except NotRepresentable as error:
            element_id = spiff_task.task_spec.element_id
            msgid = N_("“%(element)s” makes a function a variable. Only values can be stored.")
            raise StepFailed(
                RaisedIncident(spiff_task.id, element_id, "expression", msgid, {"element": element_id})
            ) from error

    def _stopped_at(self, spiff_task: SpiffTask, msgid: str, limit: float) -> StepFailed:
        node = spiff_task.task_spec
        return self.stopped(node.element_id, msgid, limit, node.element_name)

    def stopped(self, element_id: str, msgid: str, limit: float, name: str | None = None) -> StepFailed:
        """The failure of a step that needs more than it may; `name` is what people call the element."""
        params: dict[str, object] = {"element": name or element_id, "limit": limit}
        return StepFailed(RaisedIncident(None, element_id, "budget", msgid, params))

    def _release_joins(self, scope: Scope) -> bool:
        """Let one join go on that had to see first where all other tokens went."""
        for spiff_task in tuple(scope.tasks.values()):
            if spiff_task.is_waiting and spiff_task.task_spec.is_join:
                self._check_time(spiff_task)
                if spiff_task.task_spec.can_go_on(spiff_task):
                    spiff_task.make_ready()
                    return True
        return False

    def scope_ended(self, scope: Scope) -> None:
        if scope.owner is None:
            scope.close()
        else:
            scope.owner.task_spec.scope_ended(scope.owner, scope)

    def _report_stuck_scopes(self) -> None:
        """Tokens that all wait for each other can never reach an end event: an incident, not a completed case."""
        for scope in tuple(self.touched):
            tokens = tuple(scope.tasks.values())
            if scope.spec.is_ad_hoc or not tokens or not all(spiff_task.task_spec.is_join for spiff_task in tokens):
                continue
            first = tokens[0]
            if not first.internal_data.get("stuck"):  # told once
                first.internal_data["stuck"] = True
                self._report_stuck(first)

    def _report_stuck(self, spiff_task: SpiffTask) -> None:
        node = spiff_task.task_spec
        self.note(spiff_task, "incident")
        msgid = N_("“%(element)s” waits for a path that nothing will take any more; the case cannot reach an end.")
        params: dict[str, object] = {"element": node.element_name or node.element_id}
        self.journal.incidents.append(RaisedIncident(spiff_task.id, node.element_id, FALSE_COMPLETION, msgid, params))
