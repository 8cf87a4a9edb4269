"""The monthly report as a value: what pages, charts, tables, documents and the frozen snapshot are made from.

All numbers are whole: a rate is a count and the number it is a part of, an amount is in hundredths. So a snapshot
has one canonical form, and whoever shows a rate can always show its base.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate

_ONE_PLACE = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a month; with `base` it is a part of that many (docs/monthly-report.md defines both)."""

    id: str
    count: int
    base: int | None = None

    @property
    def percent(self) -> Decimal | None:
        """The share in percent to one decimal; None where there is nothing to be a part of."""
        return percent_of(self.count, self.base)

    @property
    def rate(self) -> float | None:
        """The share from 0 to 1, for charts."""
        return self.count / self.base if self.base else None


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The figures of one month, in the order of FIGURES."""

    month: str  # 2026-10
    figures: tuple[Figure, ...]

    def figure(self, figure_id: str) -> Figure:
        """The figure of that id; KeyError where there is none."""
        for figure in self.figures:
            if figure.id == figure_id:
                return figure
        raise KeyError(figure_id)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a breakdown: a kind of problem, a question, a model of car.

    `labels` has a text per locale where the data name it (a question, a model), else the label follows from `key`.
    `previous_…` is the month before.
    """

    key: str
    count: int
    base: int | None = None
    previous_count: int | None = None
    previous_base: int | None = None
    labels: Mapping[str, str] | None = None

    @property
    def percent(self) -> Decimal | None:
        """The share in percent to one decimal."""
        return percent_of(self.count, self.base)

    @property
    def previous_percent(self) -> Decimal | None:
        """The same of the month before."""
        return None if self.previous_count is None else percent_of(self.previous_count, self.previous_base)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A figure broken down by something; rows in the order they are shown in."""

    id: str
    rows: tuple[Row, ...]

    @property
    def total(self) -> int:
        """The sum of all counts."""
        return sum(row.count for row in self.rows)


@dataclass(frozen=True, slots=True)
class ParetoRow:
    """A bar of the Pareto chart with the share of all that it and those before it have."""

    key: str
    count: int
    cumulative_percent: Decimal


@dataclass(frozen=True, slots=True)
class WeekPoint:
    """A point of the control chart: `count` conversations with a problem of `base` in the week from `begins_on`."""

    begins_on: str  # a Monday, 2026-10-05
    count: int
    base: int


@dataclass(frozen=True, slots=True)
class MeasureEffect:
    """What a measure changed: conversations with its problem (or a bad answer to its question) of all, before, after.

    `verdict` is better, worse, no_difference or too_few (see docs/monthly-report.md).
    """

    measure_id: str
    instance_id: str
    problem_kind: str | None
    question_id: str | None
    kind: str  # corrective, preventive
    effective_from: str
    before_count: int
    before_base: int
    after_count: int
    after_base: int
    verdict: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A hint that follows from the figures; `id` chooses the sentence, `params` fill it in."""

    id: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MonthlyReport:
    """All figures of a month of a site: `months` has the twelve before and the month itself, the oldest first."""

    site_id: str
    month: str
    computed_at: str  # UTC, 2026-11-02T00:30:00.000000Z
    months: tuple[MonthFigures, ...]
    breakdowns: tuple[Breakdown, ...]
    weeks: tuple[WeekPoint, ...]
    measures: tuple[MeasureEffect, ...]
    suggestions: tuple[Suggestion, ...]

    @property
    def current(self) -> MonthFigures:
        """The month of the report."""
        return self.months[-1]

    @property
    def previous(self) -> MonthFigures:
        """The month before."""
        return self.months[-2]

    def trend(self, figure_id: str) -> tuple[tuple[str, Figure], ...]:
        """A figure over all months: (month, figure), the oldest first."""
        return tuple((month.month, month.figure(figure_id)) for month in self.months)

    def breakdown(self, breakdown_id: str) -> Breakdown:
        """The breakdown of that id; an empty one where the report has none."""
        return next((found for found in self.breakdowns if found.id == breakdown_id), Breakdown(breakdown_id, ()))

    @property
    def pareto(self) -> tuple[ParetoRow, ...]:
        """The kinds of problems, the most frequent first, with their cumulative share."""
        rows = [row for row in self.breakdown("problem_kinds").rows if row.count]
        sums = accumulate(row.count for row in rows)
        total = sum(row.count for row in rows)
        return tuple(
            ParetoRow(row.key, row.count, percent_of(so_far, total) or Decimal(0))
            for row, so_far in zip(rows, sums, strict=True)
        )


def percent_of(count: int, base: int | None) -> Decimal | None:
    """`count` of `base` in percent, rounded half up to one decimal; None where the base is nothing."""
    return (Decimal(100 * count) / base).quantize(_ONE_PLACE, ROUND_HALF_UP) if base else None
