"""A year of a site's working calendar as a page shows it, and where the holidays of a year are missing."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names, get_month_names

from app.extensions import db
from app.models import Site
from app.models.working_calendar_queries import DifferingDay, differing_days
from app.operations.working_calendars import weekly_hours_of, years_without_holidays
from app.web.current import current_time
from app.web.languages import locale
from app.web.texts import gettext

_MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day of a month; `kind` is worked, rest, holiday or made-up."""

    number: int
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month by weeks from Monday on; None where a week belongs to another month."""

    name: str
    weeks: list[list[ShownDay | None]]


@dataclass(frozen=True, slots=True)
class ListedDay:
    """A day that differs, in words."""

    iso: str
    date: str
    is_working: bool
    name: str


@dataclass(frozen=True, slots=True)
class MissingHolidays:
    """A site that should know the holidays of these years and does not."""

    site_id: str
    site: str
    years: tuple[int, ...]


def months_of(year: int, site_id: str, days: Iterable[DifferingDay]) -> list[Month]:
    """The year month by month."""
    differing = {one.day: one for one in days}
    worked = {weekday for weekday, stretches in weekly_hours_of(db.session(), site_id).items() if stretches}
    names = get_month_names("wide", context="stand-alone", locale=locale())
    weeks = calendar.Calendar()
    return [
        Month(
            names[month],
            [
                [_day(day, differing, worked) if day.month == month else None for day in week]
                for week in weeks.monthdatescalendar(year, month)
            ],
        )
        for month in _MONTHS
    ]


def weekday_names(width: Literal["wide", "narrow"] = "wide") -> list[str]:
    """The names of the weekdays, from Monday on."""
    names = get_day_names(width, context="stand-alone", locale=locale())
    return [names[number] for number in range(7)]


def listed(days: Iterable[DifferingDay]) -> list[ListedDay]:
    """The days that differ, with their weekday."""
    return [
        ListedDay(one.day.isoformat(), _in_words(one.day), one.is_working, gettext(one.name) if one.name else "")
        for one in days
    ]


def missing_holidays(sites: Iterable[Site]) -> list[MissingHolidays]:
    """The sites at which holidays are missing that are needed now: of this year, from December on of the next."""
    found = []
    for site in sites:
        years = years_without_holidays(db.session(), site.id, current_time().astimezone(ZoneInfo(site.zone)).date())
        if years:
            found.append(MissingHolidays(site.id, site.name, years))
    return found


def days_of(site_id: str, year: int) -> list[DifferingDay]:
    """The days of a year that differ."""
    return differing_days(db.session(), site_id, year)


def _day(day: date, differing: dict[date, DifferingDay], worked: set[int]) -> ShownDay:
    found = differing.get(day)
    if found is not None:
        kind = "made-up" if found.is_working else "holiday"
        return ShownDay(day.day, kind, gettext(found.name) if found.name else "")
    return ShownDay(day.day, "worked" if day.weekday() in worked else "rest", "")


def _in_words(day: date) -> str:
    return f"{format_date(day, 'long', locale=locale())} {format_date(day, 'EEE', locale=locale())}"
