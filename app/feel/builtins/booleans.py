"""Boolean functions (DMN 1.5 clauses 10.3.4.2 and 10.3.4.4)."""

from __future__ import annotations

from app.feel.builtins.registry import function, metered, pure
from app.feel.evaluation import Evaluation
from app.feel.values.equality import equal
from app.feel.values.moments import DateTime
from app.feel.values.times import Time


def _not(negand: object) -> bool | None:
    return not negand if isinstance(negand, bool) else None


def _is(evaluation: Evaluation, one: object, other: object) -> bool:
    """The same element of the same domain: equal points in time on different clocks are not."""
    if isinstance(one, DateTime) and isinstance(other, DateTime):
        return (one.local_nanos, one.offset) == (other.local_nanos, other.offset)
    if isinstance(one, Time) and isinstance(other, Time):
        return (one.nano_of_day, one.offset) == (other.nano_of_day, other.offset)
    return equal(one, other, evaluation.tick) is True


def _all(evaluation: Evaluation, items: list[object]) -> bool | None:
    evaluation.tick(len(items))
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


def _any(evaluation: Evaluation, items: list[object]) -> bool | None:
    evaluation.tick(len(items))
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


BOOLEAN_FUNCTIONS = (
    function("not", pure("negand: any?", _not)),
    function("is", metered("value1: any?, value2: any?", _is)),
    function("all", metered("list: list", _all), metered("b*: any?", _all)),
    function("any", metered("list: list", _any), metered("b*: any?", _any)),
)
