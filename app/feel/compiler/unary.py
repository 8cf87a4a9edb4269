"""Unary tests: input entries of decision tables and the right side of `in`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.feel.compiler.operators import ORDERS, equality_of, order_of
from app.feel.compiler.scope import Code, Scope, Test
from app.feel.evaluation import Frame
from app.feel.notices import NOT_COMPARABLE, Position
from app.feel.syntax import nodes
from app.feel.values.equality import equal, same
from app.feel.values.intervals import contains
from app.feel.values.kinds import kind_of
from app.feel.values.ranges import Range

INPUT = "?"


def compile_in(node: nodes.In, scope: Scope) -> Code:
    """`value in tests`."""
    value = scope.code(node.value)
    test = compile_tests(node.tests, scope)
    return lambda frame: test(frame, value(frame))


def compile_tests(node: nodes.Tests, scope: Scope) -> Test:
    """True when any test is; null when none is and one of them is null."""
    with scope.local():
        slot = scope.bind(INPUT) if _uses_input(node.tests) else None
        tests = [_compile_test(test, scope) for test in node.tests]
    if not tests:
        return lambda _frame, _value: True
    test = tests[0] if len(tests) == 1 else _any_of(tests)
    if slot is not None:
        test = _with_input(test, slot)
    return _negated(test) if node.is_negated else test


def _uses_input(tests: Sequence[nodes.Node]) -> bool:
    return any(isinstance(test, nodes.ExpressionTest) and test.uses_input for test in tests)


def _with_input(test: Test, slot: int) -> Test:
    def run(frame: Frame, value: object) -> bool | None:
        frame.slots[slot] = value
        return test(frame, value)

    return run


def _any_of(tests: list[Test]) -> Test:
    def run(frame: Frame, value: object) -> bool | None:
        outcome: bool | None = False
        for test in tests:
            verdict = test(frame, value)
            if verdict is True:
                return True
            if verdict is None:
                outcome = None
        return outcome

    return run


def _negated(test: Test) -> Test:
    def run(frame: Frame, value: object) -> bool | None:
        verdict = test(frame, value)
        return None if verdict is None else not verdict

    return run


def _compile_test(node: nodes.Node, scope: Scope) -> Test:
    if isinstance(node, nodes.ComparisonTest):
        return _comparison(node, scope)
    if not isinstance(node, nodes.ExpressionTest):
        raise TypeError(f"{type(node).__name__} is not a unary test")
    if isinstance(node.expression, nodes.Literal):
        return _constant(node.expression.value, node.position)
    expression = scope.code(node.expression)
    if node.uses_input:
        return lambda frame, value: _as_verdict(frame, expression(frame), value, node.position)
    return lambda frame, value: is_met(frame, expression(frame), value, node.position)


def _constant(constant: object, position: Position) -> Test:
    expected = type(constant)

    def run(frame: Frame, value: object) -> bool | None:
        if type(value) is expected:
            return value == constant
        return equality_of(frame, value, constant, position, True)

    return run


def _comparison(node: nodes.ComparisonTest, scope: Scope) -> Test:
    operand = scope.code(node.operand)
    symbol, position = node.operator, node.position
    if symbol in ("=", "!="):
        is_wanted = symbol == "="
        return lambda frame, value: equality_of(frame, value, operand(frame), position, is_wanted)
    holds = ORDERS[symbol]

    def run(frame: Frame, value: object) -> bool | None:
        bound = operand(frame)
        if type(value) is Decimal and type(bound) is Decimal:
            return holds(value, bound)
        return order_of(frame, symbol, value, bound, position)

    return run


def _as_verdict(frame: Frame, result: object, value: object, position: Position) -> bool | None:
    """An expression about `?` decides by itself when it is boolean, or has no answer when it is null."""
    if result is None or isinstance(result, bool):
        return result
    return is_met(frame, result, value, position)


def is_met(frame: Frame, result: object, value: object, position: Position) -> bool | None:
    """Whether a value equals a test's result, or is in it (DMN 1.5 table 55, `in`)."""
    tick = frame.evaluation.tick
    if isinstance(result, Range) and not isinstance(value, Range):
        return contains(result, value)
    if isinstance(result, list):
        return _is_in_list(frame, result, value)
    if isinstance(result, bool) and value is not None and not isinstance(value, bool):
        return result
    verdict = equal(value, result, tick)
    if verdict is None:
        types = f"{kind_of(value)}, {kind_of(result)}"
        frame.evaluation.notice(NOT_COMPARABLE, position, types=types)
    return verdict


def _is_in_list(frame: Frame, items: list[object], value: object) -> bool:
    """A list holds a value that equals one of its elements, lies in one, or equals all of it."""
    tick = frame.evaluation.tick
    tick(len(items))
    if isinstance(value, list) and same(value, items, tick):
        return True
    for item in items:
        if same(value, item, tick):
            return True
        if isinstance(item, Range) and contains(item, value) is True:
            return True
        if isinstance(item, list) and not isinstance(value, list) and _is_in_list(frame, item, value):
            return True
    return False
