"""The dashboard of managers: what is open, late and beyond its limit, and how the follow-ups of the month go."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from app.errors import NotFound
from app.extensions import db
from app.i18n import N_
from app.models.case_list import CaseFilter, case_page
from app.reports import Month
from app.reports.open_work import Desk, Wanted, listed
from app.web.case_list_view import show_cases
from app.web.current import current_person, current_time
from app.web.dashboard_view import dashboard
from app.web.permissions import Permission, requires
from app.web.report_scope import chosen_sites
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
    "missed": N_("Cases whose clock was not kept"),
}


@blueprint.get("")
@requires(Permission.SEE_DASHBOARD)
def show() -> str:
    """The sites of the person, or one of them."""
    sites = chosen_sites(Permission.SEE_DASHBOARD)
    return render_template("reports/dashboard.html", dashboard=dashboard(sites), sites=sites)


@blueprint.get("/cases")
@requires(Permission.SEE_DASHBOARD)
def cases() -> str:
    """The cases behind a number, of those the person may see."""
    sites = chosen_sites(Permission.SEE_DASHBOARD)
    asked = request.args
    what = asked.get("what", "open")
    since = Month.read(asked["month"]).begins_at(sites.scope.zone) if "month" in asked else None
    wanted = Wanted(
        asked.get("process", ""), asked.get("group", ""), asked.get("person"), asked.get("clock", ""), since
    )
    desk = Desk(current_person().id, sites.scope.site_ids, current_time())
    only = listed(desk, what, wanted)
    if only is None:
        raise NotFound(N_("The dashboard has no such list."))
    page = case_page(db.session(), desk.reader, CaseFilter("all"), after=asked.get("after"), only=only)
    following: dict[str, Any] = {**asked.to_dict(), "after": page.next_cursor}
    return render_template(
        "reports/cases.html",
        title=gettext(LISTS[what]),
        report_title=gettext("Dashboard"),
        report_url=url_for("dashboard.show", site=sites.chosen or None),
        subtitle=sites.name,
        cases=show_cases(page.rows),
        next_url=url_for("dashboard.cases", **following) if page.next_cursor else None,
    )
