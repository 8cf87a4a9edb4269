"""Service tasks: work done outside the step, by a connector or by whoever watches an external topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.engine.elements.activity import Activity, ActivityHead, Mapped
from app.engine.elements.flow_node import FlowNode
from app.engine.events.error import throw_error
from app.engine.expressions import FeelText
from app.engine.outcome import RequestedJob
from app.engine.scopes import ScopeSpec
from app.engine.spiff import SpiffTask


@dataclass(frozen=True, slots=True)
class ErrorRule:
    """When what a job reported means a BPMN error (camunda:errorEventDefinition of an external task)."""

    code: str
    condition: FeelText


class ServiceTask(Activity):
    """Asks for a job and goes on with its result. Exactly one of connector and topic is set.

    connector_inputs, connector_outputs: the mappings inside camunda:connector; the outputs see the job's result.
    error_rules: asked when the job is done and when it failed, the first that holds counts.
    """

    element_type = "serviceTask"

    def __init__(
        self,
        level: ScopeSpec,
        head: ActivityHead,
        *,
        connector: str | None,
        topic: str | None,
        connector_inputs: tuple[Mapped, ...] = (),
        connector_outputs: tuple[Mapped, ...] = (),
        error_rules: tuple[ErrorRule, ...] = (),
    ) -> None:
        super().__init__(level, head)
        self.connector = connector
        self.topic = topic
        self.connector_inputs = connector_inputs
        self.connector_outputs = connector_outputs
        self.error_rules = error_rules

    def takes_over(self, other: FlowNode) -> bool:
        return (
            super().takes_over(other)
            and isinstance(other, ServiceTask)
            and (self.connector, self.topic) == (other.connector, other.topic)
        )

    def _run_hook(self, my_task: SpiffTask) -> None:
        scope = self.working_scope(my_task)
        visible, context = scope.visible, scope.runtime.context
        inputs = {mapped.name: mapped.source.evaluate(visible, context) for mapped in self.connector_inputs}
        if self.topic:
            inputs |= {mapped.name: scope.variables[mapped.name] for mapped in self.input_mapping}
        scope.runtime.note(my_task, "active")
        job = RequestedJob(my_task.id, self.element_id, self.connector, self.topic, inputs, **self.retry.for_job())
        scope.runtime.journal.jobs.append(job)

    def finish(self, my_task: SpiffTask, result: Mapping[str, object]) -> None:
        """The job is done: its result reaches the case through the output mapping, or as it is without one."""
        scope = self.working_scope(my_task)
        if self.connector_outputs:
            visible = {**scope.visible, **result}
            for mapped in self.connector_outputs:
                scope.set_variable(mapped.name, mapped.source.evaluate(visible, scope.runtime.context))
        else:
            scope.set_variables(result)
        rule = self.rule_that_holds(my_task, None, None)
        if rule is None:
            my_task.complete()
        else:
            throw_error(self, my_task.workflow, my_task, rule.code, "")

    def rule_that_holds(self, my_task: SpiffTask, message: str | None, details: str | None) -> ErrorRule | None:
        """The rule by which what was reported is a BPMN error; it sees a failure as `externalTask`."""
        if not self.error_rules:
            return None
        scope = self.working_scope(my_task)
        visible = {**scope.visible, "externalTask": {"errorMessage": message, "errorDetails": details}}
        context = scope.runtime.context
        return next((rule for rule in self.error_rules if rule.condition.holds(visible, context)), None)
