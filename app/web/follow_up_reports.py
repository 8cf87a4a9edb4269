"""Daily and weekly follow-up reports and the monthly 7DC/3DC statistics (B2.四.2): page, files, cases behind them."""

from datetime import date

from flask import Blueprint, Response, render_template, request, url_for
from sqlalchemy import ColumnElement

from app.errors import NotFound
from app.i18n import N_
from app.operations.follow_up_occasions import OCCASIONS, OCCASIONS_BY_ID
from app.reports.follow_up_statistics import facts
from app.reports.periods import KINDS, Period
from app.reports.tally import cases_of
from app.web.current import current_day, current_person
from app.web.follow_up_report_view import follow_up_report
from app.web.follow_up_words import FIGURES, report_title
from app.web.follow_up_words import KINDS as KIND_WORDS
from app.web.follow_ups.shown import day_of
from app.web.permissions import Permission, permissions_of, requires
from app.web.report_cases import cases_page
from app.web.report_files import Paper, ReportFile, hand_over
from app.web.report_scope import ChosenSites, chosen_sites
from app.web.report_tables import figures_table
from app.web.texts import gettext
from app.web.transactions import commits_itself

blueprint = Blueprint("follow_up_reports", __name__, url_prefix="/reports/follow-ups")


@blueprint.get("")
@requires(Permission.READ_REPORTS)
def show() -> str:
    """The report of a day, week or month; today's where none is asked for."""
    sites, period, occasion = report_asked(Permission.READ_REPORTS)

    def address(kind: str, day: date) -> str:
        chosen, asked = sites.chosen or None, occasion or None
        return url_for("follow_up_reports.show", kind=kind, on=day.isoformat(), site=chosen, occasion=asked)

    return render_template(
        "reports/follow_ups.html",
        report=follow_up_report(sites, period, occasion),
        sites=sites,
        occasion=occasion,
        occasions=[("", gettext("All occasions")), *((one.id, gettext(one.label)) for one in OCCASIONS)],
        kinds=[(kind, gettext(KIND_WORDS[kind][0]), address(kind, period.first)) for kind in KINDS],
        before=address(period.kind, period.previous.first),
        after=address(period.kind, period.following.first),
        can_export=Permission.EXPORT_REPORTS in permissions_of(current_person()),
    )


@blueprint.post("/export")
@requires(Permission.EXPORT_REPORTS)
@commits_itself  # the record of it: no other writer waits while the file is made
def export() -> Response:
    """The same as a file."""
    return hand_over(file_asked(), request.form.get("form", ""))


@blueprint.get("/cases")
@requires(Permission.READ_REPORTS)
def cases() -> str:
    """The cases behind a figure of such a report, of those the person may see."""
    sites, period, occasion = report_asked(Permission.READ_REPORTS)
    figure = request.args.get("figure", "")
    return cases_page(
        counted_cases(sites, period, occasion),
        title=gettext(FIGURES[figure]),
        subtitle=f"{sites.name} · {period}",
        report_title=report_title(period.kind, occasion),
        report_url=url_for("follow_up_reports.show", kind=period.kind, on=period.first.isoformat(), site=sites.chosen),
    )


def counted_cases(sites: ChosenSites, period: Period, occasion: str) -> ColumnElement[bool]:
    """The cases behind the figure that the address names, as a condition. Raises NotFound."""
    figure, cut, key = (request.args.get(name, "") for name in ("figure", "cut", "key"))
    counted = facts(sites.scope, period, occasion, figure, cut, key)
    if counted is None:
        raise NotFound(N_("This report has no such figure."))
    return cases_of(counted)


def report_asked(permission: Permission) -> tuple[ChosenSites, Period, str]:
    """Sites, period and occasion (empty for all) that the request asks for. Raises NotFound, InvalidInput."""
    sites = chosen_sites(permission)
    return sites, _period(sites), _occasion()


def file_asked() -> ReportFile:
    """The report that the request asks for, to be handed over."""
    sites, period, occasion = report_asked(Permission.EXPORT_REPORTS)
    report = follow_up_report(sites, period, occasion)
    above = (report.title, report.subtitle)
    key_figures = figures_table(gettext("Key figures"), report.figures, str(period), str(period.previous))
    return ReportFile(
        report=f"follow_up_{period.kind}",
        scope=sites.scope,
        period=str(period),
        name=f"{report.title.replace('/', '-')} {period} {sites.name}",
        tables=(key_figures, *report.tables),
        above=above,
        paper=Paper("reports/follow_ups_paper.html", {"report": report}),
    )


def _period(sites: ChosenSites) -> Period:
    on = request.values.get("on", "")
    day = day_of(on) if on else current_day(sites.scope.zone)
    return Period.around(request.values.get("kind", KINDS[0]), day)


def _occasion() -> str:
    occasion = request.values.get("occasion", "")
    return occasion if occasion in OCCASIONS_BY_ID else ""
