"""Lists, contexts, ranges, and the paths and filters that reach into them."""

from __future__ import annotations

from decimal import Decimal

from app.feel.compiler.functions import UserFunction
from app.feel.compiler.scope import Code, Scope
from app.feel.evaluation import Frame
from app.feel.notices import NOT_COMPARABLE, UNKNOWN_PROPERTY
from app.feel.syntax import nodes
from app.feel.values.kinds import kind_of
from app.feel.values.ordering import compare
from app.feel.values.properties import PROPERTIES
from app.feel.values.ranges import Range


def compile_list(node: nodes.ListLiteral, scope: Scope) -> Code:
    """`[a, b]`."""
    items = scope.codes(*node.items)
    return lambda frame: [item(frame) for item in items]


def compile_context(node: nodes.ContextLiteral, scope: Scope) -> Code:
    """Each entry sees those before it; a function sees itself, so that it can be recursive."""
    entries: list[tuple[str, Code, int]] = []
    with scope.local():
        for name, value in node.entries:
            if isinstance(value, nodes.FunctionLiteral):
                slot = scope.bind(name)
                entries.append((name, scope.code(value), slot))
            else:
                code = scope.code(value)
                entries.append((name, code, scope.bind(name)))

    def build(frame: Frame) -> object:
        context: dict[str, object] = {}
        for name, code, slot in entries:
            value = code(frame)
            if type(value) is UserFunction:
                value.know_itself(name, slot)
            context[name] = frame.slots[slot] = value
        return context

    return build


def compile_range(node: nodes.RangeLiteral, scope: Scope) -> Code:
    """`[a..b]` and `(< b)`."""
    start = scope.code(node.start) if node.start is not None else None
    end = scope.code(node.end) if node.end is not None else None

    def build(frame: Frame) -> object:
        low = None if start is None else start(frame)
        high = None if end is None else end(frame)
        return checked_range(frame, node, low, high, is_bounded=start is not None and end is not None)

    return build


def checked_range(
    frame: Frame, node: nodes.RangeLiteral, low: object, high: object, *, is_bounded: bool
) -> Range | None:
    """Null for bounds that have no order, or a missing bound where one was written."""
    bounds = [bound for bound in (low, high) if bound is not None]
    is_ordered = all(compare(bound, bound) is not None for bound in bounds)
    if not bounds or not is_ordered or (is_bounded and len(bounds) == 2 and compare(*bounds) is None):
        types = ", ".join(map(kind_of, (low, high)))
        frame.evaluation.notice(NOT_COMPARABLE, node.position, types=types)
        return None
    return Range(low, high, node.start_included, node.end_included)


def compile_path(node: nodes.Path, scope: Scope) -> Code:
    """An entry or property, of each element when the source is a list (table 64)."""
    source = scope.code(node.source)

    def step(frame: Frame) -> object:
        value = source(frame)
        if type(value) is dict and node.name in value:
            return value[node.name]
        if type(value) is list:
            frame.evaluation.tick(len(value))
            return [_property(frame, item, node) for item in value]
        return _property(frame, value, node)

    return step


def _property(frame: Frame, value: object, node: nodes.Path) -> object:
    if value is None:
        return None
    if isinstance(value, dict):
        if node.name in value:
            return value[node.name]
    else:
        get = PROPERTIES.get(type(value), {}).get(node.name)
        if get is not None:
            result: object = get(value)
            return result
    params = {"name": node.name, "type": kind_of(value)}
    frame.evaluation.notice(UNKNOWN_PROPERTY, node.position, **params)
    return None


def compile_filter(node: nodes.Filter, scope: Scope) -> Code:
    """`source[condition]`: anything but a list is a list of one (clause 10.3.2.5)."""
    source = scope.code(node.source)
    with scope.local():
        item = scope.bind("item")
        element = scope.bind(None)
        condition = scope.code(node.condition)

    def select(frame: Frame) -> object:
        value = source(frame)
        items = value if type(value) is list else [] if value is None else [value]
        return _selected(frame, items, condition, element, item)

    return select


def _selected(frame: Frame, items: list[object], condition: Code, element: int, item: int) -> object:
    """The item at an index, or the items for which the condition is true."""
    slots = frame.slots
    selected: list[object] = []
    for index, candidate in enumerate(items or [None]):
        frame.evaluation.tick()
        slots[element] = slots[item] = candidate
        verdict = condition(frame)
        if index == 0 and isinstance(verdict, Decimal):
            return item_at(items, verdict)
        if verdict is True and items:
            selected.append(candidate)
    return selected


def item_at(items: list[object], index: Decimal) -> object:
    """Count from 1, or from the end with a negative index; null where there is nothing."""
    if index != index.to_integral_value() or not 0 < abs(index) <= len(items):
        return None
    place = int(index)
    return items[place - 1 if place > 0 else place]
