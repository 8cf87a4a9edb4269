"""The dashboard in words: key figures of now and of the month, and the tables they are made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.charts import Caption, TrendPoint, pareto
from app.extensions import db
from app.models.display_names import group_names, newest_definition_names, user_names
from app.reports import Figure, Month
from app.reports.labels import FIGURES as MONTH_FIGURES
from app.reports.open_work import (
    ClockLoad,
    Desk,
    Load,
    clocks,
    open_cases,
    user_tasks_by_group,
    user_tasks_by_person,
)
from app.reports.site_rates import CLOCK_RATES, RATES, Rates, problems_of_month, satisfaction_by_month, site_rates
from app.web.chart_figures import Figure as ChartFigure
from app.web.chart_figures import most_frequent_figure, rates_figure, trend_figure
from app.web.current import current_day, current_person, current_time
from app.web.element_names import clock_name
from app.web.follow_up_words import problem_name
from app.web.languages import locale
from app.web.report_scope import ChosenSites
from app.web.report_tables import KeyFigure, ReportCell, ReportTable, cell_of, rate_bar
from app.web.reports.monthly_words import BETTER_HIGH
from app.web.texts import gettext


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All that the page shows."""

    month: Month
    now: list[KeyFigure]
    rates: list[KeyFigure]
    tables: list[ReportTable]
    charts: list[ChartFigure]


