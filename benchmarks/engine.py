"""The engine alone: one user task completed, beside the stock library in the same run."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app import engine
from app.engine.live_cases import LIVE_CASES
from benchmarks.measuring import MICROSECONDS, median_us
from benchmarks.sample_data import DATA, RESOURCES, answers
from benchmarks.stock_library import StockCase

DIAGRAM = RESOURCES / "case_of_16_nodes.bpmn"
LOOP = RESOURCES / "loop.bpmn"
STEPS = ("prepare", "call", "record", "offer", "check", "approve")
CONTEXT = engine.StepContext(now=datetime(2026, 3, 2, 1, 0, tzinfo=UTC), zone=ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True)
class Size:
    """How much is done: cases in a round, rounds, and after how many finished user tasks growth is looked at."""

    cases: int
    rounds: int
    growth: tuple[int, ...]
    growth_times: int


FULL = Size(cases=20, rounds=7, growth=(10, 100, 1_000), growth_times=100)
SMALLEST = Size(cases=1, rounds=2, growth=(1, 3), growth_times=1)


def run(size: Size = FULL) -> dict[str, float]:
    """Microseconds of CPU for one completion, and what grows with the case."""
    process = engine.parse(DIAGRAM.read_bytes(), DIAGRAM.name)[0]
    stock = StockCase(DIAGRAM.read_text(encoding="utf-8"), process.key)
    figures = {
        "engine.complete_cold_us": _per_step(lambda: _case_seconds(process, is_live=False), size),
        "engine.complete_live_us": _per_step(lambda: _case_seconds(process, is_live=True), size),
        "engine.stock_complete_us": _per_step(lambda: stock.seconds_per_step(STEPS), size),
        "engine.start_us": median_us(
            lambda: engine.start(process, DATA, CONTEXT), times=size.cases, rounds=size.rounds
        ),
        "engine.parse_us": median_us(
            lambda: engine.parse(DIAGRAM.read_bytes(), DIAGRAM.name), times=max(size.cases // 2, 1), rounds=size.rounds
        ),
        "engine.state_bytes": float(_largest_state(process)),
    }
    figures["engine.stock_ratio"] = figures["engine.stock_complete_us"] / figures["engine.complete_cold_us"]
    growth = _growth(size)
    figures |= {f"engine.after_{number}_us": value for number, value in growth.items()}
    figures["engine.growth_ratio"] = growth[size.growth[-1]] / growth[size.growth[0]]
    return figures


def _case_seconds(process: engine.ParsedProcess, *, is_live: bool) -> float:
    outcome = engine.start(process, DATA, CONTEXT)
    open_ids = {opened.element_id: opened.id for opened in outcome.opened}
    begin = time.process_time()
    for step in STEPS:
        if not is_live:
            LIVE_CASES.clear()
        outcome = engine.complete(process, _state(outcome), open_ids[step], answers(step), CONTEXT)
        open_ids |= {opened.element_id: opened.id for opened in outcome.opened}
    spent = time.process_time() - begin
    if not outcome.is_ended:
        raise RuntimeError("the case did not reach its end")
    return spent / len(STEPS)


def _per_step(seconds: Callable[[], float], size: Size) -> float:
    rounds = []
    for _ in range(size.rounds):
        gc.collect()
        rounds.append(statistics.fmean(seconds() for _ in range(size.cases)))
    return statistics.median(rounds) * MICROSECONDS


def _largest_state(process: engine.ParsedProcess) -> int:
    outcome, largest = engine.start(process, DATA, CONTEXT), 0
    open_ids = {opened.element_id: opened.id for opened in outcome.opened}
    for step in STEPS:
        largest = max(largest, len(_state(outcome)))
        outcome = engine.complete(process, _state(outcome), open_ids[step], answers(step), CONTEXT)
        open_ids |= {opened.element_id: opened.id for opened in outcome.opened}
    return largest


def _growth(size: Size) -> dict[int, float]:
    """One cold completion more in a case with so many finished user tasks."""
    process = engine.parse(LOOP.read_bytes(), LOOP.name)[0]
    outcome, done, figures = engine.start(process, DATA, CONTEXT), 0, {}
    for number in size.growth:
        for _ in range(done, number):
            outcome = engine.complete(process, _state(outcome), outcome.opened[0].id, {"done": False}, CONTEXT)
        done = number

        def again(state: bytes = _state(outcome), user_task_id: str = outcome.opened[0].id) -> None:
            LIVE_CASES.clear()
            engine.complete(process, state, user_task_id, {"done": False}, CONTEXT)

        figures[number] = median_us(again, times=size.growth_times, rounds=size.rounds)
    return figures


def _state(outcome: engine.Outcome) -> bytes:
    if outcome.state is None:
        raise RuntimeError("the case is over too early")
    return outcome.state
