"""Time zones: an offset from UTC, or the name of a region whose offset depends on the date."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.feel.values.dates import Date, is_leap_year

MAX_OFFSET_SECONDS = 14 * 3600
_OFFSET = re.compile(r"([+-])(\d\d):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_REGION = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Zone:
    """`offset` in seconds east of UTC; `region` an IANA name. Exactly one of them is set."""

    offset: int | None = None
    region: str | None = None

    def offset_at(self, date: Date, seconds: int) -> int:
        """The offset in seconds at a local date and second of the day."""
        if self.region is None:
            return self.offset or 0
        return _seconds_of(_stand_in(date, seconds, ZoneInfo(self.region)))

    def offset_at_instant(self, date: Date, seconds: int) -> int:
        """The offset in seconds at a date and second of the day in UTC."""
        if self.region is None:
            return self.offset or 0
        return _seconds_of(_stand_in(date, seconds, dt.UTC).astimezone(ZoneInfo(self.region)))

    def __str__(self) -> str:
        if self.region is not None:
            return f"@{self.region}"
        return offset_text(self.offset or 0)


UTC = Zone(offset=0)


def offset_text(offset: int) -> str:
    """`Z`, or sign, hours, minutes and, where there are any, seconds."""
    if offset == 0:
        return "Z"
    minutes, seconds = divmod(abs(offset), 60)
    tail = f":{seconds:02d}" if seconds else ""
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}{tail}"


def _stand_in(date: Date, seconds: int, zone: dt.tzinfo) -> dt.datetime:
    """A moment that zone rules can be asked about: they repeat every 400 years after 9998.

    Before year 2 every region is on its local mean time, whatever the year.
    """
    year = date.year
    if year > 9998:
        year = year % 400 + 9200
    elif year < 2:
        year = 4 if is_leap_year(year) else 2
    hours, rest = divmod(seconds, 3600)
    return dt.datetime(year, date.month, date.day, hours, rest // 60, rest % 60, tzinfo=zone)


def _seconds_of(moment: dt.datetime) -> int:
    offset = moment.utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


@lru_cache(maxsize=1024)
def _is_region(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def parse_zone(text: str) -> Zone | None:
    """Read `Z`, `+hh:mm`, `-hh:mm:ss` or `@Region/City`; None when it is none of them."""
    if text in ("Z", "z"):
        return UTC
    if text.startswith("@"):
        name = text[1:]
        is_known = _REGION.fullmatch(name) is not None and _is_region(name)
        return Zone(region=name) if is_known else None
    match = _OFFSET.fullmatch(text)
    if match is None:
        return None
    sign, hours, minutes, seconds = match.groups()
    offset = int(hours) * 3600 + int(minutes) * 60 + int(seconds or 0)
    return make_offset(-offset if sign == "-" else offset)


def make_offset(seconds: int) -> Zone | None:
    """A zone of a fixed offset; None beyond fourteen hours."""
    return Zone(offset=seconds) if abs(seconds) <= MAX_OFFSET_SECONDS else None
