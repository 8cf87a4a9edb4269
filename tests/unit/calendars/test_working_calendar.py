from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.calendars import BeyondCalendar, Stretch, UnusableHours, WorkingCalendar

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
DAY = (Stretch(time(8, 30), time(12)), Stretch(time(13, 30), time(18)))
WEEK = dict.fromkeys(range(5), DAY)
# 2026-10-05..07 are days off, Saturday the 10th is worked to make up for one.
HOLIDAYS = {date(2026, 10, 5): False, date(2026, 10, 6): False, date(2026, 10, 7): False, date(2026, 10, 10): True}
CALENDAR = WorkingCalendar(SHANGHAI, WEEK, HOLIDAYS)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(("start", "days", "expected"), [
    ("2026-03-02T10:00", "1", "2026-03-03T10:00"),
    ("2026-03-02T08:30", "0.5", "2026-03-02T14:00"),  # half a day is four hours, over lunch
    ("2026-03-02T17:00", "0.5", "2026-03-03T11:30"),
    ("2026-03-06T17:00", "1", "2026-03-09T17:00"),  # over the weekend
    ("2026-03-06T18:00", "1", "2026-03-09T18:00"),  # the end of a day is reached before the next begins
    ("2026-03-07T12:00", "1", "2026-03-09T18:00"),  # from a Saturday: Monday whole
    ("2026-03-02T03:00", "1", "2026-03-02T18:00"),
    ("2026-10-02T17:00", "1", "2026-10-08T17:00"),  # over the holidays
    ("2026-10-09T17:00", "1", "2026-10-10T17:00"),  # onto the make-up Saturday
    ("2026-03-03T10:00", "-1", "2026-03-02T10:00"),
    ("2026-03-09T08:30", "-0.5", "2026-03-06T14:00"),
    ("2026-03-07T12:00", "0", "2026-03-07T12:00"),
])
def test_adding_working_days(start: str, days: str, expected: str) -> None:
    found = CALENDAR.add_working_days(at(start), Decimal(days))
    assert (found, found.tzinfo) == (at(expected), SHANGHAI)


@pytest.mark.parametrize(("start", "end", "expected"), [
    ("2026-03-02T10:00", "2026-03-02T11:30", "1.5"),
    ("2026-03-02T12:00", "2026-03-02T13:30", "0"),
    ("2026-03-02T00:00", "2026-03-03T00:00", "8"),
    ("2026-03-06T17:00", "2026-03-09T09:30", "2"),
    ("2026-03-09T09:30", "2026-03-06T17:00", "-2"),
    ("2026-10-01T00:00", "2026-10-12T00:00", "40"),
])
def test_hours_between(start: str, end: str, expected: str) -> None:
    assert CALENDAR.working_hours_between(at(start), at(end)) == Decimal(expected)


@pytest.mark.parametrize(("moment", "is_working"), [
    ("2026-03-02T08:30", True), ("2026-03-02T08:29", False), ("2026-03-02T12:00", False), ("2026-03-02T17:59", True),
    ("2026-03-02T18:00", False), ("2026-03-07T10:00", False), ("2026-10-05T10:00", False), ("2026-10-10T10:00", True),
])
def test_is_working(moment: str, is_working: bool) -> None:
    assert CALENDAR.is_working(at(moment)) is is_working
    assert CALENDAR.is_working(at(moment).astimezone(UTC)) is is_working


@pytest.mark.parametrize(("day", "expected"), [
    ("2026-03-06", "2026-03-06"), ("2026-03-07", "2026-03-09"),
    ("2026-10-03", "2026-10-08"), ("2026-10-10", "2026-10-10"),
])
def test_next_working_day(day: str, expected: str) -> None:
    assert CALENDAR.next_working_day(date.fromisoformat(day)) == date.fromisoformat(expected)


def test_normal_day_is_the_length_most_days_have() -> None:
    saturday = (Stretch(time(9), time(12)),)
    calendar = WorkingCalendar(SHANGHAI, WEEK | {0: saturday, 5: saturday}, {date(2026, 3, 8): True})
    assert calendar.hours_per_day == 8
    assert calendar.working_hours_between(at("2026-03-07T00:00"), at("2026-03-09T00:00")) == 3 + 8  # a made-up Sunday