def dashboard(sites: ChosenSites) -> Dashboard:
    """What is open now and how the month goes, at these sites; eleven statements however many sites there are."""
    session, scope = db.session(), sites.scope
    desk = Desk(current_person().id, scope.site_ids, current_time())
    today = current_day(scope.zone)
    month = Month.of(today)
    now, before = site_rates(session, scope, month, today)
    found = _Found(
        sites, open_cases(session, desk), user_tasks_by_person(session, desk), user_tasks_by_group(session, desk),
        clocks(session, desk), now, before,
    )  # fmt: skip
    tables = (found.by_site(), found.by_process(), found.by_clock(), found.by_group(), found.by_person())
    trend, problems = satisfaction_by_month(session, scope, month), problems_of_month(session, scope, month)
    return Dashboard(
        month,
        found.of_now(),
        found.of_month(),
        [table for table in tables if table.rows],
        found.charts(trend, problems),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What the statements gave."""

    sites: ChosenSites
    cases: list[Load]
    by_people: list[Load]
    by_groups: list[Load]
    clocks: list[ClockLoad]
    now: Rates
    before: Rates

    def link(self, what: str, site_id: str = "", **wanted: str) -> str:
        """The list of cases behind a number."""
        asked: dict[str, Any] = {"what": what, "site": site_id or self.sites.chosen or None, **wanted}
        return url_for("dashboard.cases", **asked)

    def count(self, number: int, what: str, site_id: str = "", **wanted: str) -> ReportCell:
        """A number that opens its cases, where there are any."""
        return ReportCell(number, self.link(what, site_id, **wanted) if number else "")

    def of_now(self) -> list[KeyFigure]:
        """The numbers of this moment."""
        numbers = (
            ("open", gettext("Open cases"), sum(load.open for load in self.cases)),
            ("waiting", gettext("Open tasks"), sum(load.open for load in self.by_people)),
            ("late", gettext("Late tasks"), sum(load.late for load in self.by_people)),
            ("warned", gettext("Clocks near their limit"), sum(clock.warned for clock in self.clocks)),
            ("breached", gettext("Clocks beyond their limit"), sum(clock.breached for clock in self.clocks)),
            ("incident", gettext("Cases with an incident"), sum(load.late for load in self.cases)),
        )
        return [KeyFigure(name, number, url=self.link(what) if number else "") for what, name, number in numbers]

    def of_month(self) -> list[KeyFigure]:
        """The rates of the month."""
        return [
            KeyFigure(
                gettext(MONTH_FIGURES[name]), cell_of(self.now.together[name]), cell_of(self.before.together[name]),
                self.rate_link(name), BETTER_HIGH[name],
            )
            for name in RATES
        ]  # fmt: skip

    def rate_link(self, name: str) -> str:
        """The cases behind a rate, where there are any; behind that of a clock those that did not keep it."""
        rate = self.now.together[name]
        if not ((rate.base or 0) - rate.count if name in CLOCK_RATES else rate.count):
            return ""
        return url_for("dashboard.cases", rate=name, month=str(self.now.month), site=self.sites.chosen or None)

    def by_site(self) -> ReportTable:
        """Sites beside each other; of one site there is nothing to compare."""
        header = (
            gettext("Site"), gettext("Open cases"), gettext("Late tasks"), gettext("Clocks beyond their limit"),
            *(gettext(MONTH_FIGURES[name]) for name in RATES),
        )  # fmt: skip
        site_ids = self.sites.scope.site_ids if len(self.sites.scope.site_ids) > 1 else ()
        rows = [
            [
                ReportCell(self.sites.names[site_id], url_for("dashboard.show", site=site_id)),
                self.count(_sum(self.cases, site_id), "open", site_id),
                self.count(_late(self.by_people, site_id), "late", site_id),
                self.count(sum(one.breached for one in self.clocks if one.site_id == site_id), "breached", site_id),
                *(ReportCell(cell_of(self.now.by_site[site_id][name])) for name in RATES),
            ]
            for site_id in site_ids
        ]
        return ReportTable(gettext("Sites"), header, rows)

    def by_process(self) -> ReportTable:
        """Open cases of each process."""
        keys = _keys(self.cases)
        names = newest_definition_names(db.session(), keys)
        rows = [
            [
                ReportCell(names[key].process(locale()) if key in names else key),
                self.count(open_, "open", process=key),
                self.count(late, "incident", process=key),
            ]
            for key, open_, late in _totals(self.cases)
        ]
        header = (gettext("Process"), gettext("Open cases"), gettext("Cases with an incident"))
        return ReportTable(gettext("Open cases by process"), header, rows)

    def by_clock(self) -> ReportTable:
        """Clocks that run."""
        ids = sorted({clock.clock_id for clock in self.clocks})
        versions = newest_definition_names(db.session(), {clock.process_key for clock in self.clocks}).values()
        rows = []
        for clock_id in ids:
            of_it = [clock for clock in self.clocks if clock.clock_id == clock_id]
            rows.append([
                ReportCell(clock_name(versions, clock_id)),
                self.count(sum(one.running for one in of_it), "clocks", clock=clock_id),
                self.count(sum(one.warned for one in of_it), "warned", clock=clock_id),
                self.count(sum(one.breached for one in of_it), "breached", clock=clock_id),
            ])  # fmt: skip
        header = (gettext("Clock"), gettext("Running"), gettext("Near the limit"), gettext("Beyond the limit"))
        return ReportTable(gettext("Clocks"), header, rows)

    def by_group(self) -> ReportTable:
        """Open tasks of each group."""
        names = group_names(db.session(), _keys(self.by_groups), locale())
        rows = [
            [
                ReportCell(names.get(key, key)),
                self.count(open_, "waiting", group=key),
                self.count(late, "late", group=key),
            ]
            for key, open_, late in _totals(self.by_groups)
        ]
        return ReportTable(gettext("Open tasks by group"), _open_header(gettext("Group")), rows)

    def by_person(self) -> ReportTable:
        """Open tasks of each person; those that nobody has claimed have a line of their own."""
        names = user_names(db.session(), _keys(self.by_people))
        rows = [
            [
                ReportCell(names.get(key, key) or gettext("claimed by nobody")),
                self.count(open_, "waiting", person=key),
                self.count(late, "late", person=key),
            ]
            for key, open_, late in _totals(self.by_people)
        ]
        return ReportTable(gettext("Open tasks by person"), _open_header(gettext("Person")), rows)

    def charts(self, trend: Sequence[tuple[str, Figure]], problems: Sequence[tuple[str, int]]) -> list[ChartFigure]:
        """The course of satisfaction, the problems of the month, and the sites beside each other."""
        points = [TrendPoint(month[2:], figure.rate) for month, figure in trend]
        charts = []
        if any(point.value is not None for point in points):
            words = gettext("Share of the satisfied among those asked, month by month.")
            charts.append(trend_figure(points, Caption(gettext("Satisfied customers, twelve months"), words)))
        if kinds := pareto((problem_name(kind), count) for kind, count in problems):
            charts.append(most_frequent_figure(kinds, gettext("Problems of the month")))
        if len(self.sites.scope.site_ids) > 1:
            bars = [
                rate_bar(self.sites.names[site_id], rates["satisfied"]) for site_id, rates in self.now.by_site.items()
            ]
            words = gettext("A bar for each site.")
            charts.append(rates_figure(bars, Caption(gettext("Satisfied this month, by site"), words), gettext("Site")))
        return charts


def _open_header(who: str) -> tuple[str, str, str]:
    return who, gettext("Open tasks"), gettext("Late tasks")


def _keys(loads: Iterable[Load]) -> set[str]:
    return {load.key for load in loads if load.key}


def _sum(loads: Iterable[Load], site_id: str) -> int:
    return sum(load.open for load in loads if load.site_id == site_id)


def _late(loads: Iterable[Load], site_id: str) -> int:
    return sum(load.late for load in loads if load.site_id == site_id)


def _totals(loads: Sequence[Load]) -> list[tuple[str, int, int]]:
    """Key, open and late over all sites, the most first."""
    totals: dict[str, tuple[int, int]] = {}
    for load in loads:
        open_, late = totals.get(load.key, (0, 0))
        totals[load.key] = open_ + load.open, late + load.late
    return sorted(((key, *numbers) for key, numbers in totals.items()), key=lambda row: (-row[2], -row[1], row[0]))
