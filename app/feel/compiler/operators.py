"""Arithmetic, comparisons, three-valued logic and `instance of`."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal, DivisionByZero, DivisionUndefined, InvalidOperation
from typing import Any

from app.feel.compiler.scope import Code, Scope
from app.feel.evaluation import Frame
from app.feel.notices import (
    DIVISION_BY_ZERO,
    NOT_COMPARABLE,
    OUT_OF_RANGE,
    TYPE_MISMATCH,
    Position,
)
from app.feel.syntax import nodes
from app.feel.types import is_instance
from app.feel.values.arithmetic import NEGATION, OPERATIONS, OperationTable
from app.feel.values.equality import equal
from app.feel.values.kinds import kind_of
from app.feel.values.ordering import compare

Order = Callable[[Any, Any], bool]

ORDERS: dict[str, Order] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SCALARS = (Decimal, str)


def compile_arithmetic(node: nodes.Arithmetic, scope: Scope) -> Code:
    """Operators of one precedence, from left to right."""
    code = scope.code(node.first)
    for symbol, operand, position in node.rest:
        code = _binary(symbol, code, scope.code(operand), position)
    return code


def _binary(symbol: str, left: Code, right: Code, position: Position) -> Code:
    table = OPERATIONS[symbol]
    direct = table[Decimal, Decimal]

    def apply(frame: Frame) -> object:
        one, other = left(frame), right(frame)
        if type(one) is Decimal and type(other) is Decimal:
            try:
                return frame.evaluation.checked_number(direct(one, other))
            except ArithmeticError as error:
                return _failed(frame, error, symbol, position)
        return _apply_slowly(frame, table, symbol, one, other, position)

    return apply


def _apply_slowly(
    frame: Frame,
    table: OperationTable,
    symbol: str,
    one: object,
    other: object,
    position: Position,
) -> object:
    operation = table.get((type(one), type(other)))
    if operation is None:
        types = f"{kind_of(one)}, {kind_of(other)}"
        frame.evaluation.notice(TYPE_MISMATCH, position, operation=symbol, types=types)
        return None
    try:
        result = operation(one, other)
    except ArithmeticError as error:
        return _failed(frame, error, symbol, position)
    if result is None:
        frame.evaluation.notice(OUT_OF_RANGE, position, function=symbol)
    elif type(result) is str:
        return frame.evaluation.checked_text(result)
    return result


def _failed(frame: Frame, error: ArithmeticError, symbol: str, position: Position) -> object:
    is_division = isinstance(error, (DivisionByZero, DivisionUndefined)) or symbol == "/"
    if is_division and isinstance(error, (DivisionByZero, InvalidOperation)):
        frame.evaluation.notice(DIVISION_BY_ZERO, position)
    else:
        frame.evaluation.notice(OUT_OF_RANGE, position, function=symbol)
    return None


def compile_negation(node: nodes.Negation, scope: Scope) -> Code:
    """`-a` for numbers and durations."""
    operand = scope.code(node.operand)

    def negate(frame: Frame) -> object:
        value = operand(frame)
        operation = NEGATION.get(type(value))
        if operation is not None:
            return operation(value)
        types = kind_of(value)
        frame.evaluation.notice(TYPE_MISMATCH, node.position, operation="-", types=types)
        return None

    return negate


def compile_comparison(node: nodes.Comparison, scope: Scope) -> Code:
    """`=`, `!=` and the four orders (tables 51 and 53)."""
    left, right = scope.codes(node.left, node.right)
    if node.operator in ORDERS:
        return _ordering(node.operator, left, right, node)
    return _equality(left, right, node, is_wanted=node.operator == "=")


def _equality(left: Code, right: Code, node: nodes.Comparison, *, is_wanted: bool) -> Code:
    constant = node.right.value if isinstance(node.right, nodes.Literal) else None
    if type(constant) in _SCALARS:
        return _equality_with(constant, left, node, is_wanted=is_wanted)

    def test(frame: Frame) -> object:
        return equality_of(frame, left(frame), right(frame), node.position, is_wanted)

    return test


def _equality_with(constant: object, left: Code, node: nodes.Comparison, *, is_wanted: bool) -> Code:
    expected = type(constant)

    def test(frame: Frame) -> object:
        value = left(frame)
        if type(value) is expected:
            return (value == constant) is is_wanted
        return equality_of(frame, value, constant, node.position, is_wanted)

    return test


def equality_of(frame: Frame, one: object, other: object, position: Position, is_wanted: bool) -> bool | None:
    """Equal or, when equality is not wanted, unequal; null for values of different types."""
    result = equal(one, other, frame.evaluation.tick)
    if result is None:
        _not_comparable(frame, one, other, position)
        return None
    return result is is_wanted


def _not_comparable(frame: Frame, one: object, other: object, position: Position) -> None:
    types = f"{kind_of(one)}, {kind_of(other)}"
    frame.evaluation.notice(NOT_COMPARABLE, position, types=types)


def _ordering(symbol: str, left: Code, right: Code, node: nodes.Comparison) -> Code:
    holds = ORDERS[symbol]

    def test(frame: Frame) -> object:
        one, other = left(frame), right(frame)
        if type(one) is Decimal and type(other) is Decimal:
            return holds(one, other)
        return order_of(frame, symbol, one, other, node.position)

    return test


def order_of(frame: Frame, symbol: str, one: object, other: object, position: Position) -> bool | None:
    """Whether `one symbol other`; null for values without a common order."""
    order = compare(one, other)
    if order is None:
        _not_comparable(frame, one, other, position)
        return None
    return ORDERS[symbol](order, 0)


def compile_between(node: nodes.Between, scope: Scope) -> Code:
    """`a between b and c`: both bounds included."""
    value, low, high = scope.codes(node.value, node.low, node.high)

    def test(frame: Frame) -> object:
        tested = value(frame)
        return conjunction(
            order_of(frame, ">=", tested, low(frame), node.position),
            order_of(frame, "<=", tested, high(frame), node.position),
        )

    return test


def conjunction(left: bool | None, right: bool | None) -> bool | None:
    """`and` of two values (table 50)."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def compile_junction(node: nodes.Junction, scope: Scope) -> Code:
    """Table 50: the deciding value wins over null, and anything that is not boolean is null."""
    operands = scope.codes(*node.operands)
    deciding = node.operator == "or"
    if len(operands) == 2:
        return _pair(operands[0], operands[1], deciding)

    def combine(frame: Frame) -> object:
        result: bool | None = not deciding
        for operand in operands:
            value = operand(frame)
            if value is deciding:
                return deciding
            if type(value) is not bool:
                result = None
        return result

    return combine


def _pair(left: Code, right: Code, deciding: bool) -> Code:
    neutral = not deciding

    def combine(frame: Frame) -> object:
        one = left(frame)
        if one is deciding:
            return deciding
        other = right(frame)
        if other is deciding:
            return deciding
        return neutral if one is neutral and other is neutral else None

    return combine


def compile_instance_of(node: nodes.InstanceOf, scope: Scope) -> Code:
    """`a instance of type`."""
    value = scope.code(node.value)
    return lambda frame: is_instance(value(frame), node.type)
