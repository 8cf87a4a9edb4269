"""Where the time of finished cases went: for each element of a version, how often it was entered and for how long."""

import statistics
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.process_instance import ActivityInstance, ProcessInstance

# The latest ones: what was two years ago says little, and a page must not read millions of rows.
MOST_CASES = 1_000
NINE_OF_TEN = 90


@dataclass(frozen=True, slots=True)
class ElementTimes:
    """An element in the finished cases: passes, the cases with one, median and the time nine of ten stay below."""

    element_id: str
    element_type: str
    passes: int
    cases: int
    median: timedelta
    nine_of_ten: timedelta


@dataclass(frozen=True, slots=True)
class Durations:
    """Of how many finished cases, and each element that one of them entered, in the order of first entry."""

    cases: int
    elements: tuple[ElementTimes, ...]


def durations_of(session: Session, definition_id: str, sites: Collection[str]) -> Durations:
    """The times of the latest finished cases of a version at some sites; cancelled passes do not count."""
    latest = (
        select(ProcessInstance.id)
        .where(
            ProcessInstance.definition_id == definition_id,
            ProcessInstance.site_id.in_(sites),
            ProcessInstance.state == "completed",
        )
        .order_by(ProcessInstance.ended_at.desc(), ProcessInstance.id.desc())
        .limit(MOST_CASES)
        .subquery()
    )
    activity = ActivityInstance
    query = (
        select(
            activity.element_id, activity.element_type, activity.instance_id, activity.started_at, activity.ended_at
        )
        .join(latest, latest.c.id == activity.instance_id)
        .where(activity.state == "done")
        .order_by(activity.started_at, activity.id)
    )
    times: dict[tuple[str, str], list[timedelta]] = defaultdict(list)
    cases: dict[tuple[str, str], set[str]] = defaultdict(set)
    for element_id, element_type, instance_id, started_at, ended_at in session.execute(query):
        times[element_id, element_type].append((ended_at or started_at) - started_at)
        cases[element_id, element_type].add(instance_id)
    count = session.scalar(select(func.count()).select_from(latest)) or 0
    return Durations(count, tuple(_of(element, times[element], len(cases[element])) for element in times))


def _of(element: tuple[str, str], times: list[timedelta], cases: int) -> ElementTimes:
    seconds = sorted(time.total_seconds() for time in times)
    # The nearest rank: a time that really was, also with few cases.
    nine_of_ten = seconds[-(-len(seconds) * NINE_OF_TEN // 100) - 1]
    median = timedelta(seconds=statistics.median(seconds))
    return ElementTimes(*element, len(times), cases, median, timedelta(seconds=nine_of_ten))
