"""What day, week or month it is (DMN 1.5 clause 10.3.4.7), and working time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from app.feel.builtins.arguments import invalid
from app.feel.builtins.registry import function, metered, pure
from app.feel.conversion import from_python, to_python
from app.feel.environment import WorkingCalendar
from app.feel.errors import NotRepresentable
from app.feel.evaluation import Evaluation
from app.feel.notices import NO_CALENDAR, Unanswerable
from app.feel.values.dates import Date
from app.feel.values.moments import MIDNIGHT, DateTime

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _date(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


def _day_of_year(value: Date | DateTime) -> Decimal:
    return Decimal(_date(value).day_of_year)


def _day_of_week(value: Date | DateTime) -> str:
    return _WEEKDAYS[_date(value).weekday - 1]


def _month_of_year(value: Date | DateTime) -> str:
    return _MONTHS[_date(value).month - 1]


def _week_of_year(value: Date | DateTime) -> Decimal:
    """The ISO week: that of the Thursday next to the date."""
    date = _date(value)
    thursday = date.plus_days(4 - date.weekday)
    if thursday is None:
        raise invalid("week of year", date)
    return Decimal((thursday.day_of_year - 1) // 7 + 1)


def _calendar(evaluation: Evaluation, name: str) -> WorkingCalendar:
    calendar = evaluation.environment.calendar
    if calendar is None:
        raise Unanswerable(NO_CALENDAR, function=name)
    return calendar


def _aware(evaluation: Evaluation, name: str, value: Date | DateTime) -> dt.datetime:
    """A moment for the calendar; one without a zone is on the site's clock."""
    moment = value if isinstance(value, DateTime) else DateTime(value, MIDNIGHT)
    try:
        converted = to_python(moment)
    except NotRepresentable as error:
        raise invalid(name, value) from error
    if not isinstance(converted, dt.datetime):
        raise invalid(name, value)
    return converted if converted.tzinfo else converted.replace(tzinfo=evaluation.environment.zone)


def _add_working_days(evaluation: Evaluation, start: Date | DateTime, days: Decimal) -> object:
    name = "add working days"
    calendar = _calendar(evaluation, name)
    try:
        return from_python(calendar.add_working_days(_aware(evaluation, name, start), days))
    except OverflowError as error:
        raise invalid(name, days) from error


def _add_working_hours(evaluation: Evaluation, start: Date | DateTime, hours: Decimal) -> object:
    name = "add working hours"
    calendar = _calendar(evaluation, name)
    try:
        return from_python(calendar.add_working_hours(_aware(evaluation, name, start), hours))
    except OverflowError as error:
        raise invalid(name, hours) from error


def _working_hours_between(evaluation: Evaluation, start: Date | DateTime, end: Date | DateTime) -> object:
    name = "working hours between"
    calendar = _calendar(evaluation, name)
    bounds = (_aware(evaluation, name, start), _aware(evaluation, name, end))
    try:
        return from_python(calendar.working_hours_between(*bounds))
    except OverflowError as error:
        raise invalid(name, end) from error


def _day_part(evaluation: Evaluation, moment: Date | DateTime) -> str:
    name = "day part"
    return _calendar(evaluation, name).day_part(_aware(evaluation, name, moment))


def _next_other_part(evaluation: Evaluation, start: Date | DateTime, parts: Sequence[object]) -> object:
    name = "next other day part"
    calendar, named = _calendar(evaluation, name), [part for part in parts if isinstance(part, str)]
    try:
        return from_python(calendar.next_other_part(_aware(evaluation, name, start), named))
    except OverflowError as error:
        raise invalid(name, start) from error


CALENDAR_FUNCTIONS = (
    function("day of year", pure("date: date or date and time", _day_of_year)),
    function("day of week", pure("date: date or date and time", _day_of_week)),
    function("month of year", pure("date: date or date and time", _month_of_year)),
    function("week of year", pure("date: date or date and time", _week_of_year)),
)
WORKING_TIME_FUNCTIONS = (
    function("add working days", metered("from: date or date and time, days: number", _add_working_days)),
    function("add working hours", metered("from: date or date and time, hours: number", _add_working_hours)),
    function(
        "working hours between",
        metered("from: date or date and time, to: date or date and time", _working_hours_between),
    ),
    function("day part", metered("moment: date or date and time", _day_part)),
    function("next other day part", metered("from: date or date and time, parts: list", _next_other_part)),
)
