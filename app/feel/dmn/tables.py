"""Decision tables (DMN 1.5 clause 8)."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from app.feel.dmn.hit_policies import (
    AGGREGATIONS,
    POLICIES,
    SEVERAL_RESULTS,
    Match,
    Outputs,
    aggregate,
    choose,
)
from app.feel.dmn.item_types import ItemType
from app.feel.dmn.reading import child, children, text_of
from app.feel.dmn.scope import START, Logic, Scope, Variables, fitted, null_logic
from app.feel.evaluation import Evaluation
from app.feel.expression import UnaryTests
from app.feel.notices import N_, NOT_ALLOWED
from app.feel.values.equality import same

_INPUT_VARIABLE = "{http://camunda.org/schema/1.0/dmn}inputVariable"


@dataclass(frozen=True)
class Input:
    """A column that is tested. variable: what its value is called in the cells besides `?` (Camunda 7), or nothing."""

    label: str
    logic: Logic
    type: ItemType
    allowed: UnaryTests | None
    variable: str = ""


@dataclass(frozen=True)
class Output:
    """A column that is returned; `values` are its allowed values in order of priority."""

    name: str
    type: ItemType
    allowed: UnaryTests | None
    values: Logic | None
    default: Logic | None


@dataclass(frozen=True)
class Rule:
    """A row: its id, the tests that matter with the index of their input, and the outputs."""

    id: str
    tests: tuple[tuple[int, UnaryTests], ...]
    outputs: tuple[Logic, ...]


@dataclass(frozen=True)
class DecisionTable:
    """A table that is ready to run."""

    policy: str
    aggregation: str | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...] = field(repr=False)

    def run(self, variables: Variables, evaluation: Evaluation) -> object:
        values = self._input_values(variables, evaluation)
        variables = self._with_columns(values or [], variables)
        matches = [] if values is None else self._matches(values, variables, evaluation)
        evaluation.rules = tuple(match.rule_id for match in matches)  # not those of tables asked on the way
        if not matches:
            return None if values is None else self._without_match(variables, evaluation)

        def priority(match: Match) -> tuple[int, ...]:
            return self._priority(match.outputs, variables, evaluation)

        if self.policy not in SEVERAL_RESULTS:
            chosen = choose(self.policy, matches, priority, evaluation)
            evaluation.rules = () if chosen is None else (chosen.rule_id,)
            return None if chosen is None else self._shaped(chosen.outputs)
        if self.policy == "OUTPUT ORDER":
            matches.sort(key=priority)
            evaluation.rules = tuple(match.rule_id for match in matches)
        results = [self._shaped(match.outputs) for match in matches]
        return results if self.aggregation is None else aggregate(self.aggregation, results, evaluation)

    def _input_values(self, variables: Variables, evaluation: Evaluation) -> list[object] | None:
        values: list[object] = []
        for column in self.inputs:
            value = fitted(column.logic(variables, evaluation), column.type, column.label, evaluation)
            if not self._is_allowed(column, value, variables, evaluation):
                evaluation.notice(NOT_ALLOWED, START, name=column.label)
                return None
            values.append(value)
        return values

    def _with_columns(self, values: list[object], variables: Variables) -> Variables:
        """The variables with the values of the columns that have a name for them."""
        named = {column.variable: value for column, value in zip(self.inputs, values, strict=False) if column.variable}
        return {**variables, **named} if named else variables

    def _matches(self, values: list[object], variables: Variables, evaluation: Evaluation) -> list[Match]:
        evaluation.tick(len(self.rules))
        matches: list[Match] = []
        for rule in self.rules:
            if all(tests.run(values[index], variables, evaluation) is True for index, tests in rule.tests):
                matches.append(Match(rule.id, self._rule_outputs(rule, variables, evaluation)))
                if self.policy == "FIRST":
                    break
        return matches

    def _rule_outputs(self, rule: Rule, variables: Variables, evaluation: Evaluation) -> Outputs:
        pairs = zip(self.outputs, rule.outputs, strict=True)
        return tuple(
            self._checked(column, logic(variables, evaluation), variables, evaluation) for column, logic in pairs
        )

    def _is_allowed(self, column: Input | Output, value: object, variables: Variables, evaluation: Evaluation) -> bool:
        """Null is in the domain of every type, so it needs no place among the allowed values."""
        if column.allowed is None or value is None:
            return True
        return column.allowed.run(value, variables, evaluation) is True

    def _checked(self, column: Output, value: object, variables: Variables, evaluation: Evaluation) -> object:
        result = fitted(value, column.type, column.name, evaluation)
        if self._is_allowed(column, result, variables, evaluation):
            return result
        evaluation.notice(NOT_ALLOWED, START, name=column.name)
        return None

    def _without_match(self, variables: Variables, evaluation: Evaluation) -> object:
        if any(column.default is not None for column in self.outputs):
            defaults = tuple(
                None if column.default is None else column.default(variables, evaluation) for column in self.outputs
            )
            shaped = self._shaped(defaults)
            return [shaped] if self.policy in SEVERAL_RESULTS and self.aggregation is None else shaped
        if self.aggregation == "COUNT":
            return aggregate("COUNT", [], evaluation)
        return [] if self.policy in SEVERAL_RESULTS and self.aggregation is None else None

    def _shaped(self, outputs: Outputs) -> object:
        """One output is itself, several are a context."""
        if len(outputs) == 1:
            return outputs[0]
        return {column.name: value for column, value in zip(self.outputs, outputs, strict=True)}

    def _priority(self, outputs: Outputs, variables: Variables, evaluation: Evaluation) -> tuple[int, ...]:
        """The places of the outputs among their columns' values; what is not there comes last."""
        places: list[int] = []
        for column, output in zip(self.outputs, outputs, strict=True):
            values = column.values(variables, evaluation) if column.values is not None else []
            ranked = values if isinstance(values, list) else [values]
            place = (index for index, value in enumerate(ranked) if same(value, output, evaluation.tick))
            places.append(next(place, len(ranked)))
        return tuple(places)


