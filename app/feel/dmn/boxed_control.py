"""Boxed conditionals, filters and iterators (DMN 1.4 and later)."""

from __future__ import annotations

from decimal import Decimal

from lxml import etree

from app.feel.compiler.collections import item_at
from app.feel.compiler.control import elements_of
from app.feel.dmn.boxed import logic_inside
from app.feel.dmn.reading import child
from app.feel.dmn.scope import START, Logic, Scope, Variables, null_logic
from app.feel.evaluation import Evaluation
from app.feel.notices import N_, TYPE_MISMATCH
from app.feel.values.kinds import kind_of


def _part(element: etree._Element, tag: str, scope: Scope) -> Logic:
    part = child(element, tag)
    if part is None:
        scope.problems.add(element, N_("“%(part)s” is missing."), part=tag)
        return null_logic
    return logic_inside(part, scope)


def build_conditional(element: etree._Element, scope: Scope) -> Logic:
    """A condition that is not true chooses `else`."""
    condition, chosen, otherwise = (_part(element, tag, scope) for tag in ("if", "then", "else"))

    def run(variables: Variables, evaluation: Evaluation) -> object:
        is_met = condition(variables, evaluation) is True
        return chosen(variables, evaluation) if is_met else otherwise(variables, evaluation)

    return run


def build_filter(element: etree._Element, scope: Scope) -> Logic:
    """The elements for which `match` is true, or the one at an index."""
    source = _part(element, "in", scope)
    match = _part(element, "match", scope.with_names(["item", *scope.properties]))

    def run(variables: Variables, evaluation: Evaluation) -> object:
        value = source(variables, evaluation)
        items = value if isinstance(value, list) else [] if value is None else [value]
        selected: list[object] = []
        for index, item in enumerate(items):
            evaluation.tick()
            entries = item if isinstance(item, dict) else {}
            verdict = match({**variables, "item": item, **entries}, evaluation)
            if index == 0 and isinstance(verdict, Decimal):
                return item_at(items, verdict)
            if verdict is True:
                selected.append(item)
        return selected

    return run


def _domain(source: Logic, variables: Variables, evaluation: Evaluation) -> list[object] | None:
    value = source(variables, evaluation)
    elements = elements_of(value)
    if elements is None:
        evaluation.notice(TYPE_MISMATCH, START, operation="in", types=kind_of(value))
        return None
    taken: list[object] = []
    for element in elements:
        evaluation.tick()
        taken.append(element)
    return taken


def build_for(element: etree._Element, scope: Scope) -> Logic:
    """The results of all rounds as a list."""
    name = element.get("iteratorVariable", "")
    source = _part(element, "in", scope)
    result = _part(element, "return", scope.with_names([name, "partial"]))

    def run(variables: Variables, evaluation: Evaluation) -> object:
        domain = _domain(source, variables, evaluation)
        if domain is None:
            return None
        results: list[object] = []
        for value in domain:
            evaluation.tick(len(results) // 16)
            results.append(result({**variables, name: value, "partial": results.copy()}, evaluation))
        return results

    return run


def build_quantified(element: etree._Element, scope: Scope, *, is_every: bool) -> Logic:
    """`some` is an `or`, `every` an `and` over all rounds."""
    name = element.get("iteratorVariable", "")
    source = _part(element, "in", scope)
    condition = _part(element, "satisfies", scope.with_names([name]))
    deciding = not is_every

    def run(variables: Variables, evaluation: Evaluation) -> object:
        outcome: bool | None = is_every
        domain = _domain(source, variables, evaluation)
        if domain is None:
            return None
        for value in domain:
            verdict = condition({**variables, name: value}, evaluation)
            if verdict is deciding:
                return deciding
            if not isinstance(verdict, bool):
                outcome = None
        return outcome

    return run


def build_some(element: etree._Element, scope: Scope) -> Logic:
    """Whether the condition is true in one round."""
    return build_quantified(element, scope, is_every=False)


def build_every(element: etree._Element, scope: Scope) -> Logic:
    """Whether the condition is true in all rounds."""
    return build_quantified(element, scope, is_every=True)
