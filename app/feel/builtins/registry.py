"""How built-in functions are declared, and how arguments find their parameters.

A signature is written as in the standard, one parameter a comma: `string: string, start position:
number, length?: number`. A `?` after the name makes the parameter optional, a `*` takes all
arguments that are left, and a `?` after the type lets null in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.feel.evaluation import Evaluation
from app.feel.notices import WRONG_ARGUMENTS, Unanswerable
from app.feel.syntax.names import NameTable
from app.feel.values.arithmetic import midnight_of
from app.feel.values.callables import FeelFunction
from app.feel.values.dates import Date
from app.feel.values.durations import DaysDuration, MonthsDuration
from app.feel.values.kinds import kind_of
from app.feel.values.moments import DateTime
from app.feel.values.ranges import Range
from app.feel.values.times import Time

Implementation = Callable[..., object]
_MISSING = object()
_NO_FIT = object()

TYPES: Mapping[str, tuple[type, ...]] = {
    "any": (object,),
    "string": (str,),
    "number": (Decimal,),
    "boolean": (bool,),
    "list": (list,),
    "context": (dict,),
    "function": (FeelFunction,),
    "range": (Range,),
    "date": (Date,),
    "time": (Time,),
    "date and time": (DateTime,),
    "days and time duration": (DaysDuration,),
    "years and months duration": (MonthsDuration,),
    "duration": (DaysDuration, MonthsDuration),
    "date or date and time": (Date, DateTime),
    "temporal": (Date, DateTime, Time),
    "scalar": (str, Decimal, Date, Time, DateTime, DaysDuration, MonthsDuration),
    "point": (str, Decimal, Date, Time, DateTime, DaysDuration, MonthsDuration),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """What one argument must be."""

    name: str
    types: tuple[type, ...]
    is_optional: bool = False
    is_variadic: bool = False
    is_nullable: bool = False

    def accept(self, value: object) -> object:
        """The value as this parameter takes it, after the implicit conversions, or `_NO_FIT`."""
        if value is None:
            return None if self.is_nullable or self.is_optional else _NO_FIT
        if isinstance(value, self.types):
            return value
        if list in self.types:
            return [value]
        if isinstance(value, list) and len(value) == 1:
            return self.accept(value[0])
        if self.types == (DateTime,) and isinstance(value, Date):
            return midnight_of(value)
        return _NO_FIT


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function; a metered implementation is given the evaluation first."""

    parameters: tuple[Parameter, ...]
    implementation: Implementation
    is_metered: bool

    def run(self, evaluation: Evaluation, bound: list[object]) -> object:
        value = self.implementation(evaluation, *bound) if self.is_metered else self.implementation(*bound)
        return evaluation.checked_text(value) if type(value) is str else value

    def bind(self, arguments: Sequence[object]) -> list[object] | None:
        """The arguments as the implementation takes them; None when they do not fit."""
        if self.parameters and self.parameters[-1].is_variadic:
            return self._bind_variadic(arguments)
        if len(arguments) > len(self.parameters):
            return None
        bound: list[object] = []
        for index, parameter in enumerate(self.parameters):
            if index >= len(arguments):
                if not parameter.is_optional:
                    return None
                bound.append(None)
                continue
            value = parameter.accept(arguments[index])
            if value is _NO_FIT:
                return None
            bound.append(value)
        return bound

    def _bind_variadic(self, arguments: Sequence[object]) -> list[object] | None:
        *fixed, rest = self.parameters
        if len(arguments) < max(len(fixed), 1):
            return None
        bound = [parameter.accept(value) for parameter, value in zip(fixed, arguments, strict=False)]
        remaining = [rest.accept(value) for value in arguments[len(fixed) :]]
        if _NO_FIT in bound or any(value is _NO_FIT for value in remaining):
            return None
        return [*bound, remaining]

    def ordered(self, arguments: Mapping[str, object]) -> list[object] | None:
        """Named arguments in the order of the parameters; None when the names do not fit."""
        known = {parameter.name for parameter in self.parameters}
        if not known.issuperset(arguments):
            return None
        values: list[object] = []
        for parameter in self.parameters:
            value = arguments.get(parameter.name, _MISSING)
            if value is _MISSING:
                if not parameter.is_optional:
                    return None
                value = None
            if parameter.is_variadic and isinstance(value, list):
                values.extend(value)
            else:
                values.append(value)
        return values


class BuiltInFunction(FeelFunction):
    """A function of the standard; the first signature that fits is used."""

    __slots__ = ("signatures",)

    def __init__(self, name: str, signatures: tuple[Signature, ...]) -> None:
        self.name = name
        self.signatures = signatures

    def call(self, evaluation: Evaluation, arguments: Sequence[object]) -> object:
        for signature in self.signatures:
            bound = signature.bind(arguments)
            if bound is not None:
                return signature.run(evaluation, bound)
        raise self._refused(arguments)

    def call_named(self, evaluation: Evaluation, arguments: Mapping[str, object]) -> object:
        for signature in self.signatures:
            ordered = signature.ordered(arguments)
            bound = None if ordered is None else signature.bind(ordered)
            if bound is not None:
                return signature.run(evaluation, bound)
        raise self._refused(list(arguments.values()))

    def _refused(self, arguments: Sequence[object]) -> Unanswerable:
        types = ", ".join(map(kind_of, arguments))
        return Unanswerable(WRONG_ARGUMENTS, function=self.name, types=types)


def function(name: str, *signatures: Signature) -> BuiltInFunction:
    """Declare a built-in; of several signatures the first that fits is used."""
    return BuiltInFunction(name, signatures)


def pure(parameters: str, implementation: Implementation) -> Signature:
    """A signature whose implementation needs its arguments only."""
    return Signature(parse_parameters(parameters), implementation, is_metered=False)


def metered(parameters: str, implementation: Implementation) -> Signature:
    """A signature whose implementation uses the budget, the clock or the calendar."""
    return Signature(parse_parameters(parameters), implementation, is_metered=True)


def parse_parameters(text: str) -> tuple[Parameter, ...]:
    """Read the text of a signature."""
    return tuple(_parse_parameter(part) for part in text.split(",") if part)


def _parse_parameter(text: str) -> Parameter:
    name, _, type_ = (part.strip() for part in text.partition(":"))
    return Parameter(
        name=name.rstrip("?*"),
        types=TYPES[type_.rstrip("?")],
        is_optional=name.endswith("?"),
        is_variadic=name.endswith("*"),
        is_nullable=type_.endswith("?"),
    )


def table_of(*groups: Iterable[BuiltInFunction]) -> dict[str, FeelFunction]:
    """All built-ins by name; two of one name are a mistake of ours."""
    table: dict[str, FeelFunction] = {}
    for built_in in (member for group in groups for member in group):
        if built_in.name in table:
            raise ValueError(f"two built-in functions are called {built_in.name}")
        table[built_in.name] = built_in
    return table


def built_in_names(table: Mapping[str, FeelFunction]) -> NameTable:
    """The names of several words, for the parser."""
    return NameTable(table)
