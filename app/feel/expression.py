"""Compiled expressions and unary tests: parse once, evaluate often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from app.feel.builtins import BUILT_INS
from app.feel.builtins.registry import built_in_names
from app.feel.compiler.dispatch import compile_node
from app.feel.compiler.scope import Code, Scope, Test
from app.feel.compiler.unary import compile_tests
from app.feel.environment import Environment
from app.feel.errors import BudgetExceeded, FeelSyntaxError
from app.feel.evaluation import Evaluation, Frame
from app.feel.notices import N_, Notice
from app.feel.syntax.names import NameTable, shared_table
from app.feel.syntax.parser import Parser
from app.feel.types import FeelType

CACHE_SIZE = 4096
_BUILT_IN_NAMES = built_in_names(BUILT_INS)


class Result(NamedTuple):
    """The value of an expression, and why parts of it are null.

    `rules` are the ids of those that counted in the decision table asked last.
    """

    value: object
    warnings: tuple[Notice, ...]
    rules: tuple[str, ...] = ()


class Expression:
    """An expression that is ready to be evaluated, in any thread, any number of times.

    `free_names` are the names it expects from outside: neither built in nor bound inside it.
    """

    __slots__ = ("_code", "_slot_count", "free_names", "text")

    def __init__(self, text: str, code: Code, scope: Scope) -> None:
        self.text = text
        self.free_names = frozenset(scope.free_names)
        self._code = code
        self._slot_count = scope.slot_count

    def evaluate(self, variables: Mapping[str, object], environment: Environment) -> Result:
        """Evaluate with FEEL values as variables; raises nothing but `BudgetExceeded`."""
        evaluation = Evaluation(environment)
        value = self.run(variables, evaluation)
        return Result(value, tuple(evaluation.notices))

    def run(self, variables: Mapping[str, object], evaluation: Evaluation) -> object:
        """Evaluate as a part of a larger evaluation, on its budget."""
        frame = Frame(variables, [None] * self._slot_count, evaluation)
        try:
            value = self._code(frame)
        except RecursionError as error:
            raise BudgetExceeded("depth", evaluation.budget.depth) from error
        if type(value) in _CONTAINERS:
            evaluation.check_whole_size(value)
        return value


class UnaryTests:
    """An input entry of a decision table: tests for one value."""

    __slots__ = ("_slot_count", "_test", "free_names", "is_irrelevant", "text")

    def __init__(self, text: str, test: Test, scope: Scope, *, is_irrelevant: bool) -> None:
        self.text = text
        self.free_names = frozenset(scope.free_names)
        self.is_irrelevant = is_irrelevant
        self._test = test
        self._slot_count = scope.slot_count

    def evaluate(self, value: object, variables: Mapping[str, object], environment: Environment) -> Result:
        """Whether a FEEL value passes: true, false or null."""
        evaluation = Evaluation(environment)
        return Result(self.run(value, variables, evaluation), tuple(evaluation.notices))

    def run(self, value: object, variables: Mapping[str, object], evaluation: Evaluation) -> bool | None:
        """Test as a part of a larger evaluation, on its budget."""
        frame = Frame(variables, [None] * self._slot_count, evaluation)
        try:
            return self._test(frame, value)
        except RecursionError as error:
            raise BudgetExceeded("depth", evaluation.budget.depth) from error


_CONTAINERS = frozenset([list, dict])


def compile_expression(text: str, names: Iterable[str] = ()) -> Expression:
    """Parse and compile an expression; the result is cached by text and names.

    names: the names in scope; those with blanks or operators can only be read when they are given.
    Raises `FeelSyntaxError`.
    """
    return _cached_expression(text, frozenset(names))


def compile_unary_tests(text: str, names: Iterable[str] = ()) -> UnaryTests:
    """Parse and compile the tests of one table cell; cached and raising as `compile_expression`."""
    return _cached_unary_tests(text, frozenset(names))


@lru_cache(maxsize=CACHE_SIZE)
def _cached_expression(text: str, names: frozenset[str]) -> Expression:
    return build_expression(text, names)


@lru_cache(maxsize=CACHE_SIZE)
def _cached_unary_tests(text: str, names: frozenset[str]) -> UnaryTests:
    return build_unary_tests(text, names)


def build_expression(
    text: str,
    names: frozenset[str] = frozenset(),
    properties: tuple[str, ...] = (),
    types: Mapping[str, FeelType] | None = None,
    tables: tuple[NameTable, ...] | None = None,
) -> Expression:
    """Compile without the cache, with names of entries and of types known as well; tables: of the names, if made."""
    parser = Parser(text, _BUILT_IN_NAMES, tables or (shared_table(names),), properties, types)
    scope = Scope(compile_node, BUILT_INS, names)
    try:
        code = scope.code(parser.whole_expression())
    except RecursionError as error:
        raise FeelSyntaxError(N_("The expression is nested too deeply."), 1, 1) from error
    return Expression(text, code, scope)


def build_unary_tests(
    text: str,
    names: frozenset[str] = frozenset(),
    properties: tuple[str, ...] = (),
    types: Mapping[str, FeelType] | None = None,
    tables: tuple[NameTable, ...] | None = None,
) -> UnaryTests:
    """Compile without the cache, with names of entries and of types known as well; tables: of the names, if made."""
    parser = Parser(text, _BUILT_IN_NAMES, tables or (shared_table(names),), properties, types)
    scope = Scope(compile_node, BUILT_INS, names)
    try:
        tree = parser.whole_tests()
        test = compile_tests(tree, scope)
    except RecursionError as error:
        raise FeelSyntaxError(N_("The expression is nested too deeply."), 1, 1) from error
    return UnaryTests(text, test, scope, is_irrelevant=not tree.tests)
