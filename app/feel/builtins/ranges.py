"""How points and ranges lie to each other (DMN 1.5 clause 10.3.4.9, table 78)."""

from __future__ import annotations

from collections.abc import Callable

from app.feel.builtins.arguments import invalid
from app.feel.builtins.registry import BuiltInFunction, function, pure
from app.feel.values.ordering import compare
from app.feel.values.ranges import Range

Relation = Callable[[Range, Range], bool]


def _order(one: object, other: object) -> int:
    order = compare(one, other)
    if order is None:
        raise invalid("range", one if one is not None else other)
    return order


def _as_range(value: object) -> Range:
    return value if isinstance(value, Range) else Range(value, value, True, True)


def _order_of_bounds(one: object, other: object, beyond: int) -> int:
    """Compare two starts or two ends; a missing one lies `beyond` all others: -1 before, 1 after."""
    if one is None or other is None:
        return beyond * ((one is None) - (other is None))
    return _order(one, other)


def _order_of_starts(one: Range, other: Range) -> int:
    return _order_of_bounds(one.start, other.start, -1)


def _order_of_ends(one: Range, other: Range) -> int:
    return _order_of_bounds(one.end, other.end, 1)


def _starts_before(one: Range, other: Range) -> bool:
    """Whether `one` holds a point before all of `other`."""
    order = _order_of_starts(one, other)
    return order < 0 or (order == 0 and one.start_included and not other.start_included)


def _ends_before(one: Range, other: Range) -> bool:
    """Whether `other` holds a point after all of `one`."""
    order = _order_of_ends(one, other)
    return order < 0 or (order == 0 and other.end_included and not one.end_included)


def before(one: Range, other: Range) -> bool:
    """Whether all of `one` lies before all of `other`."""
    if one.end is None or other.start is None:
        return False
    order = _order(one.end, other.start)
    return order < 0 or (order == 0 and not (one.end_included and other.start_included))


def meets(one: Range, other: Range) -> bool:
    """Whether `other` begins with the point `one` ends with."""
    return one.end_included and other.start_included and _order(one.end, other.start) == 0


def overlaps(one: Range, other: Range) -> bool:
    """Whether the ranges have a point in common."""
    return not before(one, other) and not before(other, one)


def overlaps_before(one: Range, other: Range) -> bool:
    """Whether `one` overlaps the beginning of `other` and starts before it."""
    return overlaps(one, other) and _starts_before(one, other) and not _ends_before(other, one)


def finishes(one: Range, other: Range) -> bool:
    """Whether `one` is the last part of `other`."""
    return _order_of_ends(one, other) == 0 and one.end_included == other.end_included and not _starts_before(one, other)


def includes(one: Range, other: Range) -> bool:
    """Whether `one` holds all of `other`."""
    return not _starts_before(other, one) and not _ends_before(one, other)


def starts(one: Range, other: Range) -> bool:
    """Whether `one` is the first part of `other`."""
    return (
        _order_of_starts(one, other) == 0
        and one.start_included == other.start_included
        and not _ends_before(other, one)
    )


def coincides(one: Range, other: Range) -> bool:
    """Whether the ranges are the same."""
    return (
        _order_of_starts(one, other) == 0
        and _order_of_ends(one, other) == 0
        and one.start_included == other.start_included
        and one.end_included == other.end_included
    )


def _relation(name: str, relation: Relation, *kinds: str, is_swapped: bool = False) -> BuiltInFunction:
    """A function of two places; `kinds` are pairs of `point` and `range`."""

    def run(one: object, other: object) -> bool:
        first, second = _as_range(one), _as_range(other)
        return relation(second, first) if is_swapped else relation(first, second)

    return function(name, *(pure(signature, run) for signature in kinds))


_POINTS = "point1: point, point2: point"
_POINT_RANGE = "point: point, range: range"
_RANGE_POINT = "range: range, point: point"
_RANGES = "range1: range, range2: range"

RANGE_FUNCTIONS = (
    _relation("before", before, _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES),
    _relation("after", before, _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES, is_swapped=True),
    _relation("meets", meets, _RANGES),
    _relation("met by", meets, _RANGES, is_swapped=True),
    _relation("overlaps", overlaps, _RANGES),
    _relation("overlaps before", overlaps_before, _RANGES),
    _relation("overlaps after", overlaps_before, _RANGES, is_swapped=True),
    _relation("finishes", finishes, _POINT_RANGE, _RANGES),
    _relation("finished by", finishes, _RANGE_POINT, _RANGES, is_swapped=True),
    _relation("includes", includes, _RANGE_POINT, _RANGES),
    _relation("during", includes, _POINT_RANGE, _RANGES, is_swapped=True),
    _relation("starts", starts, _POINT_RANGE, _RANGES),
    _relation("started by", starts, _RANGE_POINT, _RANGES, is_swapped=True),
    _relation("coincides", coincides, _POINTS, _RANGES),
)
