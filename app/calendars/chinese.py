"""The public holidays of mainland China with their make-up days, as the State Council announces them each autumn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import chinese_calendar

from app.errors import AppError
from app.i18n import N_

# The package's names, marked for translation; a name it adds later is shown in English.
NAMES = (
    N_("New Year's Day"), N_("Spring Festival"), N_("Tomb-sweeping Day"), N_("Labour Day"), N_("Dragon Boat Festival"),
    N_("Mid-autumn Festival"), N_("National Day"), N_("Anti-Fascist 70th Day"),
)


class HolidaysUnknown(AppError):
    """The holidays of a year are not known yet: without them make-up days would be counted wrong in silence."""

    http_status = 422


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day that differs from its weekday: off, or (`is_working`) worked to make up for a day off."""

    is_working: bool
    name: str


def chinese_holidays(year: int) -> Mapping[date, Holiday]:
    """All days of a year that differ, weekend days of a festival included; raises `HolidaysUnknown`."""
    off: Mapping[date, str] = chinese_calendar.holidays
    made_up: Mapping[date, str] = chinese_calendar.workdays
    days = {day: Holiday(is_working=False, name=name) for day, name in off.items() if day.year == year}
    days |= {day: Holiday(is_working=True, name=name) for day, name in made_up.items() if day.year == year}
    if not days:
        raise HolidaysUnknown(
            N_("The holidays of %(year)s are not known yet: update the product or enter them in the site's calendar."),
            year=year,
        )
    return days
