"""Loops: the same activity again and again, as long as a condition holds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.engine.elements.activity import Activity, ActivityHead
from app.engine.elements.repeated_activity import RepeatedActivity
from app.engine.expressions import FeelText
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask


@dataclass(frozen=True, slots=True)
class LoopCondition:
    """When to go on (BPMN 2.0.2, 10.3.8). At least one of condition and maximum is set.

    is_tested_before: the condition is asked before each pass, and the first may be left out; else after each.
    """

    condition: FeelText | None
    maximum: int | None
    is_tested_before: bool


class StandardLoop(RepeatedActivity):
    """Repeats its activity while the condition is true (BPMN 2.0.2, 13.3.6).

    `loopCounter` is the number of passes that are done: 0 in the first. Unlike the instances of a multi-instance
    activity the passes follow each other in the same scope, so that a pass sees what the last one set.
    """

    def __init__(self, level: ScopeSpec, head: ActivityHead, inner: Activity, loop: LoopCondition) -> None:
        super().__init__(level, head, inner)
        self.loop = loop

    def _run_hook(self, my_task: SpiffTask) -> bool | None:
        body = self.working_scope(my_task)
        body.set_local("loopCounter", Decimal(0))
        if self.loop.is_tested_before and not self._goes_on(body, 0):
            return True
        self.runtime(my_task).note(my_task, "active")
        self.inner.enter(body)
        return None

    def scope_ended(self, my_task: SpiffTask, scope: Scope) -> None:
        """A pass has ended."""
        counter = scope.variables["loopCounter"]
        done = (int(counter) if isinstance(counter, Decimal) else 0) + 1
        scope.set_local("loopCounter", Decimal(done))
        if self._goes_on(scope, done):
            self.inner.enter(scope)
        else:
            my_task.complete()

    def leave_out(self, my_task: SpiffTask, scope: Scope) -> None:
        for spiff_task in tuple(scope.tasks.values()):
            spiff_task.cancel()
        self.scope_ended(my_task, scope)

    def _goes_on(self, body: Scope, done: int) -> bool:
        loop = self.loop
        if loop.maximum is not None and done >= loop.maximum:
            return False
        return loop.condition is None or loop.condition.evaluate_boolean(body.visible, body.runtime.context)
