"""Moving tokens: what is open is withdrawn, and tokens are put where somebody wants them, in one step."""

from __future__ import annotations

from collections.abc import Sequence

from app.engine.changes.instructions import CancelActivity, Instruction, StartAfter, StartBefore
from app.engine.changes.level_tree import LevelTree
from app.engine.changes.refusal import ChangeRefused, Reason
from app.engine.context import StepContext
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.subprocess import SubProcess
from app.engine.outcome import Outcome
from app.engine.parsed_process import ParsedProcess
from app.engine.runtime import RunningInstance
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask
from app.engine.steps import finished, resumed
from app.i18n import N_


def modify(process: ParsedProcess, state: bytes, instructions: Sequence[Instruction], context: StepContext) -> Outcome:
    """Cancel open activities and start others, all together or not at all.

    What is cancelled goes first, whatever the order. A subprocess in which nothing is left is withdrawn as well; one
    that a new token needs is opened without letting its start event begin. Raises `ChangeRefused` with every reason,
    `StepFailed`.
    """
    runtime = resumed(process, state, context)
    modification = _Modification(runtime)
    modification.apply(instructions)
    if modification.reasons:
        raise ChangeRefused(modification.reasons)
    return finished(runtime)


class _Modification:
    """The instructions at work on a case in memory; thrown away with it when there are reasons against it."""

    def __init__(self, runtime: RunningInstance) -> None:
        self._runtime = runtime
        self._tree = LevelTree(runtime.process)
        self._left: list[Scope] = []  # where something was withdrawn
        self.reasons: list[Reason] = []

    def apply(self, instructions: Sequence[Instruction]) -> None:
        cancelled = [one.activity_id for one in instructions if isinstance(one, CancelActivity)]
        for activity_id in sorted(cancelled, key=self._depth):  # an activity as a whole before single passes of it
            self._cancel(activity_id)
        for instruction in instructions:
            if not isinstance(instruction, CancelActivity):
                self._start(instruction)
        if not self.reasons:
            self._withdraw_empty_scopes()

    def _cancel(self, activity_id: str) -> None:
        spiff_task = self._token_of(activity_id)
        if spiff_task is None:  # an earlier instruction may have taken it along
            journal = self._runtime.journal
            if activity_id not in {one.id for one in journal.activities} | {one.id for one in journal.executions}:
                self._refuse("", N_("What should be withdrawn is no longer open. Look at the case again."))
            return
        node: FlowNode = spiff_task.task_spec
        refusal = why_not_cancelled(spiff_task)
        if refusal is not None:
            self._refuse(node.element_id, refusal)
            return
        self._withdraw(spiff_task)

    def _token_of(self, activity_id: str) -> SpiffTask | None:
        """An open activity, also by the id of its own scope; the scope of an instance stands for its pass."""
        scope = self._runtime.scopes.get(activity_id)
        if scope is None:
            return self._runtime.tokens.get(activity_id)
        return scope.owner if scope.kind != "instance" else next(iter(scope.tasks.values()), None)

    def _depth(self, activity_id: str) -> int:
        spiff_task = self._token_of(activity_id)
        return spiff_task.workflow.depth if spiff_task is not None else 0

    def _withdraw(self, spiff_task: SpiffTask) -> None:
        scope: Scope = spiff_task.workflow
        if is_one_pass(spiff_task) and scope.owner is not None:
            scope.owner.task_spec.leave_out(scope.owner, scope)
        else:
            spiff_task.task_spec.withdraw(spiff_task)
            self._left.append(scope)

    def _start(self, instruction: StartBefore | StartAfter) -> None:
        node = self._tree.node(instruction.element_id)
        if node is None:
            self._refuse(instruction.element_id, N_("“%(element)s” is no step of this process that can be started."))
            return
        is_before = isinstance(instruction, StartBefore)
        refusal = node.why_not_before() if is_before else node.why_not_after()
        if refusal is not None:
            self._refuse(node.element_id, refusal)
            return
        scope = self._scope_for(self._tree.level_of(node.element_id), instruction.scope_id)
        if scope is None:
            return
        if is_before:
            node.start_before(scope)
        else:
            node.start_after(scope)

    def _scope_for(self, level: ScopeSpec, within: str | None) -> Scope | None:
        """The open scope of a level; opened now where there is none, None where that is refused."""
        found = [scope for scope in self._runtime.scopes.values() if _is_own_level(scope, level)]
        inside = [scope for scope in found if within is None or within in _ids_around(scope)]
        if len(inside) == 1:
            return inside[0]
        if inside:
            self._refuse(level.element_id, N_("“%(element)s” runs several times at once: say in which of them."))
            return None
        if level is self._tree.root:
            self._refuse(level.element_id, N_("Where it should be started is no longer open. Look at the case again."))
            return None
        owner = self._tree.owner_of(level)
        refusal = owner.why_not_opened()
        if refusal is not None:
            self._refuse(owner.element_id, refusal)
            return None
        around = self._scope_for(self._tree.level_of(owner.element_id), within)
        return None if around is None else owner.open(around)

    def _withdraw_empty_scopes(self) -> None:
        """A scope in which nothing is left is not done, it is withdrawn, and perhaps the one around it."""
        pending = self._left
        while pending:
            scope = max(pending, key=lambda left: left.depth)
            pending.remove(scope)
            if not scope.is_open or scope.tasks or _may_be_empty(scope):
                continue
            if scope.owner is None:
                self._refuse("", N_("Nothing of the case would be left open. Cancel the case instead."))
            elif (refusal := why_not_cancelled(scope.owner)) is not None:
                self._refuse(scope.owner.task_spec.element_id, refusal)
            else:
                self._withdraw(scope.owner)

    def _refuse(self, element_id: str, msgid: str) -> None:
        reason = Reason(element_id, msgid)
        if reason not in self.reasons:
            self.reasons.append(reason)


def why_not_cancelled(spiff_task: SpiffTask) -> str | None:
    """Why a token cannot be withdrawn for itself, as a msgid; None where it can."""
    node: FlowNode = spiff_task.task_spec
    return node.why_not_withdrawn(spiff_task)


def is_one_pass(spiff_task: SpiffTask) -> bool:
    """Whether it is one pass of a loop or of a multi-instance activity, not the activity as a whole."""
    scope: Scope = spiff_task.workflow
    return scope.kind in {"body", "instance"}


def _may_be_empty(scope: Scope) -> bool:
    """An ad-hoc subprocess waits for what people begin in it next."""
    return scope.kind == "subprocess" and scope.spec.is_ad_hoc


def _is_own_level(scope: Scope, level: ScopeSpec) -> bool:
    """Whether the scope is this level of the case's own process, not of one it calls."""
    if scope.spec is not level or scope.kind not in {"process", "subprocess"}:
        return False
    if scope.owner is not None and not isinstance(scope.owner.task_spec, SubProcess):
        return False  # opened again to undo what was done there
    around: Scope | None = scope
    while around is not None:
        if around.kind == "called":
            return False
        around = around.parent
    return True


def _ids_around(scope: Scope) -> set[str]:
    found: set[str] = set()
    around: Scope | None = scope
    while around is not None:
        found.add(around.id)
        around = around.parent
    return found
