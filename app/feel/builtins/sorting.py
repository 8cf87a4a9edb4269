"""The function `sort` (DMN 1.5 clause 10.3.4.8)."""

from __future__ import annotations

from functools import cmp_to_key

from app.feel.builtins.arguments import invalid
from app.feel.builtins.registry import function, metered
from app.feel.evaluation import Evaluation
from app.feel.values.callables import FeelFunction
from app.feel.values.ordering import compare


def _sort(evaluation: Evaluation, items: list[object], precedes: FeelFunction | None) -> list[object]:
    """A stable sort; `precedes(a, b)` says whether a comes before b."""

    def order(one: object, other: object) -> int:
        evaluation.tick()
        if precedes is None:
            natural = compare(one, other)
            if natural is None:
                raise invalid("sort", items)
            return natural
        if _holds(evaluation, precedes, one, other):
            return -1
        return 1 if _holds(evaluation, precedes, other, one) else 0

    return sorted(items, key=cmp_to_key(order))


def _holds(evaluation: Evaluation, precedes: FeelFunction, one: object, other: object) -> bool:
    verdict = precedes.call(evaluation, [one, other])
    if not isinstance(verdict, bool):
        raise invalid("sort", verdict)
    return verdict


SORT_FUNCTIONS = (function("sort", metered("list: list, precedes?: function", _sort)),)
