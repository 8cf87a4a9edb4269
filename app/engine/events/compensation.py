"""Compensation: completed activities are undone, the last one first."""

from __future__ import annotations

from dataclasses import dataclass

from app.engine.scopes import Scope
from app.engine.undoable import Undoable


@dataclass(frozen=True, slots=True)
class CompensateEvent:
    """A thrown compensate event definition (BPMN 2.0.2, 10.7 and 13.5.5).

    activity_id: the activity to undo, each time it was completed; None for everything completed in the scope.
    is_awaited: the throwing event goes on when all is undone; else at once.
    """

    activity_id: str | None
    is_awaited: bool

    def taken_from(self, scope: Scope) -> list[tuple[Scope, list[Undoable]]]:
        """What is to be undone when thrown in `scope`, by the scope that remembered it; none is undone twice."""
        scopes = [scope]
        while scope.owner is not None and scope.owner.task_spec.is_event_subprocess:
            scope = scope.owner.workflow  # what an event subprocess throws is about the level around it
            scopes.insert(0, scope)
        return [(around, around.take_undoable(self.activity_id)) for around in scopes]
