"""Dates, times, durations: making, reading and calculating (DMN 1.5 clauses 10.3.2.3, 10.3.2.5, 10.3.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.feel import Environment, compile_expression, from_python
from app.feel.notices import INVALID_VALUE, NO_CALENDAR, OUT_OF_RANGE
from tests.unit.feel.evaluating import ENVIRONMENT, NOW, codes_of, value_of


def text_of(text: str) -> object:
    """The value as `string` writes it."""
    return value_of(f"string({text})")


@pytest.mark.parametrize(
    "text",
    [
        "2020-02-29",
        "-2017-12-31",
        "999999999-12-31",
        "10:20:30",
        "10:20:30.123456789",
        "10:20:30Z",
        "10:20:30+02:00",
        "10:20:30-12:35:17",
        "10:20:30@Europe/Paris",
        "10:20:30@Etc/UTC",
        "2020-01-01T00:00:00",
        "2020-01-01T23:59:59.5-01:00",
        "2020-01-01T23:59:59@Asia/Shanghai",
        "P1Y2M",
        "-P3M",
        "P1DT2H3M4.5S",
        "-PT1H",
        "PT0S",
        "P0M",
    ],
)
def test_literals_are_written_as_they_are_read(text: str) -> None:
    assert text_of(f'@"{text}"') == text


@pytest.mark.parametrize(
    "text",
    [
        "2019-02-29",
        "2020-13-01",
        "2020-1-01",
        "02020-01-01",
        "+2020-01-01",
        "1000000000-01-01",
        "24:00:00",
        "10:60:00",
        "10:00:60",
        "10:00",
        "10:00:00+15:00",
        "10:00:00@Nowhere/City",
        "10:00:00@../../etc/passwd",
        "10:00:00Z@Europe/Paris",
        "2020-01-01T",
        "2020-01-01 10:00:00",
        "P",
        "PT",
        "P1Y1D",
        "P1",
        "1D",
        "P1DT",
        "P-1D",
        "foo",
        "",
    ],
)
def test_what_is_no_temporal_value(text: str) -> None:
    assert value_of(f'@"{text}"') is None
    assert codes_of(f'@"{text}"') == [INVALID_VALUE]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2020-01-02")', "2020-01-02"),
        ("date(2020, 1, 2)", "2020-01-02"),
        ("date(2019, 2, 29)", None),
        ("date(2020.5, 1, 1)", None),
        ('date(date and time("2020-01-02T10:00:00"))', "2020-01-02"),
        ("date(year: 2020, month: 1, day: 2)", "2020-01-02"),
        ('time("10:20:30")', "10:20:30"),
        ("time(10, 20, 30)", "10:20:30"),
        ("time(10, 20, 30.5)", "10:20:30.5"),
        ('time(10, 20, 30, duration("PT2H"))', "10:20:30+02:00"),
        ("time(10, 20, 30, null)", "10:20:30"),
        ("time(24, 0, 0)", None),
        ("time(10, 20, -1)", None),
        ('time(date and time("2020-01-02T10:00:00Z"))', "10:00:00Z"),
        ('time(date("2020-01-02"))', "00:00:00Z"),
        ('date and time("2020-01-02")', "2020-01-02T00:00:00"),
        ('date and time(date("2020-01-02"), time("10:00:00@Europe/Paris"))', "2020-01-02T10:00:00@Europe/Paris"),
        ('date and time(@"2020-01-02T23:00:00Z", @"10:00:00")', "2020-01-02T10:00:00"),
        ('duration("PT90M")', "PT1H30M"),
        ('duration("P400D")', "P400D"),
        ('years and months duration(@"2011-12-22", @"2013-08-24")', "P1Y8M"),
        ('years and months duration(@"2013-08-24", @"2011-12-25")', "-P1Y7M"),
        ('years and months duration(@"2015-01-31", @"2015-02-28")', "P0M"),
        ("date(null)", None),
        ("time(null)", None),
        ("duration(null)", None),
        ("today()", "2026-03-14"),
        ("now()", "2026-03-14T09:30:00@Asia/Shanghai"),
    ],
)
def test_making(text: str, expected: object) -> None:
    assert text_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"2020-01-31" + @"P1M"', "2020-02-29"),
        ('@"2020-02-29" + @"P1Y"', "2021-02-28"),
        ('@"2020-03-01" - @"P1D"', "2020-02-29"),
        ('@"2020-03-01" - @"PT1H"', "2020-02-29"),
        ('@"2020-03-01" + @"PT23H"', "2020-03-01"),
        ('@"P1D" + @"2020-03-01"', "2020-03-02"),
        ('@"2020-03-01" - @"2020-02-01"', "P29D"),
        ('@"2020-03-29T01:30:00@Europe/Paris" + @"PT1H"', "2020-03-29T03:30:00@Europe/Paris"),
        ('@"2020-03-28T01:30:00@Europe/Paris" + @"P1M"', "2020-04-28T01:30:00@Europe/Paris"),
        ('@"2020-01-01T00:00:00Z" - @"2020-01-01T00:00:00+08:00"', "PT8H"),
        ('@"2020-01-02" - @"2020-01-01T00:00:00Z"', "P1D"),
        ('@"2020-01-01T00:00:00" - @"2020-01-01T00:00:00Z"', None),
        ('@"23:00:00" + @"PT2H"', "01:00:00"),
        ('@"01:00:00Z" - @"PT2H"', "23:00:00Z"),
        ('@"10:00:00" - @"08:30:00"', "PT1H30M"),
        ('@"P1D" + @"PT1H"', "P1DT1H"),
        ('@"P1Y" - @"P13M"', "-P1M"),
        ('@"P1D" * 1.5', "P1DT12H"),
        ('2 * @"P1Y6M"', "P3Y"),
        ('@"P1D" / 2', "PT12H"),
        ('@"P1Y" / 5', "P2M"),
        ('@"P1D" / @"PT6H"', "4"),
        ('@"P1Y" / @"P1M"', "12"),
        ('@"P1D" / 0', None),
        ('@"P1D" / @"PT0S"', None),
        ('-@"P1D"', "-P1D"),
        ('-@"2020-01-01"', None),
        ('@"P1D" + @"P1Y"', None),
        ('@"999999999-12-31" + @"P1D"', None),
        ('@"2020-01-01" + 1', None),
    ],
)
def test_arithmetic(text: str, expected: object) -> None:
    assert text_of(text) == expected


def test_leaving_the_calendar_is_told() -> None:
    assert codes_of('@"999999999-12-31" + @"P1D"') == [OUT_OF_RANGE]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"2018-12-10".year', 2018),
        ('@"2018-12-10".month', 12),
        ('@"2018-12-10".day', 10),
        ('@"2018-12-10".weekday', 1),
        ('@"2018-12-10T10:30:01.5".second', Decimal("1.5")),
        ('@"2018-12-10T10:30:01+05:00".time offset', from_python(dt.timedelta(hours=5))),
        ('@"2018-07-10T10:30:01@Europe/Paris".time offset', from_python(dt.timedelta(hours=2))),
        ('@"2018-12-10T10:30:01@Etc/UTC".timezone', "Etc/UTC"),
        ('@"10:30:00".time offset', None),
        ('@"10:30:00".hour', 10),
        ('@"P1Y14M".years', 2),
        ('@"-P14M".months', -2),
        ('@"P1DT25H".days', 2),
        ('@"PT90M".minutes', 30),
        ('@"PT1.5S".seconds', Decimal("1.5")),
        ('@"P1Y".days', None),
        ('[@"2018-12-10", @"2019-01-01"].year', [2018, 2019]),
        ('day of year(@"2019-09-17")', 260),
        ('day of week(@"2019-09-17")', "Tuesday"),
        ('month of year(@"2019-09-17")', "September"),
        ('week of year(@"2019-09-17")', 38),
        ('week of year(@"2003-12-29")', 1),
        ('week of year(@"2004-01-04")', 1),
        ('week of year(@"2005-01-01")', 53),
        ('day of week(@"-0001-01-01T10:00:00")', "Friday"),
        ('abs(@"-P1D") = @"P1D"', True),
    ],
)
def test_reading(text: str, expected: object) -> None:
    assert value_of(text) == expected


class FixedCalendar:
    """Eight working hours a day, every day."""

    def add_working_days(self, start: dt.datetime, days: Decimal) -> dt.datetime:
        return start + dt.timedelta(days=float(days))

    def add_working_hours(self, start: dt.datetime, hours: Decimal) -> dt.datetime:
        return start + dt.timedelta(hours=float(hours) * 3)

    def working_hours_between(self, start: dt.datetime, end: dt.datetime) -> Decimal:
        return Decimal((end - start).days * 8)

    def day_part(self, moment: dt.datetime) -> str:
        return "morning" if moment.hour < 12 else "afternoon"

    def next_other_part(self, start: dt.datetime, parts: Collection[str]) -> dt.datetime:
        return start + dt.timedelta(hours=6 * len(parts))


def with_calendar(text: str) -> object:
    environment = Environment(NOW, ZoneInfo("Asia/Shanghai"), FixedCalendar())
    return compile_expression(text).evaluate({}, environment).value


def test_working_time_comes_from_the_calendar() -> None:
    assert with_calendar('string(add working days(@"2026-03-14T09:00:00+08:00", 0.5))') == "2026-03-14T21:00:00+08:00"
    assert with_calendar('string(add working hours(@"2026-03-14", 4))') == "2026-03-14T12:00:00@Asia/Shanghai"
    assert with_calendar('working hours between(@"2026-03-14", @"2026-03-16")') == 16
    assert with_calendar('add working days(@"20000-01-01", 1)') is None
    assert with_calendar('day part(@"2026-03-14T13:00:00")') == "afternoon"
    assert with_calendar('string(next other day part(@"2026-03-14", ["noon"]))') == "2026-03-14T06:00:00@Asia/Shanghai"


@pytest.mark.parametrize(
    "text",
    [
        "add working days(now(), 1)", "add working hours(now(), 1)", "working hours between(now(), now())",
        "day part(now())",
    ],
)
def test_working_time_without_a_calendar_is_null_with_a_notice(text: str) -> None:
    assert value_of(text) is None
    assert codes_of(text) == [NO_CALENDAR]


def test_the_clock_is_that_of_the_environment() -> None:
    later = Environment(NOW + dt.timedelta(days=1), ENVIRONMENT.zone)
    assert compile_expression("today() - now().day").evaluate({}, later).value is None
    assert compile_expression("string(today())").evaluate({}, later).value == "2026-03-15"
