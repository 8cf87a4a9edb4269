"""Reports: the monthly one, as of today and as issued, and those of follow-ups; the cases behind figures; files."""

from typing import Annotated, Literal

from flask import Response
from msgspec import Meta

from app.extensions import db
from app.i18n import N_
from app.models.case_list import CaseFilter, case_page
from app.models.issued_report_list import drafted_between, issued_between
from app.reports import Month, compute_monthly_report, selection
from app.reports.follow_up_statistics import StatisticsRow, compute_statistics
from app.reports.month import MONTHS_BEFORE
from app.reports.tally import cases_of
from app.reports.visit_list import visit_page
from app.web.api.report_shapes import (
    Counted,
    CountedVisit,
    DraftInList,
    FigureRow,
    FileWanted,
    FollowUpNumbers,
    IssuedInList,
    IssuedMonthReport,
    MonthFileWanted,
    MonthReport,
    MonthReports,
    counted_cases,
    month_report,
    numbers,
)
from app.web.api.shapes import AnySite, Cursor, Day, MonthText, Received
from app.web.api.subjects import Subject, Told
from app.web.current import current_day, current_person, current_time
from app.web.follow_up_reports import counted_cases as cases_of_address
from app.web.follow_up_reports import file_asked, report_asked
from app.web.permissions import Permission, sites_with
from app.web.report_files import MEDIA_TYPES, hand_over
from app.web.reports.monthly_files import file_of_issued, file_of_today
from app.web.reports.places import frozen, issued_report, readable_site
from app.web.transactions import commits_itself

REPORTS = Subject(
    "reports", N_("Reports"),
    N_("Figures by their ids; docs/monthly-report.md defines them. Behind each stand the cases it counts, of which the "
       "person gets those they may see. A file that is taken away is written down."),
)  # fmt: skip
READ, EXPORT = Permission.READ_REPORTS, Permission.EXPORT_REPORTS
FILES = tuple(MEDIA_TYPES.values())
OF_MONTH = "/reports/monthly/<site_id>/<month>"


class WantedReports(Received, frozen=True):
    """Which reports."""

    until: Annotated[MonthText, Meta(description=N_("The last month of thirteen; without it this one"))] | None = None


class WantedFigure(Received, frozen=True):
    """Which figure of the monthly report."""

    figure: Annotated[str, Meta(max_length=64, description=N_("The id of a figure or breakdown"))]
    key: Annotated[str, Meta(max_length=200, description=N_("The row of the breakdown"))] = ""
    rest: Annotated[bool, Meta(description=N_("What the figure is a part of without counting it"))] = False
    after: Cursor | None = None


class WantedPeriod(Received, frozen=True):
    """Which report of follow-ups."""

    kind: Literal["day", "week", "month"] = "day"
    on: Annotated[Day, Meta(description=N_("A day in it; without it today"))] | None = None
    site: AnySite = ""
    occasion: Annotated[str, Meta(max_length=40, description=N_("Of one occasion only"))] = ""


class WantedFollowUpFigure(WantedPeriod, frozen=True, kw_only=True):
    """Which figure of it."""

    figure: Annotated[str, Meta(max_length=64, description=N_("The id of a figure"))]
    cut: Annotated[str, Meta(max_length=40, description=N_("Of one breakdown"))] = ""
    key: Annotated[str, Meta(max_length=200, description=N_("The row of the breakdown"))] = ""
    after: Cursor | None = None


@REPORTS.offers("GET", "/reports/monthly", READ, "read", Told(N_("List the monthly reports of thirteen months")))
def list_monthly_reports(query: WantedReports) -> MonthReports:
    """At each site of the person."""
    allowed = sites_with(current_person(), READ)
    newest = Month.read(query.until) if query.until else Month.of(current_day(current_person().zone))
    first, last = str(newest.plus(-MONTHS_BEFORE)), str(newest)
    return MonthReports(
        [
            IssuedInList(
                row.id, row.site_id, row.month, row.number, row.instance_id, row.sha256, row.issued_at, row.issued_by
            )
            for row in issued_between(db.session(), allowed, first, last)
        ],
        [DraftInList(*row) for row in drafted_between(db.session(), allowed, first, last)],
    )


@REPORTS.offers("GET", OF_MONTH, READ, "read", Told(N_("Get the figures of a month as of today"), refuses=(422,)))
def monthly_report(site_id: str, month: str) -> MonthReport:
    """As the records give them now."""
    site, wanted = readable_site(site_id), Month.read(month)
    return month_report(compute_monthly_report(db.session(), site, wanted, now=current_time()))


