"""Business rule tasks: ask a decision of the bundle and keep what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app import feel
from app.engine.budgets import TOO_MUCH_TIME
from app.engine.context import StepContext
from app.engine.elements.activity import Activity, ActivityHead
from app.engine.errors import StepFailed
from app.engine.outcome import EvaluatedDecision, RaisedIncident
from app.engine.scopes import ScopeSpec
from app.engine.spiff import SpiffTask
from app.feel.dmn import DecisionModel
from app.feel.notices import HIT_POLICY, NOT_ALLOWED, NOT_OF_TYPE, UNKNOWN_NAME, Notice
from app.i18n import N_

ResultKind = Literal["singleEntry", "singleResult", "collectEntries", "resultList"]
# What no table can mean: with these the step fails even where a rule matches in the end.
FAULTS = frozenset([HIT_POLICY, NOT_ALLOWED, NOT_OF_TYPE, UNKNOWN_NAME])
LOCAL_RESULT = "decisionResult"  # Camunda 7's name for what only the output mapping sees


@dataclass(frozen=True, slots=True)
class AskedDecision:
    """Which decision is asked, by its id, and where its result goes; None: to the output mapping only."""

    id: str
    result_kind: ResultKind
    result_variable: str | None


class BusinessRuleTask(Activity):
    """Evaluates a decision with the variables it names as inputs (BPMN 2.0.2, 13.3.3)."""

    element_type = "businessRuleTask"

    def __init__(self, level: ScopeSpec, head: ActivityHead, asked: AskedDecision) -> None:
        super().__init__(level, head)
        self.asked = asked

    def _run_hook(self, my_task: SpiffTask) -> bool:
        scope = self.working_scope(my_task)
        context = scope.runtime.context
        model = context.decisions.get(self.asked.id)
        if model is None:
            msgid = N_("“%(element)s” asks the decision “%(decision)s”, which is not deployed.")
            raise self.failure("decision", msgid, decision=self.asked.id)
        inputs = {name: scope.visible[name] for name in model.inputs_of(self.asked.id) if name in scope.visible}
        result = self._evaluated(model, inputs, context)
        rows = model.rows(self.asked.id, result)
        value = self._mapped(rows)
        for kept in (value, *inputs.values()):
            self.weigh(scope, kept)
        scope.runtime.journal.decisions.append(
            EvaluatedDecision(
                my_task.id, self.element_id, self.asked.id, inputs, rows, result.rules, self.asked.result_variable
            )
        )
        if self.asked.result_variable:
            scope.set_variable(self.asked.result_variable, value)
        else:
            scope.set_local(LOCAL_RESULT, value)
        return True

    def _evaluated(self, model: DecisionModel, inputs: Mapping[str, object], context: StepContext) -> feel.Result:
        """The result; what contradicts the model, or no value because something went wrong, fails the step."""
        try:
            result = model.evaluate(self.asked.id, inputs, context.environment())
        except feel.BudgetExceeded as error:
            msgid = N_("The decision “%(decision)s” needs more than its budget allows: %(limit)s.")
            raise self.failure("budget", msgid, decision=self.asked.id, limit=error.kind) from error
        except feel.EvaluationStopped as error:
            raise self.failure("budget", TOO_MUCH_TIME, limit=context.max_cpu_seconds) from error
        for notice in result.warnings:
            if notice.code in FAULTS or result.value is None:
                raise self._no_answer(notice)
        return result

    def _no_answer(self, notice: Notice) -> StepFailed:
        params: dict[str, object] = {
            "element": self.element_name or self.element_id,
            "decision": self.asked.id,
            **notice.params,
        }
        return StepFailed(RaisedIncident(None, self.element_id, "decision", notice.msgid, params))

    def _mapped(self, rows: list[dict[str, object]]) -> object:
        """The rows as Camunda 7's mapDecisionResult of this name gives them."""
        match self.asked.result_kind:
            case "resultList":
                return rows
            case "collectEntries":
                return [self._entry(row) for row in rows]
            case "singleResult":
                return self._only(rows)
            case "singleEntry":
                row = self._only(rows)
                return None if row is None else self._entry(row)

    def _only(self, rows: list[dict[str, object]]) -> dict[str, object] | None:
        if len(rows) > 1:
            msgid = N_("The decision “%(decision)s” has %(count)s results where “%(element)s” takes one.")
            raise self.failure("decision", msgid, decision=self.asked.id, count=len(rows))
        return rows[0] if rows else None

    def _entry(self, row: Mapping[str, object]) -> object:
        if len(row) != 1:
            msgid = N_("A result of the decision “%(decision)s” has %(count)s outputs where “%(element)s” takes one.")
            raise self.failure("decision", msgid, decision=self.asked.id, count=len(row))
        return next(iter(row.values()))
