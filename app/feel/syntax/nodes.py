"""The tree of an expression; every node knows its position in the text."""

from __future__ import annotations

from dataclasses import dataclass

from app.feel.notices import Position
from app.feel.types import FeelType


@dataclass(frozen=True, slots=True)
class Node:
    """What all nodes have."""

    position: Position


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, string, boolean or null."""

    value: object


@dataclass(frozen=True, slots=True)
class AtLiteral(Node):
    """`@"..."`: a date, time, date and time or duration."""

    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, local name or built-in function."""

    name: str


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """`{a: 1, b: a}`."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """`start` or `end` is None where the range has no bound."""

    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`source.name`."""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`source[condition]`."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function call; `names` is None for positional arguments."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class If(Node):
    """`branches` are conditions with their results, `else if` being one more of them."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator:
    """`name in domain`, or `name in domain..end` where `end` is not None."""

    name: str
    domain: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for ... return result`."""

    iterators: tuple[Iterator, ...]
    result: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some` or `every`."""

    is_every: bool
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function literal."""

    name: str
    type: FeelType | None


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    """`body` is None for an external function, which is never run."""

    parameters: tuple[Parameter, ...]
    body: Node | None


@dataclass(frozen=True, slots=True)
class Junction(Node):
    """`and` or `or` of two or more operands."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """Operators of one precedence, applied from the left: first, then (operator, operand)..."""

    first: Node
    rest: tuple[tuple[str, Node, Position], ...]


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`left = right` and the other five."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: FeelType


@dataclass(frozen=True, slots=True)
class ComparisonTest(Node):
    """A unary test such as `< 5`."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class ExpressionTest(Node):
    """A unary test that is any expression, with `?` for the tested value."""

    expression: Node
    uses_input: bool


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """A list of unary tests; without any, `-`: everything passes."""

    tests: tuple[Node, ...]
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in tests`."""

    value: Node
    tests: Tests
