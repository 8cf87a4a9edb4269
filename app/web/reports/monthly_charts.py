"""The charts of a monthly report, by the part they belong to."""

from collections.abc import Mapping, Sequence
from datetime import date

from app.charts import Caption, ControlChart, Sample, TrendPoint, p_chart, pareto, percent
from app.reports import MonthlyReport
from app.web.chart_figures import Figure, control_figure, most_frequent_figure, trend_figure
from app.web.reports.monthly_words import figure_name, named_rows
from app.web.texts import gettext

# Part -> the shares whose course it shows.
COURSES: Mapping[str, Sequence[str]] = {
    "follow_ups": ("carried_out", "successful"),
    "satisfaction": ("satisfied_repair", "satisfied"),
    "problems": ("timely",),
}
SHOWN_WEEKS = 26  # of the control chart: half a year can still be read, and the limits vary with each week


def monthly_charts(report: MonthlyReport, part: str) -> list[Figure]:
    """What the tables of a part show less well; nothing where there is nothing to draw."""
    charts = [_course(report, name) for name in COURSES.get(part, ()) if _has_course(report, name)]
    return [*_of_problems(report), *charts] if part == "problems" else charts


def weekly_chart(report: MonthlyReport) -> ControlChart:
    """The p-chart of conversations with a problem, week by week."""
    return p_chart(Sample(_week(week.begins_on), week.count, week.base) for week in report.weeks[-SHOWN_WEEKS:])


def _of_problems(report: MonthlyReport) -> list[Figure]:
    charts = []
    bars = pareto((label, row.count) for label, row in named_rows(report.breakdown("problem_kinds")))
    if bars:
        charts.append(most_frequent_figure(bars, gettext("Kinds of problems")))
    chart = weekly_chart(report)
    if any(point.share is not None for point in chart.points):
        charts.append(
            control_figure(chart, Caption(gettext("Conversations with a problem, week by week"), _found(chart)))
        )
    return charts


def _found(chart: ControlChart) -> str:
    weeks = ", ".join(point.sample.label for point in chart.violations)
    if not weeks:
        return gettext("No week stands out beyond chance.")
    return gettext("Weeks that stand out beyond chance: %(weeks)s.", weeks=weeks)


def _course(report: MonthlyReport, name: str) -> Figure:
    points = [TrendPoint(month[2:], figure.rate) for month, figure in report.trend(name)]
    words = gettext("%(share)s in %(month)s.", share=percent(points[-1].value), month=report.month)
    return trend_figure(points, Caption(figure_name(name), words))


def _has_course(report: MonthlyReport, name: str) -> bool:
    return any(figure.base for _month, figure in report.trend(name))


def _week(begins_on: str) -> str:
    return f"{date.fromisoformat(begins_on):%m-%d}"
