"""The types of FEEL (DMN 1.5 clause 10.3.2.7): conformance of types and of values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.feel.values.callables import FeelFunction
from app.feel.values.kinds import kind_of
from app.feel.values.ranges import Range


@dataclass(frozen=True, slots=True)
class FeelType:
    """A built-in type by its name, such as `number`; `Any` holds every value, `Null` only null."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ListType(FeelType):
    """`list<element>`."""

    element: FeelType
    name: str = field(default="list", init=False)

    def __str__(self) -> str:
        return f"list<{self.element}>"


@dataclass(frozen=True, slots=True)
class RangeType(FeelType):
    """`range<element>`."""

    element: FeelType
    name: str = field(default="range", init=False)

    def __str__(self) -> str:
        return f"range<{self.element}>"


@dataclass(frozen=True, slots=True)
class ContextType(FeelType):
    """A context with at least these entries."""

    entries: tuple[tuple[str, FeelType], ...]
    name: str = field(default="context", init=False)

    def __str__(self) -> str:
        return f"context<{', '.join(f'{name}: {type_}' for name, type_ in self.entries)}>"


@dataclass(frozen=True, slots=True)
class FunctionType(FeelType):
    """`parameters` is None where any function will do."""

    parameters: tuple[FeelType, ...] | None
    result: FeelType
    name: str = field(default="function", init=False)

    def __str__(self) -> str:
        parameters = ", ".join(map(str, self.parameters or ()))
        return f"function<{parameters}> -> {self.result}"


ANY = FeelType("Any")
NULL = FeelType("Null")
BOOLEAN = FeelType("boolean")
NUMBER = FeelType("number")
STRING = FeelType("string")
DATE = FeelType("date")
TIME = FeelType("time")
DATE_TIME = FeelType("date and time")
DAYS = FeelType("days and time duration")
MONTHS = FeelType("years and months duration")
LIST = ListType(ANY)
CONTEXT = ContextType(())
RANGE = RangeType(ANY)
FUNCTION = FunctionType(None, ANY)

BUILT_IN_TYPES: Mapping[str, FeelType] = {
    type_.name: type_ for type_ in (ANY, NULL, BOOLEAN, NUMBER, STRING, DATE, TIME, DATE_TIME, DAYS, MONTHS)
} | {
    "list": LIST,
    "context": CONTEXT,
    "range": RANGE,
    "function": FUNCTION,
    "null": NULL,
    "dateTime": DATE_TIME,
    "dayTimeDuration": DAYS,
    "yearMonthDuration": MONTHS,
}
TYPE_OF_KIND: Mapping[str, FeelType] = {
    "null": NULL,
    **{type_.name: type_ for type_ in (BOOLEAN, NUMBER, STRING, DATE, TIME, DATE_TIME, DAYS, MONTHS)},
}


def is_instance(value: object, type_: FeelType) -> bool:
    """Whether a value is in the domain of a type; null is an instance of `Null` only."""
    if type_ == ANY:
        return value is not None
    if isinstance(value, list):
        return isinstance(type_, ListType) and all(_may_be(item, type_.element) for item in value)
    if isinstance(value, dict):
        return isinstance(type_, ContextType) and all(
            name in value and _may_be(value[name], entry) for name, entry in type_.entries
        )
    if isinstance(value, Range):
        bounds = (value.start, value.end)
        return isinstance(type_, RangeType) and all(_may_be(bound, type_.element) for bound in bounds)
    if isinstance(value, FeelFunction):
        return isinstance(type_, FunctionType) and conforms(type_of_function(value), type_)
    return TYPE_OF_KIND[kind_of(value)] == type_


def _may_be(value: object, type_: FeelType) -> bool:
    return value is None or is_instance(value, type_)


def type_of_function(function: FeelFunction) -> FunctionType:
    """The type a function declares, or that of any function."""
    declared = getattr(function, "type", None)
    return declared if isinstance(declared, FunctionType) else FUNCTION


def conforms(type_: FeelType, target: FeelType) -> bool:
    """Whether every value of `type_` can stand where `target` is wanted (clause 10.3.2.9.1)."""
    if target == ANY or type_ in (target, NULL):
        return True
    if isinstance(type_, ListType) and isinstance(target, ListType):
        return conforms(type_.element, target.element)
    if isinstance(type_, RangeType) and isinstance(target, RangeType):
        return conforms(type_.element, target.element)
    if isinstance(type_, ContextType) and isinstance(target, ContextType):
        entries = dict(type_.entries)
        return all(name in entries and conforms(entries[name], entry) for name, entry in target.entries)
    if isinstance(type_, FunctionType) and isinstance(target, FunctionType):
        return _function_conforms(type_, target)
    return False


def _function_conforms(type_: FunctionType, target: FunctionType) -> bool:
    if target.parameters is None:
        return True
    if type_.parameters is None or len(type_.parameters) != len(target.parameters):
        return False
    pairs = zip(target.parameters, type_.parameters, strict=True)
    return conforms(type_.result, target.result) and all(conforms(wanted, given) for wanted, given in pairs)
