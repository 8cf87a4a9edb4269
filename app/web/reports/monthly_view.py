"""A monthly report as its page, its workbook and its PDF show it: parts with tables, comments, links to the cases."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.reports import MonthlyReport
from app.reports.computing import REST
from app.reports.monthly_report import Figure, MeasureEffect, Row
from app.spreadsheets import Share
from app.web.chart_figures import Figure as ChartFigure
from app.web.report_tables import KeyFigure, ReportCell, ReportTable
from app.web.reports.monthly_charts import monthly_charts
from app.web.reports.monthly_words import (
    BETTER_HIGH,
    MEASURE_KINDS,
    VERDICTS,
    breakdown_name,
    figure_name,
    key_name,
    named_rows,
    sentence,
    value_of,
)
from app.web.texts import gettext

# Who a link leads to the cases of: (figure or breakdown, key of its row) -> address; empty where it may not.
Link = Callable[[str, str], str]

KEY_FIGURES = (
    "due", "carried_out", "successful", "satisfied_repair", "satisfied", "problems", "timely",
    "general_manager_informed", "answer", "open",
)  # fmt: skip
TREND = ("due", "carried_out", "successful", "satisfied_repair", "satisfied", "problem_calls", "problems", "timely")
# Each part: its breakdowns, in the order of the comments of the CR advisor.
PARTS: Mapping[str, Sequence[str]] = {
    "overall": (),
    "follow_ups": ("occasions", "not_called_reasons"),
    "satisfaction": ("questions",),
    "problems": ("problem_kinds",),
    "customers": (
        "visitors", "loyalty", "losses", "loss_reasons", "models", "amounts", "deliveries",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the report with what the CR advisor says of it."""

    id: str
    title: str
    comment: str
    tables: list[ReportTable]
    charts: list[ChartFigure]


@dataclass(frozen=True, slots=True)
class MonthlyView:
    """All that a reader sees of a report."""

    report: MonthlyReport
    figures: list[KeyFigure]
    parts: list[Part]
    suggestions: list[str]

    @property
    def tables(self) -> list[ReportTable]:
        """All tables, in the order of the page."""
        return [table for part in self.parts for table in part.tables]


def no_link(_figure: str, _key: str = "") -> str:
    """Nothing opens: for files, and for readers outside the house."""
    return ""


def monthly_view(report: MonthlyReport, comments: Mapping[str, str], link: Link = no_link) -> MonthlyView:
    """The report in words. Arguments: comments, by part; link, to the cases behind a figure."""
    tables: Mapping[str, Callable[[], list[ReportTable]]] = {
        "overall": lambda: [_all_figures(report, link), _trend(report)],
        "problems": lambda: [_measures(report)],
    }
    parts = []
    for part, breakdowns in PARTS.items():
        shown = [_breakdown(report, name, link) for name in breakdowns]
        shown += tables[part]() if part in tables else []
        tables_of_part = [table for table in shown if table.rows]
        charts = monthly_charts(report, part)
        parts.append(Part(part, _titles()[part], comments.get(part, ""), tables_of_part, charts))
    hints = [sentence(report, suggestion) for suggestion in report.suggestions]
    return MonthlyView(report, [_key_figure(report, name, link) for name in KEY_FIGURES], parts, hints)


def _titles() -> Mapping[str, str]:
    return {
        "overall": gettext("The month as a whole"),
        "follow_ups": gettext("Follow-ups made"),
        "satisfaction": gettext("Satisfaction"),
        "problems": gettext("Problems and measures"),
        "customers": gettext("Customers: groups, purchases, losses, loyalty"),
    }


def _key_figure(report: MonthlyReport, name: str, link: Link) -> KeyFigure:
    now, before = report.current.figure(name), report.previous.figure(name)
    url = link(name, "") if now.count or now.base else ""
    return KeyFigure(figure_name(name), value_of(now), value_of(before), url, BETTER_HIGH.get(name))


def _all_figures(report: MonthlyReport, link: Link) -> ReportTable:
    year_ago = report.months[0]
    header = (
        gettext("What is measured"), report.month, report.previous.month, gettext("Against the month before"),
        gettext("A year ago"),
    )  # fmt: skip
    rows = []
    for figure in report.current.figures:
        key = _key_figure(report, figure.id, link)
        rows.append([
            ReportCell(key.name), ReportCell(key.value, key.url), ReportCell(key.previous),
            ReportCell(key.change, is_right=True), ReportCell(value_of(year_ago.figure(figure.id))),
        ])  # fmt: skip
    return ReportTable(gettext("All figures"), header, rows)


def _trend(report: MonthlyReport) -> ReportTable:
    header = (gettext("Month"), *(figure_name(name) for name in TREND))
    rows = [
        [ReportCell(month.month), *(ReportCell(value_of(month.figure(name))) for name in TREND)]
        for month in report.months
    ]
    return ReportTable(gettext("Twelve months and this one"), header, rows)


def _breakdown(report: MonthlyReport, name: str, link: Link) -> ReportTable:
    rows = []
    for label, row in named_rows(report.breakdown(name)):
        url = link(name, row.key) if row.key != REST and (row.count or row.base) else ""
        rows.append([
            ReportCell(label), ReportCell(row.count, url), ReportCell(Share(row.count, row.base or 0)),
            ReportCell(_before(row)),
        ])  # fmt: skip
    header = ("", gettext("Count"), gettext("Share"), gettext("Month before"))
    return ReportTable(breakdown_name(name), header, rows)


def _before(row: Row) -> Share | None:
    return None if row.previous_count is None else Share(row.previous_count, row.previous_base or 0)


def _measures(report: MonthlyReport) -> ReportTable:
    header = (
        gettext("Measure against"), gettext("Kind"), gettext("In effect since"), gettext("Before"), gettext("After"),
        gettext("Effect"),
    )  # fmt: skip
    rows = [
        [
            ReportCell(_aim(report, effect)),
            ReportCell(gettext(MEASURE_KINDS.get(effect.kind, effect.kind))),
            ReportCell(effect.effective_from),
            ReportCell(Share(effect.before_count, effect.before_base)),
            ReportCell(Share(effect.after_count, effect.after_base)),
            ReportCell(gettext(VERDICTS[effect.verdict][0])),
        ]
        for effect in report.measures
    ]
    return ReportTable(gettext("Effect of earlier measures"), header, rows)


def _aim(report: MonthlyReport, effect: MeasureEffect) -> str:
    if effect.question_id:
        return key_name(report, "questions", effect.question_id)
    return key_name(report, "problem_kinds", effect.problem_kind or "")


def differences(issued: Sequence[Figure], today: Sequence[Figure]) -> list[tuple[str, str, str]]:
    """Figures that would be others if the report were made today: name, as issued, today."""
    now = {figure.id: figure for figure in today}
    return [
        (figure_name(figure.id), _told(figure), _told(now[figure.id]))
        for figure in issued
        if figure.id in now and figure != now[figure.id]
    ]


def _told(figure: Figure) -> str:
    cell = ReportCell(value_of(figure))
    return f"{cell.text} ({cell.base})" if cell.base else cell.text
