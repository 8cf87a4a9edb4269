"""The machine itself: the same work before and after a run says how far its figures can be trusted."""

import os
import statistics
import time

from benchmarks.measuring import MILLISECONDS, cpu_seconds

ROUNDS = 7


def calibrate() -> list[float]:
    """CPU seconds of a fixed piece of plain Python, several times."""
    return [cpu_seconds(_work) for _ in range(ROUNDS)]


def machine_figures(before: list[float], after: list[float], begin: float) -> dict[str, float]:
    """What the two calibrations say; `begin` is the `time.monotonic()` of the run's start."""
    samples = before + after
    return {
        "machine.calibration_ms": statistics.median(samples) * MILLISECONDS,
        "machine.noise_ratio": max(samples) / min(samples),
        "machine.cores": float(len(os.sched_getaffinity(0))),
        "machine.load": os.getloadavg()[0],
        "machine.run_seconds": time.monotonic() - begin,
    }


def _work() -> None:
    words: dict[str, int] = {}
    for number in range(100_000):
        word = f"word {number % 997}"
        words[word] = words.get(word, 0) + number
