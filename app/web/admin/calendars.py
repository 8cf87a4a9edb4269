"""The working calendar of a site: hours of the week, days that differ, public holidays."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.calendars import written_hours
from app.errors import AppError, InvalidInput
from app.extensions import db
from app.i18n import N_
from app.models import Site
from app.operations.calendar_changes import (
    WEEKDAYS,
    remove_calendar_day,
    set_calendar_days,
    set_weekly_hours,
    take_over_public_holidays,
)
from app.operations.first_run import is_set_up_unfinished
from app.operations.working_calendars import FEWEST_HOLIDAYS, weekly_hours_of
from app.web.admin.calendar_view import days_of, listed, missing_holidays, months_of, weekday_names
from app.web.admin.reach import site_of_mine
from app.web.current import current_actor, current_time
from app.web.permissions import Permission, requires
from app.web.texts import gettext, ngettext
from app.web.typed_forms import TypedForm, answer_form, attempt, typed

blueprint = Blueprint("calendars", __name__, url_prefix="/admin/sites/<site_id>/calendar")

FIRST_YEAR, LAST_YEAR = 2000, 2199
WORKING = "working"


@blueprint.get("")
@requires(Permission.ADMINISTER)
def show(site_id: str) -> ResponseReturnValue:
    """The calendar of a year."""
    return _page(site_of_mine(site_id))


@blueprint.post("/hours")
@requires(Permission.ADMINISTER)
def change_hours(site_id: str) -> ResponseReturnValue:
    """Change the working hours of the week."""
    site = site_of_mine(site_id)
    texts = {day: typed(f"hours_{day}") for day in WEEKDAYS}
    refusal = attempt(lambda: set_weekly_hours(db.session(), site_id, texts, actor=current_actor(), now=current_time()))
    done = gettext("The working hours are changed. Dates that are computed from now on use them.")
    return answer_form(refusal, done, _address(site, _year()), lambda why: _page(site, "hours", why))


@blueprint.post("/days")
@requires(Permission.ADMINISTER)
def change_days(site_id: str) -> ResponseReturnValue:
    """Enter days off or make-up days, or change those that are there."""
    site, years = site_of_mine(site_id), [_year()]

    def action() -> None:
        first = _posted_day("first_day")
        set_calendar_days(
            db.session(), site_id, first, _posted_day("last_day") if typed("last_day") else first,
            is_working=typed("kind") == WORKING, name=typed("name"), actor=current_actor(), now=current_time(),
        )  # fmt: skip
        years.append(first.year)

    refusal = attempt(action)
    done = gettext("The days are in the calendar. Dates that are computed from now on use them.")
    return answer_form(refusal, done, _address(site, years[-1]), lambda why: _page(site, "days", why))


@blueprint.post("/days/remove")
@requires(Permission.ADMINISTER)
def remove_day(site_id: str) -> ResponseReturnValue:
    """Let a day count as its weekday again."""
    site = site_of_mine(site_id)
    refusal = attempt(
        lambda: remove_calendar_day(
            db.session(), site_id, _posted_day("day"), actor=current_actor(), now=current_time()
        )
    )
    return answer_form(
        refusal, gettext("The day counts as its weekday again."), _address(site, _year()),
        lambda why: _page(site, "", why),
    )  # fmt: skip


@blueprint.post("/holidays")
@requires(Permission.ADMINISTER)
def take_over(site_id: str) -> ResponseReturnValue:
    """Take over the public holidays of a year."""
    site, year, added = site_of_mine(site_id), _year(), [0]

    def action() -> None:
        added.append(take_over_public_holidays(db.session(), site_id, year, actor=current_actor(), now=current_time()))

    refusal = attempt(action)
    done = ngettext("%(num)d day was added.", "%(num)d days were added.", added[-1])
    return answer_form(refusal, done, _address(site, year), lambda why: _page(site, "holidays", why))


def _year() -> int:
    """The year that is looked at: the one asked for, else the present one."""
    asked = request.values.get("year", type=int)
    return asked if asked is not None and FIRST_YEAR <= asked <= LAST_YEAR else current_time().year


def _posted_day(name: str) -> date:
    try:
        return date.fromisoformat(typed(name))
    except ValueError as error:
        refusal = N_("Choose a day.")
        raise InvalidInput(refusal, fields={name: refusal}) from error


def _address(site: Site, year: int) -> str:
    return url_for("calendars.show", site_id=site.id, year=year)


def _page(site: Site, posted: str = "", refusal: AppError | None = None) -> tuple[str, int]:
    year = _year()
    days = days_of(site.id, year)
    hours: dict[str, Any] = {
        f"hours_{day}": written_hours(stretches) for day, stretches in weekly_hours_of(db.session(), site.id).items()
    }
    chosen = next((one for one in days if one.day.isoformat() == request.args.get("day")), None)
    stored: dict[str, Any] = {"kind": "off"}
    if chosen is not None:
        kind = WORKING if chosen.is_working else "off"
        stored = {"first_day": chosen.day.isoformat(), "kind": kind, "name": gettext(chosen.name)}
    text = render_template(
        "admin/calendar.html",
        site=site,
        year=year,
        years=(year - 1, year + 1),
        months=months_of(year, site.id, days),
        short_weekdays=weekday_names("narrow"),
        weekdays=weekday_names(),
        days=listed(days),
        is_known=sum(not one.is_working for one in days) >= FEWEST_HOLIDAYS,
        hours=TypedForm(hours, refusal if posted == "hours" else None, is_posted=posted == "hours"),
        form=TypedForm(stored, refusal if posted == "days" else None, is_posted=posted == "days"),
        other=TypedForm({}, refusal if posted not in ("hours", "days") else None, is_posted=False),
        missing=[years for one in missing_holidays([site]) for years in one.years],
        is_set_up_unfinished=is_set_up_unfinished(db.session()),
    )
    return text, refusal.http_status if refusal else 200
