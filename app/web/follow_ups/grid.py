"""The month and the week as tables: how many calls on which day by whom."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date, format_skeleton, get_day_names

from app.models.follow_up_plan_list import NOBODY, PlanCount
from app.operations.follow_up_spreading import Crew
from app.web.languages import babel_locale

DAYS_A_WEEK = 7
SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day: its calls, those skipped, and how many those who are there can make."""

    day: date
    calls: int
    made: int  # started or closed
    skipped: int
    room: int
    is_off: bool
    is_outside: bool = False  # of the month

    @property
    def is_over(self) -> bool:
        """More calls than those who are there can make."""
        return self.calls > self.room

    @property
    def share(self) -> int:
        """How full the day is, in percent."""
        return min(100, round(100 * self.calls / self.room)) if self.room else (100 if self.calls else 0)


@dataclass(frozen=True, slots=True)
class CallerLine:
    """A caller's week: calls by day, None where away."""

    id: str
    name: str
    calls: Sequence[int | None]

    @property
    def total(self) -> int:
        """Of the days shown."""
        return sum(count or 0 for count in self.calls)


def day_cells(first: date, last: date, counts: Iterable[PlanCount], crew: Crew) -> list[DayCell]:
    """One for each day from `first` to `last`."""
    calls: Counter[date] = Counter()
    made: Counter[date] = Counter()
    skipped: Counter[date] = Counter()
    for one in counts:
        (skipped if one.state == SKIPPED else calls)[one.day] += one.count
        made[one.day] += one.count if one.state in ("started", "closed") else 0
    return [
        DayCell(
            day, calls[day], made[day], skipped[day],
            room=len(crew.there_on(day)) * crew.most_a_day if crew.is_working_day(day) else 0,
            is_off=not crew.is_working_day(day),
        )
        for day in days_between(first, last)
    ]  # fmt: skip


def weeks_of(cells: Sequence[DayCell]) -> list[list[DayCell]]:
    """The days of a month in rows of seven, filled up with days of the neighbours."""
    first, last = cells[0].day, cells[-1].day
    before = [_outside(first - timedelta(days=number)) for number in range(first.weekday(), 0, -1)]
    after = [_outside(last + timedelta(days=number)) for number in range(1, DAYS_A_WEEK - last.weekday())]
    every = [*before, *cells, *after]
    return [every[start : start + DAYS_A_WEEK] for start in range(0, len(every), DAYS_A_WEEK)]


def caller_lines(
    days: Sequence[date], counts: Iterable[PlanCount], crew: Crew, names: Mapping[str, str], nobody: str
) -> list[CallerLine]:
    """One for each caller, for whoever has calls without being a caller any more, and for calls of nobody yet."""
    calls: Counter[tuple[str, date]] = Counter()
    for one in counts:
        if one.state != SKIPPED:
            calls[one.caller_id or NOBODY, one.day] += one.count
    callers = [*crew.callers, *sorted({caller for caller, _ in calls} - {*crew.callers, NOBODY})]
    if any(caller == NOBODY for caller, _ in calls):
        callers.append(NOBODY)
    return [
        CallerLine(
            caller,
            nobody if caller == NOBODY else names.get(caller, caller),
            [None if (caller, day) in crew.away and not calls[caller, day] else calls[caller, day] for day in days],
        )
        for caller in callers
    ]


def days_between(first: date, last: date) -> list[date]:
    """All days from `first` to `last`."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def weekday_names() -> list[str]:
    """Monday to Sunday, short."""
    names = get_day_names("abbreviated", locale=babel_locale())
    return [names[number] for number in range(DAYS_A_WEEK)]


def month_name(day: date) -> str:
    """Year and month, as in 2026年10月."""
    return format_skeleton("yMMMM", day, locale=babel_locale())


def short_day(day: date) -> str:
    """Month and day, as in 10月31日."""
    return format_skeleton("MMMd", day, locale=babel_locale())


def full_day(day: date) -> str:
    """With the weekday."""
    return format_date(day, "full", locale=babel_locale())


def _outside(day: date) -> DayCell:
    return DayCell(day, 0, 0, 0, 0, is_off=True, is_outside=True)
