"""The plan of follow-ups (跟踪回访的计划): looked at by month and week, and changed."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError, InvalidInput
from app.extensions import db
from app.i18n import N_
from app.models.display_names import user_names
from app.models.follow_up_plan_list import NOBODY, plan_counts, plan_page, visible_cases
from app.models.paging import ListPage
from app.operations.authority import groups_at
from app.operations.follow_up_authority import levels_seen, planners
from app.operations.follow_up_changes import Change, call_off_follow_ups, move_follow_ups, plan_again
from app.operations.follow_up_crew import crew_of
from app.operations.follow_up_occasions import OCCASIONS, OCCASIONS_BY_ID
from app.operations.follow_up_spreading import Crew
from app.operations.working_calendars import working_calendar_of
from app.reports.month import Month
from app.web.current import current_actor, current_person, current_time
from app.web.follow_ups import words
from app.web.follow_ups.due import open_lines
from app.web.follow_ups.grid import (
    caller_lines,
    day_cells,
    full_day,
    month_name,
    short_day,
    weekday_names,
    weeks_of,
)
from app.web.follow_ups.shown import WEEK, Shown, day_of, plan_sites, shown_part
from app.web.permissions import Permission, is_read_only, permissions_of, requires
from app.web.texts import gettext, ngettext
from app.web.typed_forms import TypedForm, answer_form, attempt, typed

blueprint = Blueprint("plan", __name__, url_prefix="/plan")


@blueprint.get("")
@requires(Permission.SEE_PLAN)
def index() -> ResponseReturnValue:
    """A month or a week of a site, and the calls behind a number."""
    return _page(shown_part())


@blueprint.post("")
@requires(Permission.CHANGE_PLAN)
def change() -> ResponseReturnValue:
    """Move, call off or plan again what is ticked."""
    shown, done = shown_part(), {"count": 0}
    action = _actions().get(request.form.get("action", ""))

    def act() -> None:
        if action is None:
            raise InvalidInput(N_("Choose what to do with the follow-ups."))
        done["count"] = action(shown)

    refusal = attempt(act)
    text = ngettext("%(num)d follow-up changed.", "%(num)d follow-ups changed.", done["count"])
    return answer_form(refusal, text, url_for("plan.index", **shown.arguments()), lambda why: _page(shown, why))


def _actions() -> dict[str, Callable[[Shown], int]]:
    def common() -> dict[str, Any]:
        return {"reason": typed("reason"), "actor": current_actor(), "now": current_time()}

    ids = request.form.getlist("id")
    session = db.session()
    return {
        "move": lambda shown: move_follow_ups(session, shown.site.id, ids, _wanted_change(), **common()),
        "call_off": lambda shown: call_off_follow_ups(session, shown.site.id, ids, **common()),
        "plan_again": lambda shown: plan_again(session, shown.site.id, ids, **common()),
    }


def _wanted_change() -> Change:
    caller = typed("to_caller")
    return Change(
        day_of(typed("to_day")) if typed("to_day") else None,
        {"": None, NOBODY: ""}.get(caller, caller),
    )


def crew_shown(shown: Shown) -> Crew:
    """Who calls in the days shown."""
    calendar = working_calendar_of(db.session(), shown.site.id)
    return crew_of(db.session(), shown.site, calendar, shown.level, shown.start, shown.last)


def may_change(shown: Shown) -> bool:
    """Whether the person may change the plan of the level shown."""
    person = current_person()
    groups = groups_at(db.session(), person.id, shown.site.id)
    return not is_read_only(person) and bool(groups & planners(shown.level))


def calls_shown(shown: Shown, after: str | None) -> ListPage | None:
    """A page of the calls behind the numbers; None where the person may not see those of this level."""
    if shown.level not in levels_seen(db.session(), current_person().id, shown.site.id):
        return None
    return plan_page(db.session(), shown.listed, after=after)


def _page(shown: Shown, refusal: AppError | None = None) -> ResponseReturnValue:
    counts, crew = plan_counts(db.session(), shown.whole), crew_shown(shown)
    cells = day_cells(shown.start, shown.last, counts, crew)
    seen = calls_shown(shown, request.args.get("after"))
    page = seen or ListPage((), None)
    callers = {*crew.callers, *(one.caller_id for one in counts), *(row.advisor_id for row in page.rows)}
    names = user_names(db.session(), callers - {None})
    form = TypedForm({}, refusal)
    text = render_template(
        "plan/index.html",
        shown=shown,
        form=form,
        cells=cells,
        weeks=[] if shown.is_week else weeks_of(cells),
        lines=caller_lines([cell.day for cell in cells], counts, crew, names, gettext("Not assigned")),
        title=_title(shown),
        page=page,
        due=open_lines(shown.site),
        is_seen=seen is not None,
        names=names,
        ticked=frozenset(request.form.getlist("id")),
        cases=visible_cases(db.session(), current_person().id, page.rows),
        next_url=_url(shown, after=page.next_cursor) if page.next_cursor else None,
        url=lambda **changes: _url(shown, **changes),
        callers=[(caller, names.get(caller, caller)) for caller in crew.callers],
        may_change=may_change(shown),
        may_set=Permission.SET_PLAN in permissions_of(current_person()),
        may_use_lists=Permission.USE_LISTS in permissions_of(current_person()),
        sites=plan_sites(),
        occasions=[one for one in OCCASIONS if one.level == shown.level],
        occasion_names={key: one.label for key, one in OCCASIONS_BY_ID.items()},
        words=words,
        weekdays=weekday_names(),
        short_day=short_day,
        full_day=full_day,
        **_neighbours(shown),
    )
    return text, form.status


def _title(shown: Shown) -> str:
    if shown.is_week:
        return f"{short_day(shown.start)} – {short_day(shown.last)}"
    return month_name(shown.start)


def _url(shown: Shown, **changes: object) -> str:
    return url_for("plan.index", **shown.arguments(**changes))


def _neighbours(shown: Shown) -> dict[str, str]:
    """Addresses of the days before and after, of today, and of the other view."""
    plain: dict[str, object] = {"day": "", "caller": "", "state": ""}
    month = Month.of(shown.start)
    steps: tuple[dict[str, object], ...] = (
        ({"week": shown.start - WEEK}, {"week": shown.start + WEEK}, {"week": shown.today})
        if shown.is_week
        else ({"month": month.plus(-1)}, {"month": month.plus(1)}, {"month": Month.of(shown.today)})
    )
    before, after, now = steps
    week = shown.day or (shown.today if Month.of(shown.today) == month else shown.start)
    return {
        "before_url": _url(shown, **{**plain, **before}),
        "after_url": _url(shown, **{**plain, **after}),
        "today_url": _url(shown, **{**plain, **now}),
        "month_url": _url(shown, **{**plain, "week": "", "month": month}),
        "week_url": _url(shown, **{**plain, "month": "", "week": week}),
    }
