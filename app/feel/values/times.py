"""Times of day, with or without a zone, to the nanosecond (DMN 1.5 clause 10.3.2.3.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.feel.values.dates import Date
from app.feel.values.zones import Zone, parse_zone

NANOS = 1_000_000_000
DAY_NANOS = 86_400 * NANOS
_TEXT = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(.*)", re.ASCII)
_EPOCH = Date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day; `nano` counts within the second."""

    hour: int
    minute: int
    second: int
    nano: int = 0
    zone: Zone | None = None

    @property
    def second_of_day(self) -> int:
        return self.hour * 3600 + self.minute * 60 + self.second

    @property
    def nano_of_day(self) -> int:
        return self.second_of_day * NANOS + self.nano

    @property
    def universal_nanos(self) -> int:
        """Nanoseconds of the day in UTC; may be negative or beyond a day. No zone counts as UTC."""
        return self.nano_of_day - (self.offset or 0) * NANOS

    @property
    def offset(self) -> int | None:
        """Seconds east of UTC, or None; a region is asked about its standing on 1970-01-01."""
        if self.zone is None:
            return None
        return self.zone.offset_at(_EPOCH, self.second_of_day)

    def __str__(self) -> str:
        fraction = f".{self.nano:09d}".rstrip("0") if self.nano else ""
        zone = "" if self.zone is None else str(self.zone)
        return f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}{fraction}{zone}"


def make_time(hour: int, minute: int, second: int, nano: int = 0, zone: Zone | None = None) -> Time | None:
    """A time; None when no clock shows it."""
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59):
        return None
    return Time(hour, minute, second, nano, zone)


def time_of_nanos(nanos: int, zone: Zone | None) -> Time:
    """The time `nanos` after midnight, turning over at the end of the day."""
    seconds, nano = divmod(nanos % DAY_NANOS, NANOS)
    minutes, second = divmod(seconds, 60)
    return Time(minutes // 60, minutes % 60, second, nano, zone)


def parse_time(text: str) -> Time | None:
    """Read `hh:mm:ss`, an optional fraction and an optional zone."""
    match = _TEXT.fullmatch(text)
    if match is None:
        return None
    hour, minute, second, fraction, zone_text = match.groups()
    zone = parse_zone(zone_text) if zone_text else None
    if zone_text and zone is None:
        return None
    nano = int((fraction or "0")[:9].ljust(9, "0"))
    return make_time(int(hour), int(minute), int(second), nano, zone)
