"""Dates of the proleptic Gregorian calendar, any year (DMN 1.5 clause 10.3.2.3.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_YEAR = 999_999_999
_DAYS_IN_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAYS_BEFORE_EPOCH = 719_468
_DAYS_IN_ERA = 146_097
_TEXT = re.compile(r"(-?)([1-9]\d{4,8}|\d{4})-(\d\d)-(\d\d)", re.ASCII)


def is_leap_year(year: int) -> bool:
    """Of the Gregorian calendar, extended to all years."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    return 29 if month == 2 and is_leap_year(year) else _DAYS_IN_MONTH[month - 1]


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A day. Build it with `make_date`, which refuses what no calendar has."""

    year: int
    month: int
    day: int

    @property
    def ordinal(self) -> int:
        """Days since 1970-01-01, counting years from March so that leap days come last."""
        year = self.year - (self.month <= 2)
        era = year // 400
        year_of_era = year - era * 400
        day_of_year = (153 * ((self.month + 9) % 12) + 2) // 5 + self.day - 1
        day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
        return era * _DAYS_IN_ERA + day_of_era - _DAYS_BEFORE_EPOCH

    @property
    def weekday(self) -> int:
        """1 for Monday to 7 for Sunday."""
        return (self.ordinal + 3) % 7 + 1

    @property
    def day_of_year(self) -> int:
        return self.ordinal - Date(self.year, 1, 1).ordinal + 1

    def plus_months(self, months: int) -> Date | None:
        """The same day `months` later, or the last day of that month; None beyond the last year."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        if abs(year) > MAX_YEAR:
            return None
        return Date(year, month + 1, min(self.day, days_in_month(year, month + 1)))

    def plus_days(self, days: int) -> Date | None:
        return date_of_ordinal(self.ordinal + days)

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


def make_date(year: int, month: int, day: int) -> Date | None:
    """A date; None when the calendar has none like it."""
    if abs(year) > MAX_YEAR or not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        return None
    return Date(year, month, day)


def date_of_ordinal(ordinal: int) -> Date | None:
    """The inverse of `Date.ordinal`; None beyond the last year."""
    era, day_of_era = divmod(ordinal + _DAYS_BEFORE_EPOCH, _DAYS_IN_ERA)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_from_march = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month_from_march + 2) // 5 + 1
    month = (month_from_march + 2) % 12 + 1
    year = era * 400 + year_of_era + (month <= 2)
    return Date(year, month, day) if abs(year) <= MAX_YEAR else None


def parse_date(text: str) -> Date | None:
    """Read the XML Schema form: four digits of year at least, no leading zero beyond four."""
    match = _TEXT.fullmatch(text)
    if match is None:
        return None
    sign, year, month, day = match.groups()
    return make_date(-int(year) if sign else int(year), int(month), int(day))
