"""The values of a report: months, shares, the Pareto rows."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.errors import InvalidInput
from app.reports import Breakdown, Figure, Month, MonthFigures, MonthlyReport, Row
from app.reports.labels import FIGURES, SHARES
from app.reports.month import months_until
from app.reports.tally import Span, midnight


def report(*kinds: Row) -> MonthlyReport:
    months = tuple(MonthFigures(month, (Figure("due", count),)) for month, count in (("2026-09", 4), ("2026-10", 8)))
    kinds_broken_down = (Breakdown("problem_kinds", kinds),)
    return MonthlyReport("east", "2026-10", "", months, kinds_broken_down, weeks=(), measures=(), suggestions=())


def test_month_lies_between_midnights_of_its_zone() -> None:
    month = Month.read("2026-12")
    zone = ZoneInfo("Asia/Shanghai")
    span = Span.of_month(month)
    assert midnight(span.first, zone).astimezone(UTC) == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert span.end_at(zone).astimezone(UTC) == datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert (month.first_day, month.last_day) == (date(2026, 12, 1), date(2026, 12, 31))
    assert str(Month(2026, 3).plus(-3)) == "2025-12"


def test_months_of_a_report_are_twelve_before_and_its_own() -> None:
    months = months_until(Month(2026, 10))
    assert (str(months[0]), str(months[-1]), len(months)) == ("2025-10", "2026-10", 13)


@pytest.mark.parametrize("text", ["2026-13", "2026", "x", "2026-10-01", ""])
def test_text_that_is_no_month(text: str) -> None:
    with pytest.raises(InvalidInput):
        Month.read(text)


@pytest.mark.parametrize(("count", "base", "percent"), [(1, 3, "33.3"), (1, 8, "12.5"), (2, 3, "66.7"), (0, 5, "0.0")])
def test_percent_has_one_decimal(count: int, base: int, percent: str) -> None:
    assert Figure("answer", count, base).percent == Decimal(percent)


@pytest.mark.parametrize("base", [0, None])
def test_nothing_to_be_a_part_of_has_no_percent(base: int | None) -> None:
    assert Figure("answer", 0, base).percent is None


def test_current_previous_and_trend() -> None:
    made = report()
    assert (made.previous.figure("due").count, made.current.figure("due").count) == (4, 8)
    assert [(month, figure.count) for month, figure in made.trend("due")] == [("2026-09", 4), ("2026-10", 8)]
    with pytest.raises(KeyError):
        made.current.figure("unknown")


def test_pareto_has_cumulative_shares() -> None:
    made = report(Row("quality", 5), Row("price", 3), Row("parts", 2), Row("other", 0))
    assert [(row.key, row.count, row.cumulative_percent) for row in made.pareto] == [
        ("quality", 5, Decimal("50.0")),
        ("price", 3, Decimal("80.0")),
        ("parts", 2, Decimal("100.0")),
    ]
    assert made.breakdown("models").total == 0


def test_shares_are_figures() -> None:
    assert set(FIGURES) >= SHARES
