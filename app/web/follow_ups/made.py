"""Planned calls against those really made, with the calls behind each figure, as a page and as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app.errors import NotFound
from app.extensions import db
from app.i18n import N_
from app.models import Site
from app.models.display_names import user_names
from app.models.follow_up_plan_list import calls_of, visible_cases
from app.operations.follow_up_authority import levels_seen
from app.operations.follow_up_occasions import OCCASIONS, OCCASIONS_BY_ID
from app.reports.month import Month
from app.reports.planned_calls import CUT_NAMES, CUTS, FIGURES, MadeRow, PlannedCall, made_rows, planned_calls
from app.reports.tally import Scope
from app.web.current import current_day, current_person
from app.web.follow_ups import words
from app.web.follow_ups.grid import month_name, short_day
from app.web.follow_ups.shown import chosen_site, plan_sites
from app.web.permissions import Permission, permissions_of, requires
from app.web.report_files import ReportFile, hand_over
from app.web.report_tables import ReportCell, ReportTable
from app.web.texts import gettext
from app.web.transactions import commits_itself

blueprint = Blueprint("plan_made", __name__, url_prefix="/plan/made")
MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class MadeTable:
    """One way to cut the figures."""

    cut: str
    title: str
    rows: Sequence[MadeRow]
    labels: Mapping[str, str]


@blueprint.get("")
@requires(Permission.SEE_PLAN)
def index() -> ResponseReturnValue:
    """A month of a site: due, started, made in time, late, not made, skipped; by occasion, week and caller."""
    site, month = chosen_site(), month_asked()
    calls, today = calls_of_month(site, month)
    zone, allowed = ZoneInfo(site.zone), permissions_of(current_person())
    (whole,) = made_rows(calls, lambda _: "", today, zone) or [MadeRow("", dict.fromkeys(FIGURES, 0))]
    return render_template(
        "plan/made.html",
        site=site,
        month=month,
        title=month_name(month.first_day),
        whole=whole,
        tables=_tables(calls, today, zone) if calls else [],
        figures=FIGURES,
        before=month.plus(-1),
        after=month.plus(1),
        sites=plan_sites(),
        may_export=Permission.EXPORT_REPORTS in allowed,
        may_set=Permission.SET_PLAN in allowed,
        may_use_lists=Permission.USE_LISTS in allowed,
    )


@blueprint.get("/calls")
@requires(Permission.SEE_PLAN)
def calls() -> ResponseReturnValue:
    """The calls behind a figure."""
    site, month = chosen_site(), month_asked()
    cut, key, figure = (request.args.get(name, "") for name in ("cut", "key", "figure"))
    ids = calls_behind(site, month, figure, cut, key)
    levels = levels_seen(db.session(), current_person().id, site.id)
    rows = calls_of(db.session(), ids[:MOST_LISTED], levels)
    names = user_names(db.session(), {row.advisor_id for row in rows} - {None})
    label = _labels(cut, [key]).get(key, "") if cut else ""
    return render_template(
        "plan/made_calls.html",
        site=site,
        month=month,
        title=" · ".join(filter(None, (gettext(FIGURES[figure]), label, month_name(month.first_day)))),
        rows=rows,
        count=len(ids),
        names=names,
        cases=visible_cases(db.session(), current_person().id, rows),
        occasion_names={one: occasion.label for one, occasion in OCCASIONS_BY_ID.items()},
        words=words,
        short_day=short_day,
    )


@blueprint.post("/file")
@requires(Permission.EXPORT_REPORTS)
@commits_itself  # the record of it: no other writer waits while the file is made
def export() -> Response:
    """The figures as XLSX or CSV; who took them is recorded."""
    site, month = chosen_site(Permission.EXPORT_REPORTS), month_asked()
    zone = ZoneInfo(site.zone)
    found, today = calls_of_month(site, month)
    tables = _tables(found, today, zone)
    title = f"{gettext('Planned and made')} {month}"
    names = [gettext(text) for text in FIGURES.values()]
    lines = [[ReportCell(table.title), *line] for table in tables for line in _lines(table)]
    file = ReportFile(
        report="planned_and_made",
        scope=Scope((site.id,), zone),
        period=str(month),
        name=title,
        tables=[ReportTable(table.title, ["", *names], _lines(table)) for table in tables],
        above=(title, site.name),
        flat=ReportTable(title, [gettext("Cut"), gettext("Row"), *names], lines),
    )
    return hand_over(file, request.form.get("form", "xlsx"))


def calls_behind(site: Site, month: Month, figure: str, cut: str, key: str) -> list[str]:
    """The ids of the calls that a figure counts, of one row of a cut where one is named. Raises NotFound."""
    if figure not in FIGURES or (cut and cut not in CUTS):
        raise NotFound(N_("There is no such figure."))
    found, today = calls_of_month(site, month)
    zone = ZoneInfo(site.zone)
    return [call.id for call in found if figure in call.figures(today, zone) and (not cut or CUTS[cut](call) == key)]


def _lines(table: MadeTable) -> list[list[ReportCell]]:
    return [
        [ReportCell(table.labels[row.key]), *(ReportCell(row.counts.get(figure, 0)) for figure in FIGURES)]
        for row in table.rows
    ]


def month_asked() -> Month:
    """The month that the request names, else this one. Raises InvalidInput."""
    asked = request.values.get("month")
    return Month.read(asked) if asked else Month.of(current_day(current_person().zone))


def calls_of_month(site: Site, month: Month) -> tuple[list[PlannedCall], date]:
    """The calls due in a month of a site, and the day it is there."""
    today = current_day(ZoneInfo(site.zone))
    return planned_calls(db.session(), site.id, month.first_day, month.last_day), today


def _tables(found: Sequence[PlannedCall], today: date, zone: ZoneInfo) -> list[MadeTable]:
    tables = []
    for cut, key in CUTS.items():
        rows = made_rows(found, key, today, zone)
        if cut == "occasion":
            order = [occasion.id for occasion in OCCASIONS]
            rows = sorted(rows, key=lambda row: order.index(row.key) if row.key in order else len(order))
        tables.append(MadeTable(cut, gettext(CUT_NAMES[cut]), rows, _labels(cut, [row.key for row in rows])))
    return tables


def _labels(cut: str, keys: Sequence[str]) -> dict[str, str]:
    """What the rows are called."""
    if cut == "occasion":
        return {key: gettext(OCCASIONS_BY_ID[key].label) if key in OCCASIONS_BY_ID else key for key in keys}
    if cut == "week":
        return {key: gettext("Week from %(day)s", day=short_day(date.fromisoformat(key))) for key in keys}
    names = user_names(db.session(), [key for key in keys if key])
    return {key: names.get(key, key) if key else gettext("Not assigned") for key in keys}
