"""Moments as the interface writes them: yyyy-MM-dd'T'HH:mm:ss.SSSZ, the offset without a colon."""

import re
from datetime import UTC, datetime

from app.i18n import N_
from app.web.camunda_errors import MalformedRequest

FIRST_YEAR, LAST_YEAR = 1000, 9998

# Some clients that are made from the public description write no fraction, or the offset with a colon.
_FORM = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d{1,6})?([+-]\d{2}:?\d{2}|Z)", re.ASCII)


def write_moment(moment: datetime | None) -> str | None:
    """In UTC; to the millisecond."""
    if moment is None:
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}+0000"


def read_moment(text: object) -> datetime:
    """The moment of a text in this form; raises MalformedRequest."""
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    moment = _parsed(found[1] + (found[2] or ".0") + found[3].replace("Z", "+0000")) if found else None
    if moment is None:
        raise MalformedRequest(
            N_("“%(text)s” is no moment: write it like 2026-01-23T13:42:42.000+0200."), text=str(text)[:80]
        )
    return moment


def read_kept_moment(text: object) -> datetime:
    """One that is kept: each place on earth has a day for it, so that pages can show it. Raises MalformedRequest."""
    moment = read_moment(text)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise MalformedRequest(
            N_("“%(text)s” is too far away: give a year from %(first)s to %(last)s."),
            text=str(text)[:80], first=FIRST_YEAR, last=LAST_YEAR,
        )  # fmt: skip
    return moment


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
