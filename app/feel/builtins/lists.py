"""List functions that build or search lists (DMN 1.5 clause 10.3.4.4)."""

from __future__ import annotations

from decimal import Decimal

from app.feel.builtins.arguments import invalid, whole
from app.feel.builtins.registry import function, metered, pure
from app.feel.evaluation import Evaluation
from app.feel.values.callables import FeelFunction
from app.feel.values.equality import same

Items = list[object]


def _list_contains(evaluation: Evaluation, items: Items, element: object) -> bool:
    evaluation.tick(len(items))
    return any(same(item, element, evaluation.tick) for item in items)


def _count(items: Items) -> Decimal:
    return Decimal(len(items))


def _place(name: str, items: Items, position: Decimal, *, extra: int = 0) -> int:
    """The index that a position names, counting from 1 or from the end."""
    number = whole(name, position)
    if number != position or number == 0 or abs(number) > len(items) + (extra if number > 0 else 0):
        raise invalid(name, position)
    return number - 1 if number > 0 else len(items) + number


def _sublist(items: Items, start: Decimal, length: Decimal | None) -> Items:
    first = _place("sublist", items, start)
    if length is None:
        return items[first:]
    last = first + whole("sublist", length)
    if length < 0 or last > len(items):
        raise invalid("sublist", length)
    return items[first:last]


def _append(evaluation: Evaluation, items: Items, added: Items) -> Items:
    return evaluation.checked_size(items + added)


def _concatenate(evaluation: Evaluation, lists: list[Items]) -> Items:
    evaluation.tick(sum(map(len, lists)))
    return evaluation.checked_size([item for items in lists for item in items])


def _insert_before(evaluation: Evaluation, items: Items, position: Decimal, new: object) -> Items:
    place = _place("insert before", items, position, extra=1)
    return evaluation.checked_size([*items[:place], new, *items[place:]])


def _remove(items: Items, position: Decimal) -> Items:
    place = _place("remove", items, position)
    return items[:place] + items[place + 1 :]


def _replace_at(items: Items, position: Decimal, new: object) -> Items:
    place = _place("list replace", items, position)
    return [*items[:place], new, *items[place + 1 :]]


def _replace_matching(evaluation: Evaluation, items: Items, match: FeelFunction, new: object) -> Items:
    """Replace each element for which `match(element, new)` is true."""
    replaced: Items = []
    for item in items:
        evaluation.tick()
        verdict = match.call(evaluation, [item, new])
        if not isinstance(verdict, bool):
            raise invalid("list replace", verdict)
        replaced.append(new if verdict else item)
    return replaced


def _reverse(items: Items) -> Items:
    return items[::-1]


def _index_of(evaluation: Evaluation, items: Items, match: object) -> Items:
    evaluation.tick(len(items))
    return [Decimal(index) for index, item in enumerate(items, start=1) if same(item, match, evaluation.tick)]


def _distinct_values(evaluation: Evaluation, items: Items) -> Items:
    """The first of each group of equal values, in order."""
    distinct: Items = []
    for item in items:
        evaluation.tick(1 + len(distinct) // 16)
        if not any(same(item, other, evaluation.tick) for other in distinct):
            distinct.append(item)
    return distinct


def _union(evaluation: Evaluation, lists: list[Items]) -> Items:
    return _distinct_values(evaluation, _concatenate(evaluation, lists))


def _flatten(evaluation: Evaluation, items: Items) -> Items:
    flat: Items = []
    pending = [iter(items)]
    while pending:
        for item in pending[-1]:
            evaluation.tick()
            if isinstance(item, list):
                pending.append(iter(item))
                break
            flat.append(item)
        else:
            pending.pop()
    return evaluation.checked_size(flat)


LIST_FUNCTIONS = (
    function("list contains", metered("list: list, element: any?", _list_contains)),
    function("count", pure("list: list", _count)),
    function("sublist", pure("list: list, start position: number, length?: number", _sublist)),
    function("append", metered("list: list, item*: any?", _append)),
    function("concatenate", metered("list*: list", _concatenate)),
    function("insert before", metered("list: list, position: number, newItem: any?", _insert_before)),
    function("remove", pure("list: list, position: number", _remove)),
    function(
        "list replace",
        pure("list: list, position: number, newItem: any?", _replace_at),
        metered("list: list, match: function, newItem: any?", _replace_matching),
    ),
    function("reverse", pure("list: list", _reverse)),
    function("index of", metered("list: list, match: any?", _index_of)),
    function("union", metered("list*: list", _union)),
    function("distinct values", metered("list: list", _distinct_values)),
    function("flatten", metered("list: list", _flatten)),
)
