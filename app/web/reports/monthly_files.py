"""The monthly report as a workbook or PDF, to be handed to the general manager or sent to the manufacturer."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, request

from app.extensions import db
from app.models.display_names import site_names, user_names
from app.models.issued_report import IssuedReport
from app.models.issued_report_list import numbers_of_month
from app.reports import Month, compute_monthly_report
from app.reports.tally import Scope
from app.web.current import current_person, current_time
from app.web.permissions import Permission, requires
from app.web.report_files import Paper, ReportFile, hand_over
from app.web.report_tables import ReportCell, ReportTable, figures_table
from app.web.reports.monthly_view import MonthlyView, monthly_view
from app.web.reports.places import Frozen, exportable_site, frozen, issued_report
from app.web.reports.planned_measures import planned_measures
from app.web.reports.quality_analysis import Said, quality_analysis
from app.web.texts import gettext
from app.web.transactions import commits_itself

blueprint = Blueprint("monthly_files", __name__, url_prefix="/reports/monthly")


@blueprint.post("/of/<site_id>/<month>/export")
@requires(Permission.EXPORT_REPORTS)
@commits_itself  # the record of it: no other writer waits while the file is made
def export_today(site_id: str, month: str) -> Response:
    """The figures of a month as the records give them now."""
    return hand_over(file_of_today(site_id, month, is_for_manufacturer=_is_for_manufacturer()), _form())


@blueprint.post("/issued/<report_id>/export")
@requires(Permission.EXPORT_REPORTS)
@commits_itself
def export_issued(report_id: str) -> Response:
    """A report as it was issued."""
    return hand_over(file_of_issued(report_id, is_for_manufacturer=_is_for_manufacturer()), _form())


def file_of_today(site_id: str, month: str, *, is_for_manufacturer: bool) -> ReportFile:
    """The figures of a month as the records give them now. Raises NotFound, NotAllowed, InvalidInput."""
    site, wanted = exportable_site(site_id), Month.read(month)
    report = compute_monthly_report(db.session(), site, wanted, now=current_time())
    return _file(Frozen(report, {}), site_id, None, is_for_manufacturer=is_for_manufacturer)


def file_of_issued(report_id: str, *, is_for_manufacturer: bool) -> ReportFile:
    """A report as it was issued. Raises NotFound, NotAllowed."""
    found = issued_report(report_id)
    exportable_site(found.site_id)
    return _file(frozen(found.content), found.site_id, found, is_for_manufacturer=is_for_manufacturer)


def _is_for_manufacturer() -> bool:
    return request.form.get("for") == "manufacturer"


def _form() -> str:
    return request.form.get("form", "")


def _file(shown: Frozen, site_id: str, issued: IssuedReport | None, *, is_for_manufacturer: bool) -> ReportFile:
    view = monthly_view(shown.report, {} if is_for_manufacturer else shown.comments)
    site_name = site_names(db.session(), {site_id})[site_id]
    title = gettext("Monthly report %(month)s", month=view.report.month)
    shown_issued = None if is_for_manufacturer else issued
    last_case = "" if shown_issued is None else _case_of_last(shown_issued)
    analysis = quality_analysis(last_case) if last_case else []
    measures = planned_measures(last_case) if last_case else []
    facts = _facts(view, site_name, shown_issued)
    report = "monthly_report_manufacturer" if is_for_manufacturer else "monthly_report"
    number = f" #{issued.number}" if issued else ""
    return ReportFile(
        report=report,
        scope=Scope((site_id,), current_person().zone),
        period=f"{view.report.month}{number}",
        name=f"{title} {site_name}{number.replace('#', '')}",
        tables=_tables(view, measures, analysis, facts),
        above=(title, site_name),
        paper=Paper(
            "reports/monthly_paper.html",
            {
                "view": view, "title": title, "site_name": site_name, "issued": shown_issued, "facts": facts,
                "is_for_manufacturer": is_for_manufacturer, "analysis": analysis, "measures": measures,
                "signatures": (gettext("CR advisor"), gettext("Service manager"), gettext("General manager")),
            },
        ),
    )  # fmt: skip


def _case_of_last(issued: IssuedReport) -> str:
    """The case of the newest number, which the managers wrote on; an older one was asked back before they did."""
    numbers = numbers_of_month(db.session(), issued.site_id, issued.month)
    return issued.instance_id if numbers and numbers[0].id == issued.id else ""


def _facts(view: MonthlyView, site_name: str, issued: IssuedReport | None) -> list[tuple[str, str]]:
    facts = [
        (gettext("Site"), site_name),
        (gettext("Month"), view.report.month),
        (gettext("Figures computed"), _moment(datetime.fromisoformat(view.report.computed_at))),
    ]
    if issued is None:
        return facts
    by = user_names(db.session(), {issued.issued_by}).get(issued.issued_by, issued.issued_by)
    return [
        *facts,
        (gettext("Report no."), str(issued.number)),
        (gettext("Issued by"), by),
        (gettext("Issued"), _moment(issued.issued_at)),
    ]


def _tables(
    view: MonthlyView, measures: Sequence[ReportTable], analysis: Sequence[Said], facts: Sequence[tuple[str, str]]
) -> list[ReportTable]:
    key_figures = figures_table(gettext("Key figures"), view.figures, view.report.month, view.report.previous.month)
    said = [(part.title, part.comment) for part in view.parts if part.comment]
    said += [(one.title, one.text) for one in analysis]
    header = (gettext("About"), gettext("What was said"))
    tables = [key_figures, *view.tables, *measures]
    if said:
        rows = [[ReportCell(name), ReportCell(text)] for name, text in said]
        tables.append(ReportTable(gettext("Comments"), header, rows))
    rows = [[ReportCell(name), ReportCell(value)] for name, value in facts]
    return [*tables, ReportTable(gettext("About this report"), (gettext("Fact"), gettext("Value")), rows)]


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(current_person().zone):%Y-%m-%d %H:%M}"
