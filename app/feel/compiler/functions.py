"""Functions that expressions define, and calls of any function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.feel.coercion import coerce
from app.feel.compiler.inference import type_of_function_literal
from app.feel.compiler.scope import Code, Scope
from app.feel.evaluation import Evaluation, Frame
from app.feel.notices import (
    NOT_A_FUNCTION,
    NOT_SUPPORTED,
    WRONG_ARGUMENTS,
    Position,
    Unanswerable,
)
from app.feel.syntax import nodes
from app.feel.types import FunctionType
from app.feel.values.callables import FeelFunction
from app.feel.values.dates import parse_date
from app.feel.values.durations import parse_duration
from app.feel.values.kinds import kind_of
from app.feel.values.moments import parse_date_time
from app.feel.values.times import parse_time

MOMENTS: Mapping[str, Callable[[str], object]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "duration": parse_duration,
}


class UserFunction(FeelFunction):
    """A function with the values its body sees (DMN 1.5 clause 10.3.2.13.2)."""

    __slots__ = ("_body", "_parameters", "_places", "_slots", "_variables", "type")

    def __init__(
        self,
        node: nodes.FunctionLiteral,
        type_: FunctionType,
        places: tuple[int, ...],
        body: Code,
        frame: Frame,
    ) -> None:
        self.name = ""
        self.type = type_
        self._parameters = node.parameters
        self._places = places
        self._body = body
        self._slots = frame.slots.copy()
        self._variables = frame.variables

    @property
    def parameter_names(self) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in self._parameters)

    def know_itself(self, name: str, slot: int) -> None:
        """Called once, by the context whose entry the function is."""
        if not self.name:
            self.name = name
            self._slots[slot] = self

    def call(self, evaluation: Evaluation, arguments: Sequence[object]) -> object:
        if len(arguments) != len(self._parameters):
            raise self._refused(arguments)
        slots = self._slots.copy()
        for parameter, place, argument in zip(self._parameters, self._places, arguments, strict=True):
            slots[place] = argument if parameter.type is None else coerce(argument, parameter.type)[1]
        evaluation.enter()
        result = self._body(Frame(self._variables, slots, evaluation))
        evaluation.leave()
        return result

    def call_named(self, evaluation: Evaluation, arguments: Mapping[str, object]) -> object:
        if set(arguments) != set(self.parameter_names):
            raise self._refused(list(arguments.values()))
        return self.call(evaluation, [arguments[name] for name in self.parameter_names])

    def _refused(self, arguments: Sequence[object]) -> Unanswerable:
        types = ", ".join(map(kind_of, arguments))
        return Unanswerable(WRONG_ARGUMENTS, function=self.name or "function", types=types)


def compile_function(node: nodes.FunctionLiteral, scope: Scope) -> Code:
    """A function literal; it keeps the values of the names around it."""
    if node.body is None:
        return _external(node)
    with scope.local():
        places = tuple(scope.bind(parameter.name) for parameter in node.parameters)
        body = scope.code(node.body)
    type_ = type_of_function_literal(node)
    return lambda frame: UserFunction(node, type_, places, body, frame)


def _external(node: nodes.FunctionLiteral) -> Code:
    def refuse(frame: Frame) -> object:
        frame.evaluation.notice(NOT_SUPPORTED, node.position, feature="external")
        return None

    return refuse


def compile_call(node: nodes.Call, scope: Scope) -> Code:
    """A call with positional or named arguments."""
    function = _called(node.function, scope)
    arguments = scope.codes(*node.arguments)
    names = node.names
    constant = _constant_moment(node, scope)
    if constant is not None:
        return lambda _frame: constant

    def call(frame: Frame) -> object:
        called = function(frame)
        values = [argument(frame) for argument in arguments]
        if not isinstance(called, FeelFunction):
            frame.evaluation.notice(NOT_A_FUNCTION, node.position, type=kind_of(called))
            return None
        return call_function(frame.evaluation, called, values, names, node.position)

    return call


def _constant_moment(node: nodes.Call, scope: Scope) -> object:
    """The date, time or duration that a call such as `date("2026-03-14")` always makes, or None."""
    if not isinstance(node.function, nodes.Name) or node.names is not None or len(node.arguments) != 1:
        return None
    argument = node.arguments[0]
    read = MOMENTS.get(node.function.name)
    built_in = scope.built_ins.get(node.function.name)
    if read is None or built_in is None or not _is_certainly(built_in, scope):
        return None
    return read(argument.value) if isinstance(argument, nodes.Literal) and isinstance(argument.value, str) else None


def _called(node: nodes.Node, scope: Scope) -> Code:
    """The function to call: data that is called like a built-in function does not hide it."""
    code = scope.code(node)
    built_in = scope.built_ins.get(node.name) if isinstance(node, nodes.Name) else None
    if built_in is None:
        return code
    if _is_certainly(built_in, scope):
        return lambda _frame: built_in

    def find(frame: Frame) -> object:
        value = code(frame)
        return value if isinstance(value, FeelFunction) else built_in

    return find


def _is_certainly(built_in: FeelFunction, scope: Scope) -> bool:
    elements, slot = scope.resolve(built_in.name)
    return slot is None and not elements and built_in.name not in scope.declared


def call_function(
    evaluation: Evaluation,
    function: FeelFunction,
    values: Sequence[object],
    names: tuple[str, ...] | None,
    position: Position,
) -> object:
    """Call any function; a call that has no result is null with a notice."""
    try:
        if names is None:
            return function.call(evaluation, values)
        return function.call_named(evaluation, dict(zip(names, values, strict=True)))
    except Unanswerable as problem:
        evaluation.notice(problem.code, position, **problem.params)
        return None