class TestWhenTheClocksChange:
    """Berlin, 2026: 02:00 becomes 03:00 on 29 March, 03:00 becomes 02:00 on 25 October; both Sundays."""

    ALWAYS = WorkingCalendar(BERLIN, dict.fromkeys(range(7), (Stretch(time.min, time.min),)), {})
    NIGHT = WorkingCalendar(BERLIN, dict.fromkeys(range(7), (Stretch(time(2), time(3)),)), {})

    def test_a_day_has_as_many_hours_as_pass(self) -> None:
        days = (("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24))
        for day, hours in days:
            begin = at(f"{day}T00:00", BERLIN)
            assert self.ALWAYS.working_hours_between(begin, begin + timedelta(days=1)) == hours

    def test_hours_are_elapsed_hours(self) -> None:
        for begin, end in (("2026-03-29T00:00", "2026-03-29T05:00"), ("2026-10-25T00:00", "2026-10-25T03:00")):
            assert self.ALWAYS.add_working_hours(at(begin, BERLIN), Decimal(4)) == at(end, BERLIN)

    def test_what_the_clocks_skip_is_not_worked(self) -> None:
        begin, end = at("2026-03-28T12:00", BERLIN), at("2026-03-30T12:00", BERLIN)
        assert self.NIGHT.working_hours_between(begin, end) == 1


@pytest.mark.parametrize("hours", ["1e9", "-1e9", "1e400", "300000"])
def test_what_no_calendar_reaches_is_refused(hours: str) -> None:
    with pytest.raises(BeyondCalendar):
        CALENDAR.add_working_hours(at("2026-03-02T10:00"), Decimal(hours))


@pytest.mark.parametrize(("moment", "hours"), [("9999-12-30T10:00", "90"), ("0001-01-03T10:00", "-90")])
def test_the_ends_of_time_are_refused(moment: str, hours: str) -> None:
    with pytest.raises(BeyondCalendar):
        CALENDAR.add_working_hours(at(moment), Decimal(hours))


@pytest.mark.parametrize("hours", [
    {}, {0: ()}, {0: (Stretch(time(8), time(12)), Stretch(time(11), time(13)))},
    {0: (Stretch(time(8), time.min), Stretch(time(9), time(10)))},
])
def test_unusable_hours_are_refused(hours: dict[int, tuple[Stretch, ...]]) -> None:
    with pytest.raises(UnusableHours):
        WorkingCalendar(SHANGHAI, hours, {})


def test_stretch_over_midnight_is_refused() -> None:
    with pytest.raises(UnusableHours):
        Stretch(time(22), time(6))


def test_calendar_that_is_always_closed_does_not_search_for_ever() -> None:
    closed = {date(2026, 1, 1) + timedelta(days=n): False for n in range(41 * 366)}
    calendar = WorkingCalendar(SHANGHAI, WEEK, closed)
    with pytest.raises(BeyondCalendar):
        calendar.next_working_day(date(2026, 3, 2))


minutes = st.integers(0, 24 * 60 - 1)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    def stretches() -> tuple[Stretch, ...]:
        edges = sorted(draw(st.lists(minutes, min_size=2, max_size=6, unique=True)))
        clock = [time(edge // 60, edge % 60) for edge in edges]
        return tuple(Stretch(*pair) for pair in zip(clock[::2], clock[1::2], strict=False))

    week = {weekday: stretches() for weekday in draw(st.sets(st.integers(0, 6), min_size=1))}
    # With less than this, two of the amounts below take longer than the forty years a calendar reaches.
    a_week = sum((stretch.length for day in week.values() for stretch in day), timedelta())
    assume(a_week >= timedelta(minutes=5))
    days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
    zone = draw(st.sampled_from((SHANGHAI, BERLIN, ZoneInfo("America/St_Johns"), ZoneInfo("Australia/Lord_Howe"))))
    return WorkingCalendar(zone, week, draw(st.dictionaries(days, st.booleans(), max_size=20)))


moments = st.datetimes(datetime(2026, 1, 5), datetime(2026, 12, 20), timezones=st.just(UTC))  # noqa: DTZ001
amounts = st.decimals(0, 60, places=2)


@given(calendars(), moments, amounts)
def test_added_time_is_the_time_between(calendar: WorkingCalendar, start: datetime, hours: Decimal) -> None:
    end = calendar.add_working_hours(start, hours)
    assert end >= start
    assert calendar.working_hours_between(start, end) == hours


@given(calendars(), moments, amounts)
def test_taken_time_is_the_time_between(calendar: WorkingCalendar, start: datetime, hours: Decimal) -> None:
    end = calendar.add_working_hours(start, -hours)
    assert end <= start
    assert calendar.working_hours_between(start, end) == -hours


@given(calendars(), moments, amounts, amounts)
def test_adding_twice_is_adding_the_sum(calendar: WorkingCalendar, start: datetime, a: Decimal, b: Decimal) -> None:
    twice = calendar.add_working_hours(calendar.add_working_hours(start, a), b)
    assert twice == calendar.add_working_hours(start, a + b)


@given(calendars(), moments, moments, moments)
def test_time_between_adds_up(calendar: WorkingCalendar, a: datetime, b: datetime, c: datetime) -> None:
    between = calendar.working_hours_between
    assert abs(between(a, b) + between(b, c) - between(a, c)) < Decimal("1e-15")


@given(calendars(), moments)
@example(WorkingCalendar(BERLIN, WEEK, {}), datetime(2026, 3, 28, 23, 30, tzinfo=UTC))
def test_working_moments_are_those_in_which_time_passes(calendar: WorkingCalendar, moment: datetime) -> None:
    moment = moment.replace(second=0, microsecond=0)
    passes = calendar.working_hours_between(moment, moment + timedelta(minutes=1)) > 0
    assert calendar.is_working(moment) is passes


@given(calendars(), st.dates(date(2026, 1, 5), date(2026, 12, 20)))
def test_next_working_day_is_the_first(calendar: WorkingCalendar, day: date) -> None:
    found = calendar.next_working_day(day)
    assume(found - day < timedelta(days=60))
    assert calendar.is_working_day(found)
    assert not any(calendar.is_working_day(day + timedelta(days=n)) for n in range((found - day).days))
