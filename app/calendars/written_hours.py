"""Working hours as people write them: `8:30-12:00, 13:30-18:00`."""

import re
from datetime import time

from app.calendars.working_calendar import Stretch, UnusableHours, refuse_overlaps

_STRETCH = re.compile(r"(\d{1,2})(?:[:：](\d{2}))?\s*[-–—~～至到]\s*(\d{1,2})(?:[:：](\d{2}))?")
_BETWEEN = re.compile(r"[\s,，;；、]*")


def read_hours(text: str) -> tuple[Stretch, ...]:
    """The stretches of a day in their order, none for an empty text; `24:00` is the end of the day.

    Raises `UnusableHours` for anything else, and where they overlap or end before they begin.
    """
    found = list(_STRETCH.finditer(text))
    if _BETWEEN.fullmatch(_STRETCH.sub(" ", text)) is None:
        raise UnusableHours(f"{text!r} is not written as hours")
    stretches = tuple(sorted(Stretch(_moment(one[1], one[2]), _moment(one[3], one[4])) for one in found))
    refuse_overlaps(stretches)
    return stretches


def written_hours(stretches: tuple[Stretch, ...]) -> str:
    """The same as text."""
    return ", ".join(
        f"{one.begins:%H:%M}-{'24:00' if one.ends == time.min else f'{one.ends:%H:%M}'}" for one in stretches
    )


def _moment(hours: str, minutes: str | None) -> time:
    if (int(hours), int(minutes or 0)) == (24, 0):
        return time.min
    try:
        return time(int(hours), int(minutes or 0))
    except ValueError as error:
        raise UnusableHours(f"{hours}:{minutes} is no time of the day") from error
