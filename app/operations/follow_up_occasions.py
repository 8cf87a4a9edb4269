"""When customers are followed up and by whom: every row of the table of the domain page, section 2.1."""

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from app.i18n import N_

PROCESS_KEY = "follow_up"
LISTED_FOR = timedelta(days=14)  # how long there is time for what was picked from a list
# Who calls at which level (B2.四.2-4).
CALLER_GROUPS: Mapping[int, str] = {1: "cr_advisor", 2: "customer_service", 3: "gm_office"}
Source = Literal["visit", "absence", "list"]


@dataclass(frozen=True, slots=True)
class VisitDates:
    """What the days of a follow-up are counted from; days of the site's own zone.

    `asked_on` is the day on which a list was confirmed or an absence noticed; visits themselves need none.
    """

    handed_over_on: date
    invoiced_on: date | None
    is_outlet: bool
    asked_on: date = date.min


@dataclass(frozen=True, slots=True)
class Occasion:
    """A kind of follow-up: `window` gives its first and last day in calendar time, before days off are looked at.

    `source` says what brings it about: the visit itself, a long absence, or a list somebody picks from. `visit_kind`
    is empty where it may be either kind.
    """

    id: str
    label: str
    source: Source
    visit_kind: str
    level: int
    window: Callable[[VisitDates], tuple[date, date]]

    @property
    def caller_group(self) -> str:
        """The group whose members call."""
        return CALLER_GROUPS[self.level]


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the month's last where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _three_days(dates: VisitDates) -> tuple[date, date]:
    return dates.handed_over_on + timedelta(days=3), dates.handed_over_on + timedelta(days=5)


def _seven_days(dates: VisitDates) -> tuple[date, date]:
    if dates.is_outlet:
        tenth = (dates.invoiced_on or dates.handed_over_on) + timedelta(days=10)
        return tenth, tenth
    return dates.handed_over_on + timedelta(days=7), dates.handed_over_on + timedelta(days=10)


def _month(dates: VisitDates) -> tuple[date, date]:
    day = months_after(dates.handed_over_on, 1)
    return day, day + timedelta(days=7)


def _year(dates: VisitDates) -> tuple[date, date]:
    day = months_after(dates.handed_over_on, 12)
    return day, day + timedelta(days=14)


def _absence(dates: VisitDates) -> tuple[date, date]:
    return dates.asked_on, months_after(dates.asked_on, 1)


def _listed(dates: VisitDates) -> tuple[date, date]:
    return dates.asked_on, dates.asked_on + LISTED_FOR


def _quarter(dates: VisitDates) -> tuple[date, date]:
    """A quarter after pick-up, or as soon as it is picked where that is later."""
    day = max(months_after(dates.handed_over_on, 3), dates.asked_on)
    return day, day + LISTED_FOR


OCCASIONS: tuple[Occasion, ...] = (
    Occasion("repair_3dc", N_("3 days after a repair (3DC)"), "visit", "repair", 1, _three_days),
    Occasion("new_car_7dc", N_("7 days after delivery (7DC)"), "visit", "delivery", 1, _seven_days),
    Occasion("month", N_("1 month after delivery"), "visit", "delivery", 1, _month),
    Occasion("year", N_("1 year after delivery"), "visit", "delivery", 1, _year),
    Occasion("lost", N_("Long absence (lost customer)"), "absence", "", 1, _absence),
    Occasion("sampling", N_("Monthly sampling of calls"), "list", "", 2, _listed),
    Occasion("quarter_new_car", N_("Quarterly: new cars"), "list", "delivery", 3, _quarter),
    Occasion("quarter_repair", N_("Quarterly: repairs"), "list", "repair", 3, _listed),
)
OCCASIONS_BY_ID: Mapping[str, Occasion] = {occasion.id: occasion for occasion in OCCASIONS}
