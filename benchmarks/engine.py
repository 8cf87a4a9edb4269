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
from benchmarks.stock_library import OF_16_NODES, StockCase

DIAGRAM = RESOURCES / "case_of_16_nodes.bpmn"
STEPS = ("prepare", "call", "record", "offer", "check", "approve")
CONTEXT = engine.StepContext(now=datetime(2026, 3, 2, 1, 0, tzinfo=UTC), zone=ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True)
class Size:
    """How much is done: cases in a round, rounds."""

    cases: int
    rounds: int


FULL = Size(cases=20, rounds=7)
SMALLEST = Size(cases=1, rounds=2)


def run(size: Size = FULL) -> dict[str, float]:
    """Microseconds of CPU for one completion, live and cold."""
    process = engine.parse(DIAGRAM.read_bytes(), DIAGRAM.name)[0]
    stock = StockCase(DIAGRAM.read_text(encoding="utf-8"), process.key, OF_16_NODES)
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
    return figures


def _case_seconds(process: engine.ParsedProcess, *, is_live: bool) -> float:
    outcome = engine.start(process, DATA, CONTEXT)
    open_ids = {opened.element_id: opened.id for opened in outcome.opened}
    begin = time.process_time()
    for step in STEPS:
        if not is_live:
            LIVE_CASES.clear()
        outcome = engine.complete(process, state_of(outcome), open_ids[step], answers(step), CONTEXT)
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
        largest = max(largest, len(state_of(outcome)))
        outcome = engine.complete(process, state_of(outcome), open_ids[step], answers(step), CONTEXT)
        open_ids |= {opened.element_id: opened.id for opened in outcome.opened}
    return largest


def state_of(outcome: engine.Outcome) -> bytes:
    """The state of a case that goes on."""
    if outcome.state is None:
        raise RuntimeError("the case is over too early")
    return outcome.state
