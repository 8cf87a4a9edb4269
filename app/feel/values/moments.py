"""Date and time values (DMN 1.5 clause 10.3.2.3.6)."""

from __future__ import annotations

from dataclasses import dataclass

from app.feel.values.dates import Date, date_of_ordinal, parse_date
from app.feel.values.times import DAY_NANOS, NANOS, Time, parse_time, time_of_nanos
from app.feel.values.zones import UTC, Zone

MIDNIGHT = Time(0, 0, 0)
UTC_MIDNIGHT = Time(0, 0, 0, 0, UTC)


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date with a time of day; the time carries the zone."""

    date: Date
    time: Time

    @property
    def zone(self) -> Zone | None:
        return self.time.zone

    @property
    def offset(self) -> int | None:
        """Seconds east of UTC at this moment, or None without a zone."""
        if self.time.zone is None:
            return None
        return self.time.zone.offset_at(self.date, self.time.second_of_day)

    @property
    def local_nanos(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00 on the clock of its own zone."""
        return self.date.ordinal * DAY_NANOS + self.time.nano_of_day

    @property
    def universal_nanos(self) -> int:
        """Nanoseconds since the epoch in UTC; no zone counts as UTC."""
        return self.local_nanos - (self.offset or 0) * NANOS

    def plus_nanos(self, nanos: int) -> DateTime | None:
        """The moment `nanos` of elapsed time later, in the same zone."""
        if self.zone is None or self.zone.region is None:
            return _from_local_nanos(self.local_nanos + nanos, self.zone)
        return from_universal_nanos(self.universal_nanos + nanos, self.zone)

    def plus_months(self, months: int) -> DateTime | None:
        date = self.date.plus_months(months)
        return None if date is None else DateTime(date, self.time)

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


def _from_local_nanos(nanos: int, zone: Zone | None) -> DateTime | None:
    date = date_of_ordinal(nanos // DAY_NANOS)
    return None if date is None else DateTime(date, time_of_nanos(nanos, zone))


def from_universal_nanos(nanos: int, zone: Zone) -> DateTime | None:
    """The moment `nanos` after the epoch, on the clock of `zone`."""
    date = date_of_ordinal(nanos // DAY_NANOS)
    if date is None:
        return None
    offset = zone.offset_at_instant(date, nanos % DAY_NANOS // NANOS)
    return _from_local_nanos(nanos + offset * NANOS, zone)


def parse_date_time(text: str) -> DateTime | None:
    """Read a date, `T` and a time; a date alone is its midnight."""
    date_text, mark, time_text = text.partition("T")
    date = parse_date(date_text)
    time = parse_time(time_text) if mark else MIDNIGHT
    return None if date is None or time is None else DateTime(date, time)
