"""Laws that hold for all values: arithmetic, order, calendars, round trips."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.feel import compile_expression, from_python
from app.feel.values.dates import Date, date_of_ordinal, make_date, parse_date
from app.feel.values.durations import DaysDuration, MonthsDuration, parse_duration
from app.feel.values.moments import DateTime, from_universal_nanos, parse_date_time
from app.feel.values.numbers import number_text
from app.feel.values.times import Time, parse_time
from app.feel.values.zones import Zone
from tests.unit.feel.evaluating import ENVIRONMENT

numbers = st.decimals(-(10**12), 10**12, places=4)
years = st.integers(-999_999_999, 999_999_999)
dates = st.builds(Date, years, st.integers(1, 12), st.integers(1, 28))
offsets = st.integers(-50_400, 50_400).map(lambda offset: Zone(offset=offset))
regions = st.sampled_from(["Europe/Paris", "Asia/Shanghai", "America/New_York"]).map(lambda name: Zone(region=name))
times = st.builds(
    Time, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), st.integers(0, 10**9 - 1), st.none() | offsets
)


def holds(text: str, **variables: object) -> bool:
    return compile_expression(text, variables).evaluate(variables, ENVIRONMENT).value is True


@given(numbers, numbers, numbers)
def test_arithmetic_laws(a: Decimal, b: Decimal, c: Decimal) -> None:
    assert holds("a + b = b + a and a * b = b * a", a=a, b=b)
    assert holds("(a + b) + c = a + (b + c)", a=a, b=b, c=c)
    assert holds("a - b = -(b - a)", a=a, b=b)
    assert holds("b = 0 or abs((a / b) * b - a) <= abs(a) * 1e-30", a=a, b=b)
    assert holds("b = 0 or modulo(a, b) + b * floor(a / b) = a", a=a, b=b)


@given(numbers, numbers)
def test_exactly_one_order_holds(a: Decimal, b: Decimal) -> None:
    assert holds("count([a < b, a = b, a > b][item]) = 1", a=a, b=b)
    assert holds("(a <= b) = not(a > b) and (a in [a..b] = (a <= b))", a=a, b=b)


@given(numbers)
def test_numbers_are_read_as_they_are_written(number: Decimal) -> None:
    assert holds("number(string(a)) = a", a=number)
    assert Decimal(number_text(number)) == number


@given(st.lists(numbers))
def test_sorting(items: list[object]) -> None:
    assert holds("sort(sort(a)) = sort(a) and count(sort(a)) = count(a)", a=items)
    assert holds("reverse(reverse(a)) = a", a=items)
    assert holds("count(a) = 0 or sort(a)[1] = min(a) and sort(a)[-1] = max(a)", a=items)
    assert holds("sort(a, function(x, y) x > y) = reverse(sort(a))", a=items)


@given(st.text(), st.text())
def test_strings(a: str, b: str) -> None:
    assert holds("string length(a + b) = string length(a) + string length(b)", a=a, b=b)
    assert holds("starts with(a + b, a) and ends with(a + b, b) and contains(a + b, b)", a=a, b=b)
    assert holds('a = "" or b = "" or substring(a + b, string length(a) + 1) = b', a=a, b=b)


@given(dates)
def test_dates(date: Date) -> None:
    assert date_of_ordinal(date.ordinal) == date
    assert parse_date(str(date)) == date
    assert 1 <= date.weekday <= 7
    later = date.plus_months(1)
    assert later is None or later > date


@given(st.dates())
def test_dates_agree_with_python(date: dt.date) -> None:
    ours = Date(date.year, date.month, date.day)
    assert ours.ordinal == date.toordinal() - dt.date(1970, 1, 1).toordinal()
    assert ours.weekday == date.isoweekday()
    assert ours.day_of_year == date.timetuple().tm_yday
    assert holds("week of year(d) = week", d=ours, week=from_python(date.isocalendar().week))


@given(years, st.integers(-5, 20), st.integers(-5, 40))
def test_a_date_exists_or_is_refused(year: int, month: int, day: int) -> None:
    date = make_date(year, month, day)
    assert date is None or date_of_ordinal(date.ordinal) == date


@given(times)
def test_times_are_read_as_they_are_written(time: Time) -> None:
    assert parse_time(str(time)) == time


@given(dates, times)
def test_moments_are_read_as_they_are_written(date: Date, time: Time) -> None:
    moment = DateTime(date, time)
    assert parse_date_time(str(moment)) == moment


@given(st.integers(-(10**20), 10**20), regions | offsets)
def test_moments_keep_their_place_on_the_time_line(nanos: int, zone: Zone) -> None:
    moment = from_universal_nanos(nanos, zone)
    assert moment is not None
    # The second of two equal clock readings is read as the first: at most an hour or so earlier.
    assert 0 <= nanos - moment.universal_nanos <= 7200 * 10**9


@given(st.datetimes(timezones=st.timezones()))
def test_moments_agree_with_python(moment: dt.datetime) -> None:
    ours = from_python(moment)
    assert isinstance(ours, DateTime)
    expected = moment.utcoffset()
    assert expected is not None
    assert abs((ours.offset or 0) - int(expected.total_seconds())) < 1


@given(st.integers(-(10**20), 10**20), st.integers(-(10**9), 10**9))
def test_durations_are_read_as_they_are_written(nanos: int, months: int) -> None:
    assert parse_duration(str(DaysDuration(nanos))) == DaysDuration(nanos)
    assert parse_duration(str(MonthsDuration(months))) == MonthsDuration(months)


@given(dates, st.integers(-(10**6), 10**6))
def test_adding_and_subtracting_days(date: Date, days: int) -> None:
    duration = DaysDuration(days * 86_400 * 10**9)
    assert holds("(d + p) - p = d or (d + p) = null", d=date, p=duration)
    assert holds("(d + p) = null or (d + p) - d = p", d=date, p=duration)
