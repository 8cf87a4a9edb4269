"""The dashboard of managers: what is open, late and beyond its limit now, and the rates of the month."""

from typing import Annotated, Literal

from msgspec import Meta

from app.extensions import db
from app.i18n import N_
from app.models.case_list import CaseFilter, case_page
from app.reports import Month
from app.reports.open_work import Desk, Load, clocks, open_cases, user_tasks_by_group, user_tasks_by_person
from app.reports.site_rates import site_rates
from app.web.api.report_shapes import Counted, Number, counted_cases, numbers
from app.web.api.shapes import AnySite, Cursor, Moment, MonthText, Received, Shape
from app.web.api.subjects import Subject, Told
from app.web.current import current_day, current_person, current_time
from app.web.dashboard import cases_asked
from app.web.permissions import Permission
from app.web.report_scope import chosen_sites

DASHBOARD = Subject("dashboard", N_("Dashboard"), N_("The numbers of managers, of the cases that the person may see."))
SEE = Permission.SEE_DASHBOARD
List = Literal["open", "incident", "waiting", "late", "clocks", "warned", "breached"]


class OpenAndLate(Shape, frozen=True):
    """How much of something is open at a site, and how much of it is late."""

    site: str
    key: str
    open: int
    late: int


class RunningClocks(Shape, frozen=True):
    """Rounds of a clock that run: all, those near their limit, those beyond it."""

    site: str
    process: str
    clock: str
    running: int
    warned: int
    breached: int


class SiteRates(Shape, frozen=True):
    """The rates of the month at a site."""

    site: str
    figures: list[Number]


class DashboardNow(Shape, frozen=True):
    """All its numbers."""

    at: Moment
    month: str
    cases: Annotated[list[OpenAndLate], Meta(description=N_("By process; late are those with an incident"))]
    user_tasks_by_person: Annotated[list[OpenAndLate], Meta(description=N_("Nobody's have an empty key"))]
    user_tasks_by_group: list[OpenAndLate]
    clocks: list[RunningClocks]
    rates: list[Number]
    rates_before: Annotated[list[Number], Meta(description=N_("Those of the month before"))]
    rates_by_site: list[SiteRates]


class OfSites(Received, frozen=True):
    """Of which site."""

    site: AnySite = ""


class WantedOfDashboard(OfSites, frozen=True):
    """Which number: one of now (`what`), or a rate of a month."""

    what: List = "open"
    process: Annotated[str, Meta(max_length=255)] = ""
    group: Annotated[str, Meta(max_length=64)] = ""
    person: Annotated[str, Meta(max_length=64, description=N_("Whose tasks; empty for nobody's"))] | None = None
    clock: Annotated[str, Meta(max_length=200)] = ""
    rate: Annotated[str, Meta(max_length=40, description=N_("The id of a rate; then “month” is needed"))] | None = None
    month: MonthText | None = None
    after: Cursor | None = None


@DASHBOARD.offers("GET", "/dashboard", SEE, "read", Told(N_("Get the numbers of the dashboard"), refuses=(404,)))
def show_dashboard(query: OfSites) -> DashboardNow:  # noqa: ARG001  # read by `chosen_sites`
    """Of the person's sites, or one of them."""
    sites, session = chosen_sites(SEE), db.session()
    desk, today = Desk(current_person().id, sites.scope.site_ids, current_time()), current_day(sites.scope.zone)
    now, before = site_rates(session, sites.scope, Month.of(today), today)
    return DashboardNow(
        at=desk.now,
        month=str(now.month),
        cases=[_load(one) for one in open_cases(session, desk)],
        user_tasks_by_person=[_load(one) for one in user_tasks_by_person(session, desk)],
        user_tasks_by_group=[_load(one) for one in user_tasks_by_group(session, desk)],
        clocks=[
            RunningClocks(one.site_id, one.process_key, one.clock_id, one.running, one.warned, one.breached)
            for one in clocks(session, desk)
        ],
        rates=numbers(now.together.values()),
        rates_before=numbers(before.together.values()),
        rates_by_site=[SiteRates(site, numbers(rates.values())) for site, rates in now.by_site.items()],
    )


@DASHBOARD.offers(
    "GET", "/dashboard/cases", SEE, "read", Told(N_("List the cases behind a number of the dashboard"), refuses=(404,))
)
def cases_of_dashboard(query: WantedOfDashboard) -> Counted:
    """Those that the person may see."""
    _title, only = cases_asked(chosen_sites(SEE))
    page = case_page(db.session(), current_person().id, CaseFilter("all"), after=query.after, only=only)
    return counted_cases(page)


def _load(one: Load) -> OpenAndLate:
    return OpenAndLate(one.site_id, one.key or "", one.open, one.late)