def build_table(element: etree._Element, scope: Scope) -> Logic:
    """The logic of a decision table."""
    table = read_table(element, scope)
    return null_logic if table is None else table.run


def read_table(element: etree._Element, scope: Scope) -> DecisionTable | None:
    """The table of a `decisionTable` element; None when it has problems."""
    found = len(scope.problems.found)
    written = element.get("hitPolicy", "UNIQUE")
    policy = POLICIES.get(written, written)
    aggregation = element.get("aggregation")
    if policy not in POLICIES.values():
        scope.problems.add(element, N_("There is no hit policy %(policy)s."), policy=written)
    if aggregation is not None and aggregation not in AGGREGATIONS:
        scope.problems.add(element, N_("There is no aggregation %(name)s."), name=aggregation)
    inputs = tuple(_input(item, scope) for item in children(element, "input"))
    outputs = tuple(_output(item, scope) for item in children(element, "output"))
    if aggregation and len(outputs) > 1:
        scope.problems.add(element, N_("An aggregation needs a table with one output."))
    cells = scope.with_names(column.variable for column in inputs if column.variable)
    rules = tuple(_rule(item, len(inputs), len(outputs), cells) for item in children(element, "rule"))
    if len(scope.problems.found) > found:
        return None
    used = aggregation if policy == "COLLECT" else None
    return DecisionTable(policy, used, inputs, outputs, rules)


def _input(element: etree._Element, scope: Scope) -> Input:
    expression = child(element, "inputExpression")
    if expression is None:
        scope.problems.add(element, N_("The input has no expression."))
        return Input("", null_logic, scope.type_of(None), None)
    label = (text_of(expression, "text") or "").strip()
    return Input(
        label,
        scope.logic(expression),
        scope.type_of(expression),
        _values_tests(element, "inputValues", scope),
        (element.get(_INPUT_VARIABLE) or "").strip(),
    )


def _values_text(element: etree._Element, tag: str) -> tuple[etree._Element, str] | None:
    holder = child(element, tag)
    text = None if holder is None else text_of(holder, "text")
    return (holder, text) if holder is not None and text and text.strip() else None


def _values_tests(element: etree._Element, tag: str, scope: Scope) -> UnaryTests | None:
    found = _values_text(element, tag)
    tests = None if found is None else scope.unary_tests(*found)
    return None if tests is None or tests.is_irrelevant else tests


def _output(element: etree._Element, scope: Scope) -> Output:
    allowed = _values_tests(element, "outputValues", scope)
    default = child(element, "defaultOutputEntry")
    return Output(
        element.get("name") or "",
        scope.type_of(element),
        allowed,
        _ordered_values(element, scope) if allowed is not None else None,
        None if default is None else scope.logic(default),
    )


def _ordered_values(element: etree._Element, scope: Scope) -> Logic | None:
    """The output values as a list, where they are expressions; comparisons have no order."""
    found = _values_text(element, "outputValues")
    if found is None:
        return None
    expression = scope.quiet_expression(f"[{found[1]}]")
    return None if expression is None else expression.run


def _rule(element: etree._Element, inputs: int, outputs: int, scope: Scope) -> Rule:
    entries = list(children(element, "inputEntry"))
    results = list(children(element, "outputEntry"))
    if len(entries) != inputs or len(results) != outputs:
        scope.problems.add(element, N_("The rule has not one entry for each column."))
    tests: list[tuple[int, UnaryTests]] = []
    for index, entry in enumerate(entries):
        text = text_of(entry, "text") or ""
        parsed = scope.unary_tests(entry, text) if text.strip() else None
        if parsed is not None and not parsed.is_irrelevant:
            tests.append((index, parsed))
    return Rule(element.get("id", ""), tuple(tests), tuple(_output_entry(result, scope) for result in results))


def _output_entry(element: etree._Element, scope: Scope) -> Logic:
    """An output entry that is left empty is null."""
    text = text_of(element, "text") or ""
    if not text.strip() or text.strip() == "-":
        return lambda _variables, _evaluation: None
    return scope.logic(element)
