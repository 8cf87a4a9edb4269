"""FEEL in diagrams: compiled when a diagram is read, evaluated on a scope's variables, loud when it goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app import feel
from app.engine.budgets import TOO_MUCH_TIME
from app.engine.context import StepContext
from app.engine.errors import StepFailed
from app.engine.outcome import RaisedIncident
from app.feel.notices import UNKNOWN_NAME
from app.i18n import N_

_SIZED = frozenset({dict, list, str})


@dataclass(frozen=True, slots=True)
class FeelText:
    """An expression of a diagram with the element it belongs to (`place` names the attribute)."""

    text: str
    expression: feel.Expression
    element_id: str
    place: str

    def evaluate(self, variables: Mapping[str, object], context: StepContext) -> object:
        """The value; an unknown variable or a spent budget fails the step, other faults are FEEL's null."""
        result = self._result(variables, context)
        for notice in result.warnings:
            if notice.code == UNKNOWN_NAME:
                raise self.failure(
                    "expression",
                    N_("The expression of %(place)s names “%(name)s”, which does not exist."),
                    **notice.params,
                )
        return result.value

    def _result(self, variables: Mapping[str, object], context: StepContext) -> feel.Result:
        try:
            result = self.expression.evaluate(variables, context.environment())
        except feel.BudgetExceeded as error:
            raise self.failure(
                "budget",
                N_("The expression of %(place)s needs more than its budget allows: %(limit)s."),
                limit=error.kind,
            ) from error
        except feel.EvaluationStopped as error:
            raise self._spent(TOO_MUCH_TIME, context.max_cpu_seconds) from error
        if context.meter.is_spent():
            raise self._spent(TOO_MUCH_TIME, context.max_cpu_seconds)
        if type(result.value) in _SIZED and (refusal := context.meter.refusal(result.value)) is not None:
            raise self._spent(*refusal)
        return result

    def _spent(self, msgid: str, limit: float) -> StepFailed:
        return self.failure("budget", msgid, element=self.element_id, limit=limit)

    def holds(self, variables: Mapping[str, object], context: StepContext) -> bool:
        """Whether a condition that is waited for is true: what it names may not exist yet, or be null."""
        result = self._result(variables, context)
        if result.value is None or any(notice.code == UNKNOWN_NAME for notice in result.warnings):
            return False
        return self._boolean(result.value)

    def evaluate_boolean(self, variables: Mapping[str, object], context: StepContext) -> bool:
        """A condition's value; anything but true or false fails the step."""
        return self._boolean(self.evaluate(variables, context))

    def _boolean(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise self.failure(
                "expression",
                N_("The condition of %(place)s is %(type)s, not true or false."),
                type=feel.type_name(value),
            )
        return value

    def failure(self, kind: str, msgid: str, **params: object) -> StepFailed:
        params = {"place": self.place, "expression": self.text, **params}
        return StepFailed(RaisedIncident(None, self.element_id, kind, msgid, params))


@dataclass(frozen=True, slots=True)
class Literal:
    """A text that stands for itself."""

    value: str

    def evaluate(self, variables: Mapping[str, object], context: StepContext) -> object:
        del variables, context
        return self.value


TextOrFeel = Literal | FeelText


def names_in(text: Value | None) -> frozenset[str]:
    """The variables an expression names."""
    return text.expression.free_names if isinstance(text, FeelText) else frozenset()


@dataclass(frozen=True, slots=True)
class ListOf:
    """A camunda:list: its items in their order."""

    items: tuple[Value, ...]
    element_id: str

    def evaluate(self, variables: Mapping[str, object], context: StepContext) -> object:
        return _weighed([item.evaluate(variables, context) for item in self.items], self.element_id, context)


@dataclass(frozen=True, slots=True)
class MapOf:
    """A camunda:map: a context of its entries."""

    entries: tuple[tuple[str, Value], ...]
    element_id: str

    def evaluate(self, variables: Mapping[str, object], context: StepContext) -> object:
        values = {key: entry.evaluate(variables, context) for key, entry in self.entries}
        return _weighed(values, self.element_id, context)


Value = TextOrFeel | ListOf | MapOf


def _weighed(value: object, element_id: str, context: StepContext) -> object:
    """The parts together may be too large although each of them is not."""
    refusal = context.meter.refusal(value)
    if refusal is not None:
        msgid, limit = refusal
        params: dict[str, object] = {"element": element_id, "limit": limit}
        raise StepFailed(RaisedIncident(None, element_id, "budget", msgid, params))
    return value
