"""The two kinds of duration (DMN 1.5 clauses 10.3.2.3.7 and 10.3.2.3.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.feel.values.times import DAY_NANOS, NANOS

_MONTHS_TEXT = re.compile(r"(-?)P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_DAYS_TEXT = re.compile(
    r"(-?)P(?=\d|T\d)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?",
    re.ASCII,
)
MAX_MONTHS = 12 * 999_999_999
MAX_NANOS = 10**15 * DAY_NANOS


@dataclass(frozen=True, slots=True, order=True)
class MonthsDuration:
    """A years and months duration."""

    months: int

    @property
    def parts(self) -> tuple[int, int]:
        """Years and months, both with the duration's sign."""
        years, months = divmod(abs(self.months), 12)
        return (-years, -months) if self.months < 0 else (years, months)

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if self.months < 0 else ''}P{text}"


@dataclass(frozen=True, slots=True, order=True)
class DaysDuration:
    """A days and time duration, in nanoseconds."""

    nanos: int

    @property
    def parts(self) -> tuple[int, int, int, int, int]:
        """Days, hours, minutes, seconds and nanoseconds, all with the duration's sign."""
        sign = -1 if self.nanos < 0 else 1
        seconds, nano = divmod(abs(self.nanos), NANOS)
        minutes, second = divmod(seconds, 60)
        hours, minute = divmod(minutes, 60)
        days, hour = divmod(hours, 24)
        return sign * days, sign * hour, sign * minute, sign * second, sign * nano

    def __str__(self) -> str:
        days, hours, minutes, seconds, nanos = (abs(part) for part in self.parts)
        fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
        clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        clock += f"{seconds}{fraction}S" if seconds or nanos else ""
        day = f"{days}D" if days else ""
        text = day + (f"T{clock}" if clock else "")
        return f"{'-' if self.nanos < 0 else ''}P{text or 'T0S'}"


Duration = MonthsDuration | DaysDuration


def make_months(months: int) -> MonthsDuration | None:
    """A duration; None beyond the largest."""
    return MonthsDuration(months) if abs(months) <= MAX_MONTHS else None


def make_days(nanos: int) -> DaysDuration | None:
    """A duration; None beyond the largest."""
    return DaysDuration(nanos) if abs(nanos) <= MAX_NANOS else None


def parse_duration(text: str) -> Duration | None:
    """Read an XML Schema duration of one of the two kinds; a mixture of both is neither."""
    if len(text) > 100:
        return None
    if match := _MONTHS_TEXT.fullmatch(text):
        sign, years, months = match.groups()
        total = int(years or 0) * 12 + int(months or 0)
        return make_months(-total if sign else total)
    if match := _DAYS_TEXT.fullmatch(text):
        sign, days, hours, minutes, seconds, fraction = match.groups()
        whole = int(days or 0) * 86_400 + int(hours or 0) * 3600 + int(minutes or 0) * 60
        whole += int(seconds or 0)
        nanos = whole * NANOS + int((fraction or "0")[:9].ljust(9, "0"))
        return make_days(-nanos if sign else nanos)
    return None
