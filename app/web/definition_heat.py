"""A version of a process with the times of its finished cases: warmer where more time went or more cases came by."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from babel.dates import format_timedelta
from markupsafe import Markup

from app.diagrams import Mark, Marks
from app.extensions import db
from app.models.display_names import definition_names
from app.models.durations import Durations, ElementTimes, durations_of
from app.web.case_drawing import definition_drawing
from app.web.current import current_person
from app.web.element_names import element_name
from app.web.element_words import kind_name
from app.web.languages import locale
from app.web.permissions import Permission, sites_with
from app.web.texts import gettext

WARMEST = 5
MEASURES: Mapping[str, Callable[[ElementTimes], float]] = {
    "time": lambda times: times.median.total_seconds(),
    "slowest": lambda times: times.nine_of_ten.total_seconds(),
    "often": lambda times: float(times.passes),
}


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A line of the table beside the diagram; `heat` from 0 (nothing) to `WARMEST`."""

    name: str
    kind: str
    passes: int
    cases: int
    median: str
    nine_of_ten: str
    heat: int


@dataclass(frozen=True, slots=True)
class Heat:
    """The page: the drawing, the same in numbers with the warmest first, and of how many cases."""

    drawing: Markup
    rows: list[HeatRow]
    cases: int


def heat_of(definition_id: str, measure: str, label: str) -> Heat:
    """What to show; `measure` is a key of MEASURES."""
    sites = sites_with(current_person(), Permission.CHANGE_CASES)
    durations = durations_of(db.session(), definition_id, sites)
    value = MEASURES[measure]
    heats = _heats(durations, value)
    marks = {
        times.element_id: Mark(count=times.passes, note=_told(times.median), heat=heats[times.element_id])
        for times in durations.elements
    }
    names = definition_names(db.session(), {definition_id})[definition_id]
    warmest_first = sorted(durations.elements, key=value, reverse=True)
    rows = [
        HeatRow(
            name=element_name(names, times.element_id),
            kind=kind_name(times.element_type),
            passes=times.passes,
            cases=times.cases,
            median=_told(times.median) or gettext("less than a minute"),
            nine_of_ten=_told(times.nine_of_ten) or gettext("less than a minute"),
            heat=heats[times.element_id],
        )
        for times in warmest_first
    ]
    return Heat(definition_drawing(definition_id, Marks(marks), label), rows, durations.cases)


def _heats(durations: Durations, value: Callable[[ElementTimes], float]) -> dict[str, int]:
    """Steps between nothing and the warmest; anything at all is at least the first."""
    most = max(map(value, durations.elements), default=0.0)
    return {
        times.element_id: math.ceil(value(times) / most * WARMEST) if most else 0
        for times in durations.elements
    }


def _told(time: timedelta) -> str:
    if time < timedelta(minutes=1):
        return ""
    return format_timedelta(time, format="short", threshold=1.5, locale=locale())
