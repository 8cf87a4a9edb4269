"""The dashboard of managers: what is open, late and beyond its limit, and how the follow-ups of the month go."""

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import ColumnElement

from app.errors import NotFound
from app.i18n import N_
from app.reports import Month
from app.reports.labels import FIGURES
from app.reports.open_work import Desk, Wanted, listed
from app.reports.site_rates import CLOCK_RATES, RATES, facts_of_rate
from app.reports.tally import cases_of
from app.web.current import current_day, current_person, current_time
from app.web.dashboard_view import dashboard
from app.web.permissions import Permission, requires
from app.web.report_cases import cases_page
from app.web.report_scope import ChosenSites, chosen_sites
from app.web.texts import gettext

blueprint = Blueprint("dashboard", __name__, url_prefix="/dashboard")

LISTS = {
    "open": N_("Open cases"),
    "incident": N_("Cases with an incident"),
    "waiting": N_("Cases with open tasks"),
    "late": N_("Cases with late tasks"),
    "clocks": N_("Cases with a running clock"),
    "warned": N_("Cases with a clock near its limit"),
    "breached": N_("Cases with a clock beyond its limit"),
}
NOT_KEPT = N_("Cases whose clock was not kept")


@blueprint.get("")
@requires(Permission.SEE_DASHBOARD)
def show() -> str:
    """The sites of the person, or one of them."""
    sites = chosen_sites(Permission.SEE_DASHBOARD)
    return render_template("reports/dashboard.html", dashboard=dashboard(sites), sites=sites)


@blueprint.get("/cases")
@requires(Permission.SEE_DASHBOARD)
def cases() -> str:
    """The cases behind a number, or behind a rate of a month, of those the person may see."""
    sites = chosen_sites(Permission.SEE_DASHBOARD)
    title, only = cases_asked(sites)
    return cases_page(
        only, title=gettext(title), subtitle=sites.name, report_title=gettext("Dashboard"),
        report_url=url_for("dashboard.show", site=sites.chosen or None),
    )  # fmt: skip


def cases_asked(sites: ChosenSites) -> tuple[str, ColumnElement[bool]]:
    """What the list that the address asks for is called, and its cases as a condition. Raises NotFound."""
    return _of_rate(sites) if "rate" in request.args else _of_now(sites)


def _of_now(sites: ChosenSites) -> tuple[str, ColumnElement[bool]]:
    asked = request.args
    what = asked.get("what", "open")
    wanted = Wanted(asked.get("process", ""), asked.get("group", ""), asked.get("person"), asked.get("clock", ""))
    only = listed(Desk(current_person().id, sites.scope.site_ids, current_time()), what, wanted)
    if only is None:
        raise _no_such_list()
    return LISTS[what], only


def _of_rate(sites: ChosenSites) -> tuple[str, ColumnElement[bool]]:
    name, month = request.args["rate"], Month.read(request.args.get("month", ""))
    if name not in RATES:
        raise _no_such_list()
    facts = facts_of_rate(sites.scope, month, current_day(sites.scope.zone), name)
    return NOT_KEPT if name in CLOCK_RATES else FIGURES[name], cases_of(facts)


def _no_such_list() -> NotFound:
    return NotFound(N_("The dashboard has no such list."))
