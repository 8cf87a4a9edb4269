"""`if`, `for`, `some` and `every`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from app.feel.compiler.scope import Code, Scope
from app.feel.evaluation import Frame
from app.feel.notices import TYPE_MISMATCH, Position
from app.feel.syntax import nodes
from app.feel.values.dates import Date
from app.feel.values.kinds import kind_of
from app.feel.values.ranges import Range

Loop = tuple[int, Code, Code | None, Position]


def compile_if(node: nodes.If, scope: Scope) -> Code:
    """A condition that is not true chooses what follows `else`."""
    branches = [scope.codes(condition, result) for condition, result in node.branches]
    otherwise = scope.code(node.otherwise)

    def choose(frame: Frame) -> object:
        for condition, result in branches:
            if condition(frame) is True:
                return result(frame)
        return otherwise(frame)

    return choose


def _compile_loops(iterators: tuple[nodes.Iterator, ...], scope: Scope) -> list[Loop]:
    """Later iterators see the names of earlier ones."""
    loops: list[Loop] = []
    for iterator in iterators:
        domain = scope.code(iterator.domain)
        end = scope.code(iterator.end) if iterator.end is not None else None
        loops.append((scope.bind(iterator.name), domain, end, iterator.domain.position))
    return loops


def compile_for(node: nodes.For, scope: Scope) -> Code:
    """The results of all rounds as a list; `partial` holds those so far."""
    with scope.local():
        loops = _compile_loops(node.iterators, scope)
        partial = scope.bind("partial")
        result = scope.code(node.result)
        uses_partial = scope.is_read(partial)

    def collect(frame: Frame) -> object:
        results: list[object] = []
        for is_valid in _rounds(frame, loops, 0):
            if not is_valid:
                return None
            if uses_partial:
                frame.evaluation.tick(len(results))
                frame.slots[partial] = results.copy()
            results.append(result(frame))
        return frame.evaluation.checked_size(results)

    return collect


def compile_quantified(node: nodes.Quantified, scope: Scope) -> Code:
    """`some` is an `or` and `every` an `and` over all rounds."""
    with scope.local():
        loops = _compile_loops(node.iterators, scope)
        condition = scope.code(node.condition)
    deciding = not node.is_every

    def decide(frame: Frame) -> object:
        outcome: bool | None = not deciding
        for is_valid in _rounds(frame, loops, 0):
            if not is_valid:
                return None
            verdict = condition(frame)
            if verdict is deciding:
                return deciding
            if type(verdict) is not bool:
                outcome = None
        return outcome

    return decide


def _rounds(frame: Frame, loops: list[Loop], index: int) -> Iterator[bool]:
    """Yield once for each round with the names set; False once for a domain that is none."""
    slot, domain_code, end_code, position = loops[index]
    domain = domain_code(frame)
    if end_code is not None:
        domain = Range(domain, end_code(frame), True, True)
    elements = elements_of(domain)
    if elements is None:
        frame.evaluation.notice(TYPE_MISMATCH, position, operation="in", types=kind_of(domain))
        yield False
        return
    for element in elements:
        frame.evaluation.tick()
        frame.slots[slot] = element
        if index + 1 < len(loops):
            yield from _rounds(frame, loops, index + 1)
        else:
            yield True


def elements_of(domain: object) -> Iterable[object] | None:
    """What a loop runs over: a list, the whole numbers or days of a range, or one value."""
    if isinstance(domain, list):
        return domain
    if not isinstance(domain, Range):
        return None if domain is None else [domain]
    start, end = domain.start, domain.end
    if isinstance(start, Decimal) and isinstance(end, Decimal):
        return _numbers(domain, start, end)
    if isinstance(start, Date) and isinstance(end, Date):
        return _days(domain, start, end)
    return None


def _numbers(domain: Range, start: Decimal, end: Decimal) -> Iterable[object] | None:
    if start != start.to_integral_value() or end != end.to_integral_value():
        return None
    return map(Decimal, _steps(domain, int(start), int(end)))


def _days(domain: Range, start: Date, end: Date) -> Iterable[object]:
    steps = _steps(domain, start.ordinal, end.ordinal)
    return (start.plus_days(ordinal - start.ordinal) for ordinal in steps)


def _steps(domain: Range, start: int, end: int) -> range:
    """Downwards when the end is before the start."""
    step = 1 if start <= end else -1
    first = start if domain.start_included else start + step
    return range(first, end + step if domain.end_included else end, step)
