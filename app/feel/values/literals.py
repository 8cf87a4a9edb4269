"""The text of any temporal value, as it follows `@` (DMN 1.5 grammar rule 62)."""

from __future__ import annotations

from app.feel.values.dates import Date, parse_date
from app.feel.values.durations import Duration, parse_duration
from app.feel.values.moments import DateTime, parse_date_time
from app.feel.values.times import Time, parse_time

Temporal = Date | Time | DateTime | Duration


def parse_temporal(text: str) -> Temporal | None:
    """A date, date and time, time or duration; None when the text is none of them."""
    if "P" in text[:2]:
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_date_time(text)
    return parse_time(text) if ":" in text else parse_date(text)
