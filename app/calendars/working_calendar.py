"""A site's working time as a value: weekly hours, days that differ, one time zone."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.calendars.day_parts import day_part, next_other_part

_ONE_DAY = timedelta(days=1)
_NOTHING = timedelta(0)
_MICROSECONDS_PER_HOUR = 3_600_000_000
# Far beyond any due date, and near enough that a diagram asking for the year 9000 costs milliseconds.
MOST_DAYS = 40 * 366
_MOST_HOURS = MOST_DAYS * 24


class BeyondCalendar(OverflowError):
    """The answer lies further away than a calendar is asked for (forty years)."""


class UnusableHours(ValueError):
    """Working hours that overlap, end before they begin, or name no working time at all."""


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """A stretch of working time on the wall clock; `ends` at 00:00 means the end of the day."""

    begins: time
    ends: time

    def __post_init__(self) -> None:
        if self.ends != time.min and self.ends <= self.begins:
            raise UnusableHours(f"{self.begins}-{self.ends} ends before it begins: split it at midnight")

    @property
    def length(self) -> timedelta:
        """How long it is on a day without a change of the clocks."""
        return self.end_on(date.min) - datetime.combine(date.min, self.begins)

    def end_on(self, day: date) -> datetime:
        """The end on the wall clock of `day`."""
        return datetime.combine(day, self.ends) + (_ONE_DAY if self.ends == time.min else _NOTHING)


@dataclass(frozen=True)
class WorkingCalendar:
    """Working time of a site.

    A working day, as a measure of time, is the working hours of a normal day (the length most weekdays have): half
    a working day is half of them. So `add_working_days` and `add_working_hours` agree, and whoever adds twice gets
    what adding the sum gives. Hours are elapsed hours, also where the clocks change.

    Arguments: zone, of the wall clock; weekly_hours, by weekday (0 = Monday), without the lunch break; exceptions,
    the days that differ: True for a make-up day (worked as its weekday, or as a normal day), False for a day off.
    Raises `UnusableHours`.
    """

    zone: ZoneInfo
    weekly_hours: Mapping[int, tuple[Stretch, ...]]
    exceptions: Mapping[date, bool]

    def __post_init__(self) -> None:
        if not any(self.weekly_hours.values()):
            raise UnusableHours("a calendar without any working time")
        for stretches in self.weekly_hours.values():
            refuse_overlaps(stretches)

    @property
    def hours_per_day(self) -> Decimal:
        """How many hours a normal working day has."""
        return _hours(_length(self._normal_day))

    def is_working_day(self, day: date) -> bool:
        """Somebody works on `day`."""
        return bool(self._stretches(day))

    def is_working(self, moment: datetime) -> bool:
        """Somebody works at `moment`; the end of working time is outside, its beginning inside."""
        day = moment.astimezone(self.zone).date()
        return any(begin <= moment < end for begin, end in self._intervals(day))

    def next_working_day(self, day: date) -> date:
        """The first working day on or after `day`: where something due on a day off moves to."""
        return next(found for found in _days(day, 1) if self.is_working_day(found))

    def add_working_days(self, start: datetime, days: Decimal) -> datetime:
        """The moment when `days` (fractions too, negative = before) of working time have passed since `start`."""
        return self.add_working_hours(start, days * self.hours_per_day)

    def add_working_hours(self, start: datetime, hours: Decimal) -> datetime:
        """The moment when `hours` of working time have passed since `start`, in the calendar's zone.

        Outside working time the clock stands still. The end of a working day is reached before the beginning of the
        next. Raises `BeyondCalendar`.
        """
        rest = _span(hours)
        if rest < _NOTHING:
            for begin, end in self._backward(start):
                if end - begin >= -rest:
                    return (end + rest).astimezone(self.zone)
                rest += end - begin
        elif rest:
            for begin, end in self._forward(start):
                if end - begin >= rest:
                    return (begin + rest).astimezone(self.zone)
                rest -= end - begin
        return start.astimezone(self.zone)

    def working_hours_between(self, start: datetime, end: datetime) -> Decimal:
        """How many hours of working time lie between two moments; negative where `end` comes first."""
        if end < start:
            return -self.working_hours_between(end, start)
        total = _NOTHING
        for begins, ends in self._forward(start):
            if begins >= end:
                break
            total += min(ends, end) - begins
        return _hours(total)

    def working_time_after(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of working time from `start` on, in UTC; they end with `BeyondCalendar` only."""
        return self._forward(start)

    def day_part(self, moment: datetime) -> str:
        """The part of the site's day in which a moment lies: morning, noon, afternoon, evening."""
        return day_part(moment, self.zone)

    def next_other_part(self, start: datetime, parts: Collection[str]) -> datetime:
        """The next working time in another part of the day than these."""
        return next_other_part(self, start, parts)

    @cached_property
    def _normal_day(self) -> tuple[Stretch, ...]:
        worked = [stretches for _weekday, stretches in sorted(self.weekly_hours.items()) if stretches]
        lengths = Counter(_length(stretches) for stretches in worked)
        usual = max(lengths, key=lambda length: (lengths[length], length))
        return next(stretches for stretches in worked if _length(stretches) == usual)

    def _stretches(self, day: date) -> tuple[Stretch, ...]:
        is_working = self.exceptions.get(day)
        regular = self.weekly_hours.get(day.weekday(), ())
        if is_working is None:
            return regular
        return (regular or self._normal_day) if is_working else ()

    def _intervals(self, day: date) -> list[tuple[datetime, datetime]]:
        """The working time of a day in UTC, in order; what the clocks skip has no length and is left out."""
        intervals = [
            (
                datetime.combine(day, stretch.begins, self.zone).astimezone(UTC),
                stretch.end_on(day).replace(tzinfo=self.zone).astimezone(UTC),
            )
            for stretch in sorted(self._stretches(day))
        ]
        return [(begin, end) for begin, end in intervals if begin < end]

    def _forward(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        for day in _days(start.astimezone(self.zone).date(), 1):
            for begin, end in self._intervals(day):
                if end > start:
                    yield max(begin, start), end

    def _backward(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        for day in _days(start.astimezone(self.zone).date(), -1):
            for begin, end in reversed(self._intervals(day)):
                if begin < start:
                    yield begin, min(end, start)


def _days(first: date, step: int) -> Iterator[date]:
    """Days from `first` on, forward or backward; raises `BeyondCalendar` instead of ending."""
    try:
        for count in range(MOST_DAYS):
            yield first + timedelta(days=step * count)
    except OverflowError as error:
        raise BeyondCalendar("no calendar reaches that far") from error
    raise BeyondCalendar(f"no answer within {MOST_DAYS} days")


def _span(hours: Decimal) -> timedelta:
    if abs(hours) > _MOST_HOURS:
        raise BeyondCalendar(f"{hours} working hours are more than a calendar counts")
    return timedelta(microseconds=round(hours * _MICROSECONDS_PER_HOUR))


def _hours(span: timedelta) -> Decimal:
    return Decimal(span // timedelta(microseconds=1)) / _MICROSECONDS_PER_HOUR


def _length(stretches: tuple[Stretch, ...]) -> timedelta:
    return sum((stretch.length for stretch in stretches), _NOTHING)


def refuse_overlaps(stretches: tuple[Stretch, ...]) -> None:
    """Raise `UnusableHours` where two stretches of a day have a moment in common."""
    in_order = sorted(stretches)
    for earlier, later in pairwise(in_order):
        if earlier.ends == time.min or earlier.ends > later.begins:
            raise UnusableHours(f"{earlier.begins}-{earlier.ends} and {later.begins}-{later.ends} overlap")
