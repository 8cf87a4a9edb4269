"""List functions that reduce a list to one value (DMN 1.5 clause 10.3.4.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from app.feel.builtins.arguments import invalid, out_of_range
from app.feel.builtins.registry import BuiltInFunction, function, metered
from app.feel.evaluation import Evaluation
from app.feel.values.arithmetic import ADDITION
from app.feel.values.durations import DaysDuration, MonthsDuration
from app.feel.values.numbers import CONTEXT
from app.feel.values.ordering import compare

Items = list[object]
Reduction = Callable[[Evaluation, Items], object]


def _of_list(name: str, reduction: Reduction, letter: str) -> BuiltInFunction:
    """A function that takes one list, or its elements as arguments."""
    return function(name, metered("list: list", reduction), metered(f"{letter}*: any?", reduction))


def _numbers(name: str, items: Items) -> list[Decimal]:
    if not all(isinstance(item, Decimal) for item in items):
        raise invalid(name, items)
    return [item for item in items if isinstance(item, Decimal)]


def _extreme(name: str, wanted: int) -> Reduction:
    def find(evaluation: Evaluation, items: Items) -> object:
        evaluation.tick(len(items))
        if not items:
            return None
        best = items[0]
        for item in items:
            order = compare(item, best)
            if order is None:
                raise invalid(name, items)
            if order == wanted:
                best = item
        return best

    return find


def _sum(evaluation: Evaluation, items: Items) -> object:
    evaluation.tick(len(items))
    if not items:
        return None
    total = items[0]
    if not isinstance(total, (Decimal, DaysDuration, MonthsDuration)):
        raise invalid("sum", items)
    for item in items[1:]:
        if type(item) is not type(total):
            raise invalid("sum", items)
        total = ADDITION[type(total), type(total)](total, item)
    return total


def _mean(evaluation: Evaluation, items: Items) -> Decimal | None:
    numbers = _numbers("mean", items)
    evaluation.tick(len(numbers))
    if not numbers:
        return None
    return CONTEXT.divide(_total(numbers), Decimal(len(numbers)))


def _total(numbers: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = CONTEXT.add(total, number)
    return total


def _product(evaluation: Evaluation, items: Items) -> Decimal | None:
    numbers = _numbers("product", items)
    evaluation.tick(len(numbers))
    if not numbers:
        return None
    product = Decimal(1)
    for number in numbers:
        product = evaluation.checked_number(CONTEXT.multiply(product, number))
    return product


def _median(evaluation: Evaluation, items: Items) -> Decimal | None:
    numbers = sorted(_numbers("median", items))
    evaluation.tick(len(numbers))
    if not numbers:
        return None
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return CONTEXT.divide(CONTEXT.add(numbers[middle - 1], numbers[middle]), Decimal(2))


def _stddev(evaluation: Evaluation, items: Items) -> Decimal:
    """The deviation of a sample; one value alone has none."""
    numbers = _numbers("stddev", items)
    evaluation.tick(len(numbers))
    if len(numbers) < 2:
        raise invalid("stddev", items)
    mean = CONTEXT.divide(_total(numbers), Decimal(len(numbers)))
    deviations = [CONTEXT.subtract(number, mean) for number in numbers]
    squares = [CONTEXT.multiply(deviation, deviation) for deviation in deviations]
    return CONTEXT.sqrt(CONTEXT.divide(_total(squares), Decimal(len(numbers) - 1)))


def _mode(evaluation: Evaluation, items: Items) -> Items:
    """All of the most frequent values, in ascending order."""
    numbers = _numbers("mode", items)
    evaluation.tick(len(numbers))
    counts = Counter(numbers)
    highest = max(counts.values(), default=0)
    return [*sorted(number for number, count in counts.items() if count == highest)]


def _safely(name: str, reduction: Reduction) -> Reduction:
    def run(evaluation: Evaluation, items: Items) -> object:
        try:
            return reduction(evaluation, items)
        except ArithmeticError as error:
            raise out_of_range(name) from error

    return run


STATISTICS_FUNCTIONS = (
    _of_list("min", _extreme("min", -1), "c"),
    _of_list("max", _extreme("max", 1), "c"),
    _of_list("sum", _safely("sum", _sum), "n"),
    _of_list("mean", _safely("mean", _mean), "n"),
    _of_list("product", _safely("product", _product), "n"),
    _of_list("median", _safely("median", _median), "n"),
    _of_list("stddev", _safely("stddev", _stddev), "n"),
    _of_list("mode", _mode, "n"),
)
