"""Which lists of follow-ups a site still owes: those to pick from, and customers lost whom nobody has room to call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.calendars import WorkingCalendar
from app.models import FollowUpList, Site
from app.models.follow_up_candidates import candidates, lists_of_days
from app.operations.follow_up_authority import PICKERS, SUPPLIERS
from app.operations.follow_up_lists import LISTED, ListFilter, wanted_visits
from app.operations.follow_up_settings import plan_settings
from app.operations.lost_customers import LOST, waiting_lost_customers
from app.operations.working_calendars import working_calendar_of
from app.reports.month import Month

# How many months a list is about, and so how often it is made (B2.四.3-4).
MONTHS: Mapping[str, int] = {"sampling": 1, "quarter_repair": 1, "quarter_new_car": 3, LOST.id: 1}
_MANAGERS = frozenset({"customer_service_manager", "service_manager", "business_manager"})
# supply: nobody has supplied it; pick: nothing is picked and confirmed; room: more are lost than can be called.
Step = Literal["supply", "pick", "room", "made", "nothing"]
OPEN_STEPS: frozenset[Step] = frozenset({"supply", "pick", "room"})


@dataclass(frozen=True, slots=True)
class DueList:
    """A list of some days at a site: the day on which it is due, and what is missing; `waiting` are lost customers."""

    occasion: str
    first_day: date
    last_day: date
    due_on: date
    step: Step
    list_id: str = ""
    waiting: int = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something for it."""
        return self.step in OPEN_STEPS

    def is_overdue(self, today: date) -> bool:
        """Whether its day is there and it is not made."""
        return self.is_open and self.due_on <= today

    def concerns(self) -> frozenset[str]:
        """The groups to tell: who takes the missing step, and the managers of either step."""
        if self.occasion == LOST.id:
            return _MANAGERS | {LOST.caller_group}
        next_ones = PICKERS[self.occasion] if self.step == "pick" else SUPPLIERS[self.occasion]
        return next_ones | ((SUPPLIERS[self.occasion] | PICKERS[self.occasion]) & _MANAGERS)


def list_days(occasion: str, today: date) -> tuple[date, date]:
    """The days the list of this month or quarter is about: the last full ones; this month for lost customers."""
    months = MONTHS[occasion]
    this_month = Month.of(today)
    if occasion == LOST.id:
        return this_month.first_day, this_month.last_day
    begin = this_month.plus(-((this_month.number - 1) % months) - months)
    return begin.first_day, begin.plus(months - 1).last_day


def due_day(occasion: str, last_day: date, day_of_month: int, calendar: WorkingCalendar) -> date:
    """When a list about days until `last_day` is due: that day of the month after them, moved off days off."""
    month = Month.of(last_day).plus(0 if occasion == LOST.id else 1)
    return calendar.next_working_day(month.first_day.replace(day=day_of_month))


def due_lists(session: Session, site: Site, now: datetime) -> list[DueList]:
    """The lists of a site that belong to this month and quarter, made or not, by the day they are due."""
    today = now.astimezone(ZoneInfo(site.zone)).date()
    calendar, day_of_month = working_calendar_of(session, site.id), plan_settings(session, site.id).lists_due_day
    found = []
    for occasion in (*LISTED, LOST.id):
        first, last = list_days(occasion, today)
        due_on = due_day(occasion, last, day_of_month, calendar)
        if occasion == LOST.id:
            waiting = waiting_lost_customers(session, site, now)
            found.append(DueList(occasion, first, last, due_on, "room" if waiting else "made", waiting=waiting))
        else:
            step, list_id = _step(session, site, occasion, first, last)
            found.append(DueList(occasion, first, last, due_on, step, list_id))
    return sorted(found, key=lambda one: one.due_on)


def _step(session: Session, site: Site, occasion: str, first: date, last: date) -> tuple[Step, str]:
    made = lists_of_days(session, site.id, occasion, first, last)
    by_state: dict[str, FollowUpList] = {one.state: one for one in made}
    if "confirmed" in by_state:
        return "made", by_state["confirmed"].id
    if "supplied" in by_state:
        return "pick", by_state["supplied"].id
    wanted = wanted_visits(site, LISTED[occasion], ListFilter(first, last))
    return ("supply" if candidates(session, wanted, most=1) else "nothing"), ""
