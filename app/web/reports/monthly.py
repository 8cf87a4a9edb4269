"""The monthly report: list by site and month, the report, frozen or as of today, the cases behind each figure."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import func, select

from app.extensions import db
from app.models.case_list import CaseFilter, case_page
from app.models.display_names import site_names, user_names
from app.models.issued_report import IssuedReport
from app.models.issued_report_list import IssuedRow, drafted_between, issued_between, numbers_of_month
from app.models.questionnaire import question_texts
from app.models.visibility import can_see_instance
from app.reports import Month, MonthlyReport, ReportedSite, Row, compute_monthly_report, month_figures, selection
from app.reports.behind import Selection
from app.reports.computing import QUESTION_BREAKDOWNS
from app.reports.labels import FIGURES
from app.reports.month import MONTHS_BEFORE
from app.reports.tally import cases_of
from app.reports.visit_list import visit_page
from app.web.case_list_view import show_cases
from app.web.current import current_day, current_person, current_time
from app.web.past_moments import past_moment
from app.web.permissions import Permission, requires, sites_with
from app.web.reports.monthly_view import differences, monthly_view, no_link
from app.web.reports.monthly_words import breakdown_name, figure_name, row_name
from app.web.reports.places import Frozen, drafted_report, frozen, issued_report, links_to_cases, readable_site
from app.web.reports.planned_measures import planned_measures
from app.web.reports.quality_analysis import quality_analysis
from app.web.texts import gettext

blueprint = Blueprint("monthly_reports", __name__, url_prefix="/reports/monthly")


@blueprint.get("")
@requires(Permission.READ_REPORTS)
def index() -> str:
    """The months and their reports at each site of the person."""
    allowed = sites_with(current_person(), Permission.READ_REPORTS)
    newest = Month.read(request.args["until"]) if request.args.get("until") else _this_month()
    months = [newest.plus(-distance) for distance in range(MONTHS_BEFORE + 1)]
    first, last = str(months[-1]), str(newest)
    rows = issued_between(db.session(), allowed, first, last)
    names = site_names(db.session(), allowed)
    drafts = drafted_between(db.session(), allowed, first, last)
    return render_template(
        "reports/monthly_list.html",
        sites=sorted(names.items(), key=lambda site: (site[1], site[0])),
        months=[str(month) for month in months],
        issued=_by_place(rows),
        drafts={(site_id, month) for site_id, month, _case in drafts},
        people=user_names(db.session(), {row.issued_by for row in rows}),
        when=past_moment,
        this_month=str(_this_month()),
        earlier=url_for("monthly_reports.index", until=str(months[-1].plus(-1))),
        later=url_for("monthly_reports.index", until=str(newest.plus(MONTHS_BEFORE + 1)))
        if newest < _this_month()
        else "",
    )


@blueprint.get("/of/<site_id>/<month>")
@requires(Permission.READ_REPORTS)
def today(site_id: str, month: str) -> str:
    """The figures of a month as the records give them now."""
    site, wanted = readable_site(site_id), Month.read(month)
    report = compute_monthly_report(db.session(), site, wanted, now=current_time())
    return _page(Frozen(report, {}), site_id, numbers_of_month(db.session(), site_id, str(wanted)))


@blueprint.get("/draft/<instance_id>")
@requires(Permission.READ_REPORTS)
def draft(instance_id: str) -> str:
    """The figures that are being checked in a case."""
    found = drafted_report(instance_id)
    numbers = numbers_of_month(db.session(), found.site_id, found.month)
    return _page(frozen(found.content), found.site_id, numbers, case_id=instance_id)


@blueprint.get("/issued/<report_id>")
@requires(Permission.READ_REPORTS)
def issued(report_id: str) -> str:
    """A report as it was issued, with what would be different today."""
    found = issued_report(report_id)
    snapshot = frozen(found.content)
    numbers = numbers_of_month(db.session(), found.site_id, found.month)
    return _page(snapshot, found.site_id, numbers, shown=found, case_id=found.instance_id)


@blueprint.get("/of/<site_id>/<month>/cases")
@requires(Permission.READ_REPORTS)
def cases(site_id: str, month: str) -> str:
    """The cases behind a figure, or those it is a part of without counting them."""
    site, wanted = readable_site(site_id), Month.read(month)
    figure, key = request.args.get("figure", ""), request.args.get("key", "")
    is_rest = request.args.get("rest") == "1"
    chosen = selection(site, wanted, current_day(site.zone), figure, key=key, is_rest=is_rest)
    shown = _visits(site, chosen) if chosen.is_of_visits else _cases(site, chosen)
    following: dict[str, Any] = {**request.args.to_dict(), "after": shown["next_cursor"]}
    here: dict[str, Any] = {"site_id": site_id, "month": month, "figure": figure, "key": key or None}
    return render_template(
        "reports/behind.html",
        title=_title(figure, key),
        subtitle=f"{site_names(db.session(), {site_id})[site_id]} · {wanted}",
        month=str(wanted),
        report_url=url_for("monthly_reports.today", site_id=site_id, month=month),
        counted_url=url_for("monthly_reports.cases", **here),
        rest_url=url_for("monthly_reports.cases", **here, rest=1) if chosen.has_rest else "",
        is_rest=is_rest,
        next_url=url_for("monthly_reports.cases", **{**here, **following}) if shown["next_cursor"] else None,
        **shown,
    )


def _page(
    shown_report: Frozen,
    site_id: str,
    numbers: Sequence[IssuedRow],
    *,
    shown: IssuedReport | None = None,
    case_id: str = "",
) -> str:
    report = shown_report.report
    is_for_manufacturer = request.args.get("for") == "manufacturer"
    link = no_link if is_for_manufacturer else links_to_cases(site_id, report.month)
    comments: Mapping[str, str] = {} if is_for_manufacturer else shown_report.comments
    is_last = shown is not None and bool(numbers) and numbers[0].id == shown.id
    can_open_case = bool(case_id) and can_see_instance(db.session(), current_person().id, case_id)
    return render_template(
        "reports/monthly.html",
        view=monthly_view(report, comments, link),
        site_name=site_names(db.session(), {site_id})[site_id],
        site_id=site_id,
        issued=shown,
        is_last=is_last,
        numbers=numbers,
        is_for_manufacturer=is_for_manufacturer,
        differences=_differences(site_id, report) if shown and not is_for_manufacturer else [],
        analysis=quality_analysis(case_id) if is_last and not is_for_manufacturer else [],
        measures=planned_measures(case_id) if is_last and not is_for_manufacturer else [],
        people=user_names(db.session(), {shown.issued_by}) if shown and not is_for_manufacturer else {},
        case_url=url_for("cases.show", instance_id=case_id) if can_open_case else "",
        export_url=_export_url(site_id, report.month, shown, is_draft=bool(case_id) and shown is None),
        when=past_moment,
    )


def _export_url(site_id: str, month: str, issued: IssuedReport | None, *, is_draft: bool) -> str:
    """Where the report is had as a file; nowhere for who may not, and while it is being checked."""
    if is_draft or site_id not in sites_with(current_person(), Permission.EXPORT_REPORTS):
        return ""
    if issued is not None:
        return url_for("monthly_files.export_issued", report_id=issued.id)
    return url_for("monthly_files.export_today", site_id=site_id, month=month)


def _differences(site_id: str, report: MonthlyReport) -> list[tuple[str, str, str]]:
    site = readable_site(site_id)
    (now,) = month_figures(db.session(), site.scope, [Month.read(report.month)], current_day(site.zone))
    return differences(report.current.figures, now.figures)


def _cases(site: ReportedSite, chosen: Selection) -> dict[str, Any]:
    facts = chosen.facts(site.scope)
    after, only = request.args.get("after"), cases_of(facts)
    page = case_page(db.session(), current_person().id, CaseFilter("all"), after=after, only=only)
    return {"cases": show_cases(page.rows), "count": _count(facts), "next_cursor": page.next_cursor}


def _visits(site: ReportedSite, chosen: Selection) -> dict[str, Any]:
    facts = chosen.facts(site.scope)
    page = visit_page(db.session(), facts, after=request.args.get("after"))
    visits = [(row, past_moment(row.handed_over_at)) for row in page.rows]
    return {"visits": visits, "count": _count(facts), "next_cursor": page.next_cursor}


def _count(facts: Any) -> int:
    return db.session().scalar(select(func.count()).select_from(facts.subquery())) or 0


def _title(figure: str, key: str) -> str:
    if figure in FIGURES:
        return figure_name(figure)
    texts = question_texts(db.session()).get(key) if figure in QUESTION_BREAKDOWNS else None
    labels = None if texts is None else {"en": texts[0], "zh_CN": texts[1]}
    return breakdown_name(figure) + gettext(": ") + row_name(figure, Row(key, 0, labels=labels))


def _by_place(rows: Sequence[IssuedRow]) -> dict[tuple[str, str], list[IssuedRow]]:
    found: dict[tuple[str, str], list[IssuedRow]] = {}
    for row in rows:
        found.setdefault((row.site_id, row.month), []).append(row)
    return found


def _this_month() -> Month:
    return Month.of(current_day(current_person().zone))
