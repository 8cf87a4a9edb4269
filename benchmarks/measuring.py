"""CPU time of this process. Medians, so that one round which something disturbed changes nothing."""

import gc
import statistics
import time
from collections.abc import Callable, Sequence

MICROSECONDS = 1e6
MILLISECONDS = 1e3


def median_us(action: Callable[[], object], *, times: int, rounds: int) -> float:
    """Microseconds of CPU that one call takes: the median of the rounds, garbage collected before each.

    Arguments: times, how often it is called in a round.
    """
    return statistics.median(_round(action, times) for _ in range(rounds)) * MICROSECONDS


def cpu_seconds(action: Callable[[], object]) -> float:
    """Seconds of CPU that one call takes."""
    begin = time.process_time()
    action()
    return time.process_time() - begin


def percentile(samples: Sequence[float], percent: int) -> float:
    """The value that so many percent of the samples do not exceed; needs two samples or more."""
    return statistics.quantiles(samples, n=100, method="inclusive")[percent - 1]


def _round(action: Callable[[], object], times: int) -> float:
    gc.collect()
    begin = time.process_time()
    for _ in range(times):
        action()
    return (time.process_time() - begin) / times
