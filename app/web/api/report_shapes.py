"""Reports in their shapes: figures by id, so that programs need no words of any language."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from app.i18n import N_
from app.models.case_list import CasePage
from app.reports import Figure, MonthFigures, MonthlyReport
from app.web.api.cases import ListedCase, listed_case
from app.web.api.shapes import Next, Received, Shape


class Number(Shape, frozen=True):
    """A figure."""

    id: str
    count: int
    base: Annotated[int | None, Meta(description=N_("What it is a part of; null where it is a count"))]


class MonthNumbers(Shape, frozen=True):
    """The figures of a month."""

    month: str
    figures: list[Number]


class ReportRow(Shape, frozen=True):
    """A row of a breakdown."""

    key: str
    count: int
    base: int | None
    previous_count: int | None
    previous_base: int | None
    labels: Annotated[dict[str, str] | None, Meta(description=N_("Its name by language, where the data give one"))]


class ReportBreakdown(Shape, frozen=True):
    """A figure broken down."""

    id: str
    rows: list[ReportRow]


class MonthReport(Shape, frozen=True):
    """The report of a month of a site."""

    site: str
    month: str
    computed_at: datetime
    months: Annotated[list[MonthNumbers], Meta(description=N_("Twelve months and this one, the oldest first"))]
    breakdowns: list[ReportBreakdown]


class IssuedMonthReport(Shape, frozen=True):
    """A report as it was issued."""

    id: str
    number: int
    case: str
    sha256: Annotated[str, Meta(description=N_("Of what was frozen"))]
    issued_at: datetime
    issued_by: str
    report: MonthReport
    comments: Annotated[dict[str, str], Meta(description=N_("What was said of each part"))]


class IssuedInList(Shape, frozen=True):
    """An issued report without its content."""

    id: str
    site: str
    month: str
    number: int
    case: str
    sha256: str
    issued_at: datetime
    issued_by: str


class DraftInList(Shape, frozen=True):
    """Figures that are being checked in a case."""

    site: str
    month: str
    case: str


class MonthReports(Shape, frozen=True):
    """The reports there are."""

    issued: list[IssuedInList]
    drafts: list[DraftInList]


class CountedVisit(Shape, frozen=True):
    """A visit behind a figure that counts customers or orders."""

    id: str
    order_number: str
    kind: str
    model: str
    amount: Decimal | None
    handed_over_at: datetime


class Counted(Shape, frozen=True):
    """What a figure counts: cases that the person may see, or visits."""

    cases: list[ListedCase]
    visits: list[CountedVisit]
    next: Next


class FigureRow(Shape, frozen=True):
    """A row of a breakdown with its figures."""

    key: str
    figures: list[Number]


class FollowUpNumbers(Shape, frozen=True):
    """The follow-ups of a day, a week or a month."""

    sites: list[str]
    kind: Literal["day", "week", "month"]
    first: date
    last: date
    figures: list[Number]
    previous: Annotated[list[Number], Meta(description=N_("The same of the period before"))]
    course: list[FigureRow]
    by: Annotated[dict[str, list[FigureRow]], Meta(description=N_("By occasions, callers and service advisors"))]
    problem_kinds: list[Number]
    questions: list[Number]
    causes: list[Number]


class FileWanted(Received, frozen=True):
    """In which form."""

    form: Literal["xlsx", "csv", "pdf"]


class MonthFileWanted(Received, frozen=True):
    """In which form, and for whom."""

    form: Literal["xlsx", "csv", "pdf"]
    is_for_manufacturer: Annotated[bool, Meta(description=N_("Without what is said inside the house only"))] = False


def numbers(figures: Iterable[Figure]) -> list[Number]:
    """Figures in their shape."""
    return [Number(figure.id, figure.count, figure.base) for figure in figures]


def month_report(report: MonthlyReport) -> MonthReport:
    """A report in its shape."""
    return MonthReport(
        report.site_id, report.month, datetime.fromisoformat(report.computed_at),
        [_month(month) for month in report.months],
        [
            ReportBreakdown(
                one.id,
                [
                    ReportRow(row.key, row.count, row.base, row.previous_count, row.previous_base, _labels(row.labels))
                    for row in one.rows
                ],
            )
            for one in report.breakdowns
        ],
    )  # fmt: skip


def counted_cases(page: CasePage) -> Counted:
    """A page of cases behind a figure."""
    return Counted([listed_case(row) for row in page.rows], [], page.next_cursor)


def _month(month: MonthFigures) -> MonthNumbers:
    return MonthNumbers(month.month, numbers(month.figures))


def _labels(labels: Mapping[str, str] | None) -> dict[str, str] | None:
    return None if labels is None else dict(labels)
