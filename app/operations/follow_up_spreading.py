"""Spreading calls evenly over working days and over those who call: rules only, no database (A109).

The same calls and the same crew always give the same plan.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Call:
    """A call that may be made from its first to its last day."""

    id: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Place:
    """When and by whom a call is to be made; without a caller, by whoever of the group takes it."""

    day: date
    caller_id: str | None


@dataclass(slots=True)
class Crew:
    """Who calls at a site, when they are away, and how many calls each has on a day.

    Arguments: callers, in a fixed order; away, pairs of caller and day; load, calls by day and caller (None: nobody
    yet); most_a_day, of one caller.
    """

    callers: Sequence[str]
    is_working_day: Callable[[date], bool]
    most_a_day: int
    away: frozenset[tuple[str, date]] = frozenset()
    load: Counter[tuple[date, str | None]] = field(default_factory=Counter)
    _totals: Counter[str | None] = field(init=False, default_factory=Counter)

    def __post_init__(self) -> None:
        for (_day, caller), count in self.load.items():
            self._totals[caller] += count

    def there_on(self, day: date) -> list[str]:
        """Those who call on a day."""
        return [caller for caller in self.callers if (caller, day) not in self.away]

    def room_on(self, day: date) -> int:
        """How many more calls those who are there can make."""
        there = self.there_on(day)
        return max(0, len(there) * self.most_a_day - self._calls_on(day, there))

    def place(self, call: Call, not_before: date) -> Place:
        """Find the day and the caller with the fewest calls, and count the call there.

        Where every day is full the limit gives way, not the call: its days are promised to the customer.
        """
        day = min(self._days(call, not_before), key=self._burden)
        there = self.there_on(day)
        caller = min(there, key=lambda one: (self.load[day, one], self._totals[one], one), default=None)
        self.load[day, caller] += 1
        self._totals[caller] += 1
        return Place(day, caller)

    def _days(self, call: Call, not_before: date) -> list[date]:
        first = max(call.first, not_before)
        days = [first + ONE_DAY * number for number in range((call.last - first).days + 1)]
        return [day for day in days if self.is_working_day(day)] or [max(call.last, first)]

    def _burden(self, day: date) -> tuple[int, Fraction, date]:
        """What a day is chosen by: somebody there with room, then few calls for each who is there, then early."""
        there = self.there_on(day)
        calls = self._calls_on(day, there)
        if not there:
            return 2, Fraction(calls), day
        return int(calls >= len(there) * self.most_a_day), Fraction(calls, len(there)), day

    def _calls_on(self, day: date, there: Sequence[str]) -> int:
        return sum(self.load[day, caller] for caller in (*there, None))


def spread(calls: Iterable[Call], crew: Crew, not_before: date) -> Mapping[str, Place]:
    """Place all calls, those with the least choice of days first; returns the place by the id of the call."""
    in_order = sorted(calls, key=lambda call: (call.last - max(call.first, not_before), call.first, call.id))
    return {call.id: crew.place(call, not_before) for call in in_order}
