"""Figures computed from the records: read-only, for pages, charts, tables and documents (docs/reports.md)."""

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

__all__ = [
    "Breakdown",
    "Figure",
    "MeasureEffect",
    "Month",
    "MonthFigures",
    "MonthlyReport",
    "ParetoRow",
    "Row",
    "Suggestion",
    "WeekPoint",
    "percent_of",
]
