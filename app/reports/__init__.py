"""Figures computed from the records: read-only, for pages, charts, tables and documents (docs/monthly-report.md)."""

from app.reports.behind import Selection, selection
from app.reports.computing import ReportedSite, compute_monthly_report, month_figures
from app.reports.month import Month
from app.reports.monthly_report import (
    Breakdown,
    Figure,
    MeasureEffect,
    MonthFigures,
    MonthlyReport,
    ParetoRow,
    Row,
    Suggestion,
    WeekPoint,
    percent_of,
)
from app.reports.snapshot import plain_report, report_of
from app.reports.tally import Scope

__all__ = [
    "Breakdown",
    "Figure",
    "MeasureEffect",
    "Month",
    "MonthFigures",
    "MonthlyReport",
    "ParetoRow",
    "ReportedSite",
    "Row",
    "Scope",
    "Selection",
    "Suggestion",
    "WeekPoint",
    "compute_monthly_report",
    "month_figures",
    "percent_of",
    "plain_report",
    "report_of",
    "selection",
]
