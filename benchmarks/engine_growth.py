"""What a completion costs when a case has grown: long behind it, wide open, or heavy with data.

One completion more is measured, on the same saved state again and again: cold, so that all of it is read and written.
The stock library does the same where it can: its loops stop at some 500 rounds.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app import engine
from app.engine.live_cases import LIVE_CASES
from benchmarks.engine import CONTEXT, state_of
from benchmarks.measuring import median_us
from benchmarks.sample_data import DATA, RESOURCES
from benchmarks.stock_library import StockCase

LOOP = RESOURCES / "loop.bpmn"
PARALLEL = RESOURCES / "parallel.bpmn"
ANSWER: dict[str, object] = {"done": False}
KILOBYTE = 1_000


@dataclass(frozen=True)
class Size:
    """The sizes compared: finished user tasks, instances open at once, kilobytes of data; how often each is done."""

    finished: tuple[int, ...] = (10, 100, 1_000, 5_000)
    stock_finished: tuple[int, ...] = (10, 300)
    instances: tuple[int, ...] = (1, 300)
    kilobytes: tuple[int, ...] = (1, 100)
    times: int = 100
    stock_times: int = 3
    rounds: int = 7


SMALLEST = Size((1, 3), (1, 3), (1, 3), (1, 2), times=1, stock_times=1, rounds=2)


def run(size: Size = Size()) -> dict[str, float]:
    """Microseconds of CPU for one completion at each size, and the largest size over the smallest."""
    figures: dict[str, float] = {}
    for name, sizes, stock_sizes, measured, stock_measured in (
        ("after_{}", size.finished, size.stock_finished, _after, _stock_after),
        ("of_{}_parallel", size.instances, size.instances, _parallel, _stock_parallel),
        ("with_{}_kb", size.kilobytes, size.kilobytes, _heavy, _stock_heavy),
    ):
        for number in sizes:
            figures[f"growth.{name.format(number)}_us"] = median_us(
                measured(number), times=size.times, rounds=size.rounds
            )
        for number in stock_sizes:
            again = stock_measured(number)
            key = f"growth.stock_{name.format(number)}_us"
            figures[key] = median_us(again, times=size.stock_times, rounds=min(size.rounds, 3))
    return figures | _ratios(figures, size)


def _ratios(figures: dict[str, float], size: Size) -> dict[str, float]:
    found = {}
    for ratio, name, sizes, stock_sizes in (
        ("after_ratio", "after_{}_us", size.finished, size.stock_finished),
        ("parallel_ratio", "of_{}_parallel_us", size.instances, size.instances),
        ("data_ratio", "with_{}_kb_us", size.kilobytes, size.kilobytes),
    ):
        for who, compared in (("", sizes), ("stock_", stock_sizes)):
            first, last = (figures[f"growth.{who}{name.format(number)}"] for number in (compared[0], compared[-1]))
            found[f"growth.{who}{ratio}"] = last / first
    return found


def _again(process: engine.ParsedProcess, outcome: engine.Outcome) -> Callable[[], object]:
    """Complete the newest open user task, always of the same saved state."""
    state, user_task_id = state_of(outcome), outcome.opened[-1].id

    def complete() -> None:
        LIVE_CASES.clear()
        engine.complete(process, state, user_task_id, ANSWER, CONTEXT)

    return complete


def _after(finished: int) -> Callable[[], object]:
    process = engine.parse(LOOP.read_bytes(), LOOP.name)[0]
    outcome = engine.start(process, DATA, CONTEXT)
    for _ in range(finished):
        outcome = engine.complete(process, state_of(outcome), outcome.opened[0].id, ANSWER, CONTEXT)
    return _again(process, outcome)


def _parallel(count: int) -> Callable[[], object]:
    process = engine.parse(PARALLEL.read_bytes(), PARALLEL.name)[0]
    # One more, so that a completion does not end the case.
    return _again(process, engine.start(process, {**DATA, "count": count + 1}, CONTEXT))


def bulk(kilobytes: int) -> dict[str, object]:
    """So much data, as lines of an order."""
    line = {"part": "P-0001", "count": 3, "remark": "checked, cleaned and put back; no play in the bearing left"}
    return {"bulk": [line | {"number": number} for number in range(kilobytes * KILOBYTE // 110)]}


def _heavy(kilobytes: int) -> Callable[[], object]:
    process = engine.parse(LOOP.read_bytes(), LOOP.name)[0]
    return _again(process, engine.start(process, bulk(kilobytes), CONTEXT))


def _stock_after(finished: int) -> Callable[[], object]:
    stock = StockCase(LOOP.read_text(encoding="utf-8"), "loop")
    return stock.again(dict(DATA), "work", ANSWER, finished=finished)


def _stock_parallel(count: int) -> Callable[[], object]:
    stock = StockCase(PARALLEL.read_text(encoding="utf-8"), "parallel")
    return stock.again({**DATA, "count": count + 1}, None, ANSWER)


def _stock_heavy(kilobytes: int) -> Callable[[], object]:
    stock = StockCase(LOOP.read_text(encoding="utf-8"), "loop")
    return stock.again(bulk(kilobytes), "work", ANSWER)
