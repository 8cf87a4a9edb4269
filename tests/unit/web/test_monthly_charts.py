"""Which charts a monthly report has, and what they say stands out."""

from app.reports import Breakdown, Figure, MonthFigures, MonthlyReport, Row, WeekPoint
from app.reports.labels import FIGURES
from app.web.reports.monthly_charts import SHOWN_WEEKS, monthly_charts, weekly_chart


def report(*, weeks: tuple[WeekPoint, ...] = (), base: int = 10, kinds: tuple[Row, ...] = ()) -> MonthlyReport:
    figures = tuple(Figure(name, base // 2, base) for name in FIGURES)
    months = tuple(MonthFigures(f"2026-{month:02}", figures) for month in (4, 5))
    return MonthlyReport(
        "east", "2026-05", "2026-06-01T00:00:00.000000Z", months, (Breakdown("problem_kinds", kinds),), weeks, (), ()
    )


def test_the_week_beyond_the_limits_is_named() -> None:
    weeks = tuple(WeekPoint(f"2026-01-{day:02}", 18 if day == 12 else 5, 50) for day in range(1, 31))
    charts = monthly_charts(report(weeks=weeks, kinds=(Row("price", 3, 4), Row("parts", 1, 4))), "problems")
    assert [chart.caption.title for chart in charts][:2] == [
        "Kinds of problems",
        "Conversations with a problem, week by week",
    ]
    assert "01-12: beyond the control limits (rule 1)" in charts[1].notes
    assert "01-12" in charts[1].caption.description
    assert len(weekly_chart(report(weeks=weeks)).points) == SHOWN_WEEKS


def test_shares_are_drawn_month_by_month() -> None:
    charts = monthly_charts(report(), "follow_ups")
    assert [chart.rows for chart in charts] == [(("26-04", "50%"), ("26-05", "50%"))] * 2
    assert all(chart.is_small for chart in charts)


def test_nothing_is_drawn_where_there_is_nothing() -> None:
    for part in ("overall", "follow_ups", "satisfaction", "problems", "customers"):
        assert monthly_charts(report(base=0), part) == []
