"""A monthly report as plain values, for the canonical JSON that is frozen, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from app.reports.monthly_report import (
    Breakdown,
    Figure,
    MeasureEffect,
    MonthFigures,
    MonthlyReport,
    Row,
    Suggestion,
    WeekPoint,
)

FORMAT = 1


def plain_report(report: MonthlyReport) -> dict[str, Any]:
    """Texts, whole numbers, lists and mappings only."""
    return {"format": FORMAT} | asdict(report)


def report_of(plain: Mapping[str, Any]) -> MonthlyReport:
    """The report that `plain_report` made these values from."""
    return MonthlyReport(
        site_id=plain["site_id"],
        month=plain["month"],
        computed_at=plain["computed_at"],
        months=tuple(
            MonthFigures(month["month"], tuple(Figure(**figure) for figure in month["figures"]))
            for month in plain["months"]
        ),
        breakdowns=tuple(
            Breakdown(breakdown["id"], tuple(Row(**row) for row in breakdown["rows"]))
            for breakdown in plain["breakdowns"]
        ),
        weeks=tuple(WeekPoint(**week) for week in plain["weeks"]),
        measures=tuple(MeasureEffect(**measure) for measure in plain["measures"]),
        suggestions=tuple(Suggestion(**suggestion) for suggestion in plain["suggestions"]),
    )
