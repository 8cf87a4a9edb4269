"""Transactions: subprocesses that happen as a whole or are undone."""

from __future__ import annotations

from app.engine.elements.compensation_run import CompensationRun
from app.engine.elements.end_events import EndEvent
from app.engine.elements.subprocess import SubProcess
from app.engine.events.cancel import CancelEvent
from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask
from app.engine.undoable import unfinished


class Transaction(SubProcess):
    """Ends in one of three ways (BPMN 2.0.2, 10.3.5): normally, cancelled, or with an error that is a hazard.

    A hazard leaves by its boundary event without anything being undone.
    """

    element_type = "transaction"


class CancelEndEvent(CompensationRun, EndEvent):
    """Withdraws what is still open, undoes what was completed, and leaves by the cancel event on the boundary."""

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        scope: Scope = my_task.workflow
        completed = [*scope.take_undoable(None), *unfinished(scope)]
        for spiff_task in (*scope.tasks.values(), *scope.listeners.values()):
            if spiff_task is not my_task:
                spiff_task.cancel()
        scope.undoable = []  # given back by undoings that were withdrawn just now: they are among those completed
        self.runtime(my_task).note(my_task, "active")
        return self.begin_undoing(my_task, [(scope, completed)]) or None

    def left(self, scope: Scope, activity_id: str) -> None:
        super().left(scope, activity_id)
        host = scope.owner
        if host is None:
            return
        for event in host.task_spec.boundary_events:
            if any(isinstance(definition, CancelEvent) for definition in event.definitions):
                event.catch(host.workflow, host, {})
