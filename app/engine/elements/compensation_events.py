"""Events that throw compensation: in the flow, or at its end."""

from __future__ import annotations

from app.engine.elements.compensation_run import CompensationRun
from app.engine.elements.end_events import EndEvent
from app.engine.elements.flow_node import NodeHead
from app.engine.elements.intermediate_events import IntermediateThrowEvent
from app.engine.events.compensation import CompensateEvent
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask
from app.engine.undoable import Undoable


class _ThrowsCompensation(CompensationRun):
    """Goes on when all is undone, or at once, with the undoing going on beside it."""

    compensation: CompensateEvent
    beside: UndoingBeside | None

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        taken = self.compensation.taken_from(my_task.workflow)
        if not any(records for _scope, records in taken):
            return True
        if self.beside is not None:
            self.beside.undo(my_task.workflow, taken)
            return True
        self.runtime(my_task).note(my_task, "active")
        return self.begin_undoing(my_task, taken) or None


class UndoingBeside(CompensationRun):
    """The undoing for which the throwing event does not wait; the scope does."""

    goes_on = False  # the event's own token has gone already

    def __init__(self, level: ScopeSpec, head: NodeHead, element_type: str) -> None:
        super().__init__(level, head, node_name=f"{head.id}#undoing")
        self.element_type = element_type  # type: ignore[misc]  # stands for the event that threw

    def undo(self, scope: Scope, taken: list[tuple[Scope, list[Undoable]]]) -> None:
        spiff_task = scope.runtime.new_token(scope, self)
        spiff_task.make_started()
        scope.runtime.note(spiff_task, "active")
        if self.begin_undoing(spiff_task, taken):
            spiff_task.complete()


class CompensationThrowEvent(_ThrowsCompensation, IntermediateThrowEvent):
    """Throws compensation in the flow."""

    def __init__(self, level: ScopeSpec, head: NodeHead, compensation: CompensateEvent) -> None:
        super().__init__(level, head, ())
        self.compensation = compensation
        self.beside = None if compensation.is_awaited else UndoingBeside(level, head, self.element_type)


class CompensationEndEvent(_ThrowsCompensation, EndEvent):
    """Throws compensation where a token ends."""

    def __init__(self, level: ScopeSpec, head: NodeHead, compensation: CompensateEvent) -> None:
        super().__init__(level, head, ())
        self.compensation = compensation
        self.beside = None if compensation.is_awaited else UndoingBeside(level, head, self.element_type)
