"""When a visit is followed up: the occasions that a visit itself brings about (B2.二.1, B2.四.2)."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from app.i18n import N_


@dataclass(frozen=True, slots=True)
class VisitDates:
    """What the days of a follow-up are counted from; days of the site's own zone."""

    handed_over_on: date
    invoiced_on: date | None
    is_outlet: bool


@dataclass(frozen=True, slots=True)
class Occasion:
    """A kind of follow-up: `window` gives its first and last day in calendar time, before days off are looked at."""

    id: str
    label: str
    visit_kind: str
    level: int
    is_consent_needed: bool
    window: Callable[[VisitDates], tuple[date, date]]


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


# Only repair customers are asked for their consent beforehand (A5-6).
OCCASIONS: tuple[Occasion, ...] = (
    Occasion("repair_3dc", N_("3 days after a repair (3DC)"), "repair", 1, True, _three_days),
    Occasion("new_car_7dc", N_("7 days after delivery (7DC)"), "delivery", 1, False, _seven_days),
    Occasion("month", N_("1 month after delivery"), "delivery", 1, False, _month),
    Occasion("year", N_("1 year after delivery"), "delivery", 1, False, _year),
)
