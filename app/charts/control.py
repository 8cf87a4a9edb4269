"""The p-chart: shares of samples of different sizes, their limits, and the four rules that tell chance from cause.

Limits: Shewhart's, three standard deviations of a share around the mean of all (ISO 7870-2:2013, 6). Rules: Western
Electric, Statistical Quality Control Handbook (1956), pages 25-28, on shares measured in standard deviations, because
the limits of a p-chart differ from sample to sample.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import sqrt

SIGMAS = 3


class Rule(IntEnum):
    """What chance hardly ever does; each in the order of the handbook."""

    BEYOND_LIMITS = 1  # one point beyond three standard deviations
    TWO_OF_THREE = 2  # two of three in a row beyond two, on one side
    FOUR_OF_FIVE = 3  # four of five in a row beyond one, on one side
    EIGHT_IN_A_ROW = 4  # eight in a row on one side of the mean


# Rule -> beyond how many standard deviations, how many of the latest, of how many.
_PATTERNS = {
    Rule.BEYOND_LIMITS: (3.0, 1, 1),
    Rule.TWO_OF_THREE: (2.0, 2, 3),
    Rule.FOUR_OF_FIVE: (1.0, 4, 5),
    Rule.EIGHT_IN_A_ROW: (0.0, 8, 8),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """So many of a sample's `size` were of the kind that is counted."""

    label: str
    count: int
    size: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.size:
            raise ValueError(f"{self.label}: {self.count} of {self.size}")


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """A sample with its share, its own limits, and the rules that it breaks by completing their pattern.

    A sample of nothing has no share and breaks no rule; the patterns go on behind it.
    """

    sample: Sample
    share: float | None
    lower: float
    upper: float
    broken: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class ControlChart:
    """All points, and the mean of all samples together."""

    points: tuple[ControlPoint, ...]
    mean: float

    @property
    def violations(self) -> tuple[ControlPoint, ...]:
        """The points at which something other than chance shows."""
        return tuple(point for point in self.points if point.broken)


def p_chart(samples: Iterable[Sample]) -> ControlChart:
    """The control chart of these samples, oldest first."""
    all_samples = tuple(samples)
    size = sum(sample.size for sample in all_samples)
    mean = sum(sample.count for sample in all_samples) / size if size else 0.0
    points: list[ControlPoint] = []
    scores: list[float] = []  # of all samples of something, up to the one at hand
    for sample in all_samples:
        if not sample.size:
            points.append(ControlPoint(sample, None, mean, mean, ()))
            continue
        deviation = sqrt(mean * (1 - mean) / sample.size)
        share = sample.count / sample.size
        scores.append((share - mean) / deviation if deviation else 0.0)
        lower, upper = max(0.0, mean - SIGMAS * deviation), min(1.0, mean + SIGMAS * deviation)
        broken = tuple(rule for rule in Rule if _completes(scores, rule))
        points.append(ControlPoint(sample, share, lower, upper, broken))
    return ControlChart(tuple(points), mean)


def _completes(scores: Sequence[float], rule: Rule) -> bool:
    """Whether the latest score is part of a pattern that ends with it."""
    beyond, wanted, of = _PATTERNS[rule]
    for side in (1, -1):
        latest = [score * side > beyond for score in scores[-of:]]
        if latest[-1] and sum(latest) >= wanted:
            return True
    return False
