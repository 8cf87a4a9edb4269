"""Tasks the engine does itself or has nothing to do for: abstract, manual, script and send tasks."""

from __future__ import annotations

from app.engine.elements.activity import Activity, ActivityHead
from app.engine.events.message import MessageEvent
from app.engine.expressions import FeelText
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask
from app.i18n import N_


class AbstractTask(Activity):
    """A task of no particular type; nothing to do (BPMN 2.0.2, 13.3.3)."""

    element_type = "task"


class ManualTask(Activity):
    """Work the engine neither starts nor hears of; it goes on at once (BPMN 2.0.2, 13.3.3)."""

    element_type = "manualTask"


class ScriptTask(Activity):
    """Sets variables to what FEEL computes: one variable, or each entry of a context."""

    element_type = "scriptTask"

    def __init__(self, level: ScopeSpec, head: ActivityHead, script: FeelText, result_variable: str | None) -> None:
        super().__init__(level, head)
        self.script = script
        self.result_variable = result_variable

    def _run_hook(self, my_task: SpiffTask) -> bool:
        scope = self.working_scope(my_task)
        value = self.script.evaluate(scope.visible, scope.runtime.context)
        if self.result_variable:
            scope.set_variable(self.result_variable, value)
        elif isinstance(value, dict):
            scope.set_variables(value)
        else:
            raise self.failure(
                "expression", N_("The script of “%(element)s” is not a context such as { name: value }.")
            )
        return True


class SendTask(Activity):
    """Sends a message and goes on (BPMN 2.0.2, 13.3.3)."""

    element_type = "sendTask"

    def __init__(self, level: ScopeSpec, head: ActivityHead, event: MessageEvent) -> None:
        super().__init__(level, head)
        self.event = event
        self.definitions = (event,)

    def _run_hook(self, my_task: SpiffTask) -> bool:
        self.event.throw(self, self.working_scope(my_task), my_task.id)
        return True

    def sent(self, scope: Scope) -> dict[str, object]:
        """Its data inputs are what it sends (BPMN 2.0.2, 10.3.3)."""
        return {item.name: scope.variables[item.name] for item in self.data.inputs} if self.data is not None else {}
