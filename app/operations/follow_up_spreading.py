"""Spreading calls evenly over working days and over those who call: rules only, no database (A109).

The same calls and the same crew always give the same plan.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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
        day = min(self.days(call, not_before), key=self._burden)
        there = self.there_on(day)
        caller = min(there, key=lambda one: (self.load[day, one], self._totals[one], one), default=None)
        place = Place(day, caller)
        self.count(place, 1)
        return place

    def calls_at(self, place: Place) -> int:
        """How many calls there are at a place."""
        return self.load[place.day, place.caller_id]

    def count(self, place: Place, calls: int) -> None:
        """Add calls to a place, or take them away (negative)."""
        self.load[place.day, place.caller_id] += calls
        self._totals[place.caller_id] += calls

    def days(self, call: Call, not_before: date) -> list[date]:
        """The working days on which a call may be made; the last day where there is none."""
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


def even_out(calls: Mapping[str, tuple[Call, Place | None]], crew: Crew, not_before: date) -> Mapping[str, Place]:
    """Even out calls that have a place already (or None), moving few; returns the place of each.

    What cannot stay is placed anew, calls with the least choice of days first. Then calls go from fuller to emptier
    places as long as that makes both more alike. The crew's load must not contain these calls.
    """
    places = {key: place for key, (call, place) in calls.items() if place and _can_stay(call, place, crew, not_before)}
    for place in places.values():
        crew.count(place, 1)
    homeless = (call for key, (call, _) in calls.items() if key not in places)
    for call in sorted(homeless, key=lambda one: (one.last - max(one.first, not_before), one.first, one.id)):
        places[call.id] = crew.place(call, not_before)
    in_order = sorted(calls)
    while sum(_improve(calls[key][0], places, crew, not_before) for key in in_order):
        pass
    return places


def _can_stay(call: Call, place: Place, crew: Crew, not_before: date) -> bool:
    is_open = max(call.first, not_before) <= place.day <= call.last and crew.is_working_day(place.day)
    return is_open and place.caller_id in crew.there_on(place.day)


def _improve(call: Call, places: dict[str, Place], crew: Crew, not_before: date) -> bool:
    """Move one call where somebody has at least two fewer: then the sum of the squares falls, so this ends."""
    here = places[call.id]
    others = (Place(day, one) for day in crew.days(call, not_before) for one in crew.there_on(day))
    best = min(others, key=lambda place: (crew.calls_at(place), place.day, place.caller_id), default=None)
    if best is None or crew.calls_at(best) + 1 >= crew.calls_at(here):
        return False
    crew.count(here, -1)
    crew.count(best, 1)
    places[call.id] = best
    return True
