"""Which lists are due at a site, as the pages of the plan and of the lists show it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from app.extensions import db
from app.i18n import N_
from app.models import Site
from app.operations.follow_up_authority import lists_seen
from app.operations.follow_up_due_lists import DueList, Step, due_lists
from app.operations.follow_up_occasions import OCCASIONS_BY_ID
from app.operations.lost_customers import LOST, MOST_AT_ONCE
from app.web.current import current_day, current_person, current_time
from app.web.follow_ups.grid import month_name, short_day
from app.web.texts import gettext

STEPS: dict[Step, tuple[str, str]] = {
    "supply": (N_("nobody has supplied it yet"), "amber"),
    "pick": (N_("nothing is picked and confirmed yet"), "amber"),
    "room": (N_("%(count)s customers wait: callers have no room"), "amber"),
    "made": (N_("made"), "green"),
    "nothing": (N_("nobody to list"), ""),
}


@dataclass(frozen=True, slots=True)
class DueLine:
    """A list in words: its occasion, the days it is about, when it is due, what is missing, where to go on."""

    name: str
    days: str
    due: str
    state: str
    tone: str
    url: str
    is_open: bool
    is_overdue: bool


def due_lines(site: Site) -> list[DueLine]:
    """The lists of this month and quarter that concern the reader, by the day they are due."""
    today, seen = current_day(current_person().zone), lists_seen(db.session(), current_person().id, site.id)
    return [
        _line(site, one, today, seen) for one in due_lists(db.session(), site, current_time()) if _concerns(one, seen)
    ]


def open_lines(site: Site) -> Sequence[DueLine]:
    """Those of them that are not made."""
    return [line for line in due_lines(site) if line.is_open]


def _concerns(one: DueList, seen: Collection[str]) -> bool:
    return one.occasion == LOST.id or one.occasion in seen


def _line(site: Site, one: DueList, today: date, seen: Collection[str]) -> DueLine:
    is_overdue = one.is_overdue(today)
    state, tone = STEPS[one.step]
    count = f"{MOST_AT_ONCE}+" if one.waiting >= MOST_AT_ONCE else str(one.waiting)
    text = gettext(state, count=count)
    return DueLine(
        gettext(OCCASIONS_BY_ID[one.occasion].label), _days(one), short_day(one.due_on), text,
        "red" if is_overdue else tone, _url(site, one, seen), one.is_open, is_overdue,
    )  # fmt: skip


def _days(one: DueList) -> str:
    """The month by its name; a quarter from its first day to its last."""
    is_month = (one.first_day.year, one.first_day.month) == (one.last_day.year, one.last_day.month)
    return month_name(one.first_day) if is_month else f"{month_name(one.first_day)} – {month_name(one.last_day)}"


def _url(site: Site, one: DueList, seen: Collection[str]) -> str:
    if one.occasion == LOST.id:
        return ""
    if one.list_id:
        return url_for("follow_up_lists.show", list_id=one.list_id)
    is_wanted = one.step == "supply" and one.occasion in seen
    return url_for("follow_up_lists.index", site=site.id, occasion=one.occasion, _anchor="supply") if is_wanted else ""
