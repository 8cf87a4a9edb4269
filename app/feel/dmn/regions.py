"""The values a cell of a decision table lets through, as pieces of a line or as single values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cmp_to_key

from app.feel.builtins import BUILT_INS
from app.feel.compiler.dispatch import compile_node
from app.feel.compiler.scope import Scope
from app.feel.environment import Environment
from app.feel.errors import FeelSyntaxError
from app.feel.evaluation import Evaluation, Frame
from app.feel.syntax import nodes
from app.feel.syntax.names import NameTable
from app.feel.syntax.parser import Parser
from app.feel.values.ordering import compare
from app.feel.values.ranges import Range

_NAMES = NameTable(BUILT_INS)


@dataclass(frozen=True, slots=True)
class Region:
    """Ranges and single values; negated, everything but them."""

    ranges: tuple[Range, ...]
    values: tuple[object, ...]
    is_negated: bool = False

    def holds(self, value: object) -> bool:
        """Whether a sample value passes."""
        is_inside = any(_in(range_, value) for range_ in self.ranges) or any(
            type(value) is type(other) and value == other for other in self.values
        )
        return is_inside is not self.is_negated


EVERYTHING = Region((), (), is_negated=True)


def _in(range_: Range, value: object) -> bool:
    if isinstance(value, Between):
        return value.is_in(range_)
    start = 1 if range_.start is None else compare(value, range_.start)
    end = -1 if range_.end is None else compare(value, range_.end)
    if start is None or end is None:
        return False
    return (start > 0 or (start == 0 and range_.start_included)) and (end < 0 or (end == 0 and range_.end_included))


@dataclass(frozen=True, slots=True)
class Between:
    """Any value strictly between two neighbouring bounds; None is infinitely far away."""

    low: object
    high: object

    def is_in(self, range_: Range) -> bool:
        after = range_.start is None or (self.low is not None and (compare(self.low, range_.start) or 0) >= 0)
        before = range_.end is None or (self.high is not None and (compare(self.high, range_.end) or 0) <= 0)
        return after and before


@dataclass(frozen=True, slots=True)
class Other:
    """Any value of a type besides the named ones; without names simply any."""

    named: tuple[object, ...] = ()


def region_of(text: str, environment: Environment) -> Region | None:
    """What a cell lets through; None when that depends on more than the value itself."""
    try:
        tests = Parser(text, _NAMES).whole_tests()
    except FeelSyntaxError:
        return None
    if not tests.tests:
        return EVERYTHING
    ranges: list[Range] = []
    values: list[object] = []
    for test in tests.tests:
        piece = _piece(test, environment)
        if piece is None:
            return None
        if isinstance(piece, Range):
            ranges.append(piece)
        elif isinstance(piece, Region):
            if len(tests.tests) > 1 or tests.is_negated:
                return None
            return piece
        else:
            values.append(piece)
    return Region(tuple(ranges), tuple(values), tests.is_negated)


def _piece(test: nodes.Node, environment: Environment) -> object:
    if isinstance(test, nodes.ComparisonTest):
        return _comparison(test.operator, _constant(test.operand, environment))
    if isinstance(test, nodes.ExpressionTest) and not test.uses_input:
        value = _constant(test.expression, environment)
        return None if isinstance(value, list | dict) else value
    return None


def _comparison(operator: str, bound: object) -> object:
    if bound is None:
        return None
    if operator == "=":
        return bound
    if operator == "!=":
        return Region((), (bound,), is_negated=True)
    is_included = operator.endswith("=")
    if operator.startswith("<"):
        return Range(None, bound, False, is_included)
    return Range(bound, None, is_included, False)


def _constant(node: nodes.Node, environment: Environment) -> object:
    """The value of an expression that needs no variables, or None."""
    scope = Scope(compile_node, BUILT_INS, frozenset())
    code = scope.code(node)
    if scope.free_names:
        return None
    return code(Frame({}, [None] * scope.slot_count, Evaluation(environment)))


def samples_of(regions: list[Region]) -> list[object] | None:
    """One value for every piece the regions cut their column into; None when the types are mixed."""
    bounds: list[object] = []
    for region in regions:
        bounds += region.values
        bounds += [bound for range_ in region.ranges for bound in (range_.start, range_.end) if bound is not None]
    if not bounds:
        return [Other()]
    kinds = {type(bound) for bound in bounds}
    if len(kinds) > 1:
        return None
    if kinds == {bool}:
        return [True, False]
    if not any(region.ranges for region in regions):
        distinct = _distinct(bounds)
        return [*distinct, Other(tuple(distinct))]
    return _line(bounds)


def _distinct(values: list[object]) -> list[object]:
    distinct: list[object] = []
    for value in values:
        if value not in distinct:
            distinct.append(value)
    return distinct


def _line(bounds: list[object]) -> list[object] | None:
    if any(compare(bound, bounds[0]) is None for bound in bounds):
        return None
    ordered = sorted(_distinct(bounds), key=cmp_to_key(lambda one, other: compare(one, other) or 0))
    pieces: list[object] = [Between(None, ordered[0])]
    for low, high in zip(ordered, [*ordered[1:], None], strict=True):
        pieces += [low, Between(low, high)]
    return pieces
