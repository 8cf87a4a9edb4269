"""FEEL: CPU time of one evaluation of a compiled expression, and of finding or compiling one."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from app.feel import Environment, compile_expression, from_python
from benchmarks.measuring import median_us

NOW = dt.datetime(2026, 3, 14, tzinfo=dt.UTC)
ENVIRONMENT = Environment(NOW, ZoneInfo("Asia/Shanghai"))
COMPARISON = 'complaint_level = "major" and score < 60'
CASES: dict[str, tuple[str, dict[str, object]]] = {
    "comparison": (COMPARISON, {"complaint_level": "major", "score": 42}),
    "arithmetic": ("score + bonus * 2 > 100", {"score": 42, "bonus": 30}),
    "filter": (
        "answers[passed = false].question",
        {"answers": [{"passed": number % 2 == 0, "question": f"q{number}"} for number in range(10)]},
    ),
    "date": ('due < date and time("2026-03-14T12:00:00Z")', {"due": NOW}),
}


@dataclass(frozen=True)
class Size:
    """How much is done: calls in a round, and rounds."""

    times: int
    rounds: int = 5


FULL = Size(20_000)
SMALLEST = Size(5, 2)


def run(size: Size = FULL) -> dict[str, float]:
    """Microseconds of CPU; `python_comparison_us` is the same condition written in Python."""
    figures = {}
    for name, (text, values) in CASES.items():
        variables = {variable: from_python(value) for variable, value in values.items()}
        expression = compile_expression(text, variables)
        figures[f"feel.{name}_us"] = _us(partial(expression.evaluate, variables, ENVIRONMENT), size)
    names = frozenset(CASES["comparison"][1])
    figures["feel.cached_us"] = _us(partial(compile_expression, COMPARISON, names), size)
    figures["feel.compile_us"] = _compile_us(names, size)
    in_python: Mapping[str, object] = {"complaint_level": "major", "score": Decimal(42)}
    figures["feel.python_comparison_us"] = _us(partial(_in_python, in_python), size)
    figures["feel.comparison_ratio"] = figures["feel.comparison_us"] / figures["feel.python_comparison_us"]
    return figures


def _us(action: Callable[[], object], size: Size) -> float:
    return median_us(action, times=size.times, rounds=size.rounds)


def _compile_us(names: frozenset[str], size: Size) -> float:
    """Each time another text, which no cache can know."""
    texts = (f"{COMPARISON} + {number}" for number in range(size.times * size.rounds))
    return median_us(lambda: compile_expression(next(texts), names), times=max(size.times // 20, 1), rounds=size.rounds)


def _in_python(values: Mapping[str, object]) -> bool:
    score = values["score"]
    return values["complaint_level"] == "major" and isinstance(score, Decimal) and score < 60
