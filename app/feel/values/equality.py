"""Equality (DMN 1.5 table 53): true, false, or None for values of different types."""

from __future__ import annotations

from collections.abc import Callable

from app.feel.values.callables import FeelFunction
from app.feel.values.moments import DateTime
from app.feel.values.ranges import Range
from app.feel.values.times import Time

Tick = Callable[[int], None]


def equal(left: object, right: object, tick: Tick) -> bool | None:
    """Compare two FEEL values; `tick` accounts for the elements visited."""
    if left is None or right is None:
        return left is right
    if isinstance(left, FeelFunction) and isinstance(right, FeelFunction):
        return left is right
    if type(left) is not type(right):
        return None
    if isinstance(left, (Time, DateTime)) and isinstance(right, (Time, DateTime)):
        return _moments_equal(left, right)
    if isinstance(left, list) and isinstance(right, list):
        return _lists_equal(left, right, tick)
    if isinstance(left, dict) and isinstance(right, dict):
        return _contexts_equal(left, right, tick)
    if isinstance(left, Range) and isinstance(right, Range):
        return _ranges_equal(left, right, tick)
    return left == right


def same(left: object, right: object, tick: Tick) -> bool:
    """Whether two values are equal, values of different types being merely unequal."""
    return equal(left, right, tick) is True


def _moments_equal(left: Time | DateTime, right: Time | DateTime) -> bool:
    """The same point in time; one with a zone never equals one without."""
    if (left.zone is None) != (right.zone is None):
        return False
    return left.universal_nanos == right.universal_nanos


def _lists_equal(left: list[object], right: list[object], tick: Tick) -> bool | None:
    if len(left) != len(right):
        return False
    tick(len(left))
    return all(same(one, other, tick) for one, other in zip(left, right, strict=True))


def _contexts_equal(left: dict[str, object], right: dict[str, object], tick: Tick) -> bool | None:
    if left.keys() != right.keys():
        return False
    tick(len(left))
    return all(same(value, right[name], tick) for name, value in left.items())


def _ranges_equal(left: Range, right: Range, tick: Tick) -> bool:
    return (
        left.start_included == right.start_included
        and left.end_included == right.end_included
        and same(left.start, right.start, tick)
        and same(left.end, right.end, tick)
    )
