"""How often a failed job is tried, and after which pauses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from app.engine.events.timer import parse_cycle
from app.feel.values.durations import DaysDuration, Duration, parse_duration

_DEFAULT_ATTEMPTS = 5
_SECOND = 1_000_000_000  # nanoseconds


class JobRetries(TypedDict):
    """The fields of a requested job that say how it is repeated."""

    retries: int
    retry_delays: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class RetryRule:
    """attempts: how often a job is tried in all. delays: seconds before each further attempt; None: the server's."""

    attempts: int = _DEFAULT_ATTEMPTS
    delays: tuple[int, ...] | None = None

    def for_job(self) -> JobRetries:
        return {"retries": self.attempts, "retry_delays": self.delays}


def parse_retries(text: str, most: int) -> RetryRule | None:
    """Read camunda:failedJobRetryTimeCycle: `R3/PT10M`, three attempts in all; or a pause for each, `PT1M,PT5M`.

    most: attempts above it are no rule. None where the text is neither.
    """
    cycle = parse_cycle(text)
    if cycle is not None:
        seconds = _seconds(cycle.interval)
        if cycle.times is None or cycle.start is not None or seconds is None or not 1 <= cycle.times <= most:
            return None
        return RetryRule(cycle.times, (seconds,) * (cycle.times - 1))
    pauses = [_seconds(parse_duration(part.strip())) for part in text.split(",")]
    known = tuple(pause for pause in pauses if pause is not None)
    if len(known) < len(pauses) or len(known) >= most:
        return None
    return RetryRule(len(known) + 1, known)


def _seconds(duration: Duration | None) -> int | None:
    if not isinstance(duration, DaysDuration) or duration.nanos < 0:
        return None
    return duration.nanos // _SECOND