@REPORTS.offers("GET", "/reports/issued/<report_id>", READ, "read", Told(N_("Get a monthly report as it was issued")))
def issued_monthly_report(report_id: str) -> IssuedMonthReport:
    """Frozen for good."""
    found = issued_report(report_id)
    snapshot = frozen(found.content)
    return IssuedMonthReport(
        found.id, found.number, found.instance_id, found.sha256, found.issued_at, found.issued_by,
        month_report(snapshot.report), dict(snapshot.comments),
    )  # fmt: skip


@REPORTS.offers("GET", f"{OF_MONTH}/counted", READ, "read", Told(N_("List what stands behind a figure of a month")))
def counted_in_month(site_id: str, month: str, query: WantedFigure) -> Counted:
    """Cases that the person may see, or visits."""
    site = readable_site(site_id)
    chosen = selection(site, Month.read(month), current_day(site.zone), query.figure, key=query.key, is_rest=query.rest)
    facts = chosen.facts(site.scope)
    if not chosen.is_of_visits:
        reader, only = current_person().id, cases_of(facts)
        return counted_cases(case_page(db.session(), reader, CaseFilter("all"), after=query.after, only=only))
    page = visit_page(db.session(), facts, after=query.after)
    visits = [
        CountedVisit(row.id, row.order_number, row.kind, row.model, row.amount, row.handed_over_at) for row in page.rows
    ]
    return Counted([], visits, page.next_cursor)


@REPORTS.offers(
    "POST", f"{OF_MONTH}/file", EXPORT, "export", Told(N_("Take the figures of a month away as a file"), files=FILES)
)
@commits_itself  # the record of it: no other writer waits while the file is made
def file_of_month(site_id: str, month: str, body: MonthFileWanted) -> Response:
    """As of today."""
    return hand_over(file_of_today(site_id, month, is_for_manufacturer=body.is_for_manufacturer), body.form)


@REPORTS.offers(
    "POST", "/reports/issued/<report_id>/file", EXPORT, "export",
    Told(N_("Take an issued report away as a file"), files=FILES),
)  # fmt: skip
@commits_itself
def file_of_issued_report(report_id: str, body: MonthFileWanted) -> Response:
    """As it was issued."""
    return hand_over(file_of_issued(report_id, is_for_manufacturer=body.is_for_manufacturer), body.form)


@REPORTS.offers(
    "GET", "/reports/follow-ups", READ, "read",
    Told(N_("Get the follow-up report of a day, a week or a month"), refuses=(404,)),
)  # fmt: skip
def follow_up_report(query: WantedPeriod) -> FollowUpNumbers:  # noqa: ARG001  # read by `report_asked`
    """Beside that of the period before."""
    sites, period, occasion = report_asked(READ)
    found = compute_statistics(db.session(), sites.scope, period, occasion)
    return FollowUpNumbers(
        sorted(sites.scope.site_ids), period.kind, period.first, period.last,  # type: ignore[arg-type]
        numbers(found.figures), numbers(found.previous), [_row(row) for row in found.course],
        {name: [_row(row) for row in rows] for name, rows in found.cuts.items()},
        numbers(found.problem_kinds), numbers(found.questions), numbers(found.causes),
    )  # fmt: skip


@REPORTS.offers(
    "GET", "/reports/follow-ups/counted", READ, "read",
    Told(N_("List the cases behind a figure of such a report"), refuses=(404,)),
)  # fmt: skip
def counted_in_follow_ups(query: WantedFollowUpFigure) -> Counted:
    """Those that the person may see."""
    only = cases_of_address(*report_asked(READ))
    page = case_page(db.session(), current_person().id, CaseFilter("all"), after=query.after, only=only)
    return counted_cases(page)


@REPORTS.offers(
    "POST", "/reports/follow-ups/file", EXPORT, "export",
    Told(N_("Take such a report away as a file"), refuses=(404,), files=FILES),
)  # fmt: skip
@commits_itself
def file_of_follow_ups(query: WantedPeriod, body: FileWanted) -> Response:  # noqa: ARG001
    """The same as its page."""
    return hand_over(file_asked(), body.form)


def _row(row: StatisticsRow) -> FigureRow:
    return FigureRow(row.key, numbers(row.figures))
