"""Which part of the plan a page shows, as its address says it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.errors import InvalidInput, NotFound
from app.extensions import db
from app.i18n import N_
from app.models import Site
from app.models.display_names import site_names
from app.models.follow_up_plan_list import STATES, PlanFilter
from app.operations.follow_up_occasions import CALLER_GROUPS, OCCASIONS_BY_ID
from app.operations.follow_up_respreading import PlanPart
from app.reports.month import FIRST_YEAR, LAST_YEAR, Month
from app.web.current import current_day, current_person, this_request
from app.web.permissions import Permission, sites_with

WEEK = timedelta(days=7)
ALL = "all"  # days


@dataclass(frozen=True, slots=True)
class Shown:
    """A month or a week of a site at a level; the list below shows a day (at first today), a caller, or all."""

    site: Site
    today: date
    is_week: bool
    start: date  # the first of the month, or the week's Monday
    level: int
    day: date | None = None
    caller_id: str = ""
    occasion: str = ""
    state: str = ""

    @property
    def last(self) -> date:
        """The last day shown."""
        return self.start + WEEK - timedelta(days=1) if self.is_week else Month.of(self.start).last_day

    @property
    def whole(self) -> PlanFilter:
        """All calls of the days shown."""
        return PlanFilter(self.site.id, self.start, self.last, self.level, occasion=self.occasion)

    @property
    def listed(self) -> PlanFilter:
        """The calls of the list."""
        first, last = (self.day, self.day) if self.day else (self.start, self.last)
        return replace(self.whole, first=first, last=last, caller_id=self.caller_id, state=self.state)

    @property
    def part(self) -> PlanPart:
        """The calls that are spread together."""
        return PlanPart(self.site.id, self.level, self.start, self.last)

    def arguments(self, **changes: object) -> dict[str, Any]:
        """Of the address of this view, with some of them changed; what is empty is left out."""
        start = self.start.isoformat() if self.is_week else str(Month.of(self.start))
        found: dict[str, object] = {
            "site": self.site.id, "level": self.level, "week" if self.is_week else "month": start,
            "day": self.day.isoformat() if self.day else ALL, "caller": self.caller_id, "occasion": self.occasion,
            "state": self.state,
        }  # fmt: skip
        return {name: str(value) for name, value in (found | changes).items() if value not in ("", None)}


def plan_sites(permission: Permission = Permission.SEE_PLAN) -> list[tuple[str, str]]:
    """The sites whose plan the person may see, by name."""
    names = site_names(db.session(), sites_with(current_person(), permission))
    return sorted(names.items(), key=lambda choice: choice[1])


def chosen_site(permission: Permission = Permission.SEE_PLAN) -> Site:
    """The site the address names, else the person's own. Raises NotFound."""
    person = current_person()
    allowed = sites_with(person, permission)
    home = person.home_site_id if person.home_site_id in allowed else min(allowed)
    asked = this_request().values.get("site") or home
    site = db.session.get(Site, asked) if asked in allowed else None
    if site is None:
        raise NotFound(N_("The site %(site)s does not exist."), site=asked)
    return site


def shown_part(default_day: str = "") -> Shown:
    """What the address asks for. Arguments: default_day, ALL where no day means all. Raises NotFound, InvalidInput."""
    asked, site = this_request().args, chosen_site()
    today = current_day(ZoneInfo(site.zone))
    level = asked.get("level", default=own_level(site.id), type=int)
    week, month = asked.get("week"), asked.get("month")
    start = day_of(week) if week else (Month.read(month) if month else Month.of(today)).first_day
    if week:
        start -= timedelta(days=start.weekday())
    day = asked.get("day") or default_day or (ALL if week or Month.of(start) != Month.of(today) else today.isoformat())
    state, occasion = asked.get("state", ""), asked.get("occasion", "")
    return Shown(
        site, today, bool(week), start, level if level in CALLER_GROUPS else 1, None if day == ALL else day_of(day),
        asked.get("caller", ""), occasion if occasion in OCCASIONS_BY_ID else "", state if state in STATES else "",
    )  # fmt: skip


def own_level(site_id: str) -> int:
    """The level at which the person calls, else the first."""
    memberships = current_person().memberships
    return next((level for level, group in CALLER_GROUPS.items() if (group, site_id) in memberships), 1)


def day_of(text: str) -> date:
    """A day from its text; raises InvalidInput."""
    said = N_("“%(text)s” is not a day. Write it as 2026-10-31.")
    refusal = InvalidInput(said, fields={"day": said}, text=text)
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise refusal from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:  # a week more would be over the end of the calendar
        raise refusal
    return day
