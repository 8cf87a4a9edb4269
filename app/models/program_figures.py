"""Counters of what happened, as programs ask for them: those of the cases that the person may see."""

from collections import Counter as Counts
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, null, select
from sqlalchemy.orm import Session

from app.models.event_contents import body_text
from app.models.history import HistoryEvent
from app.models.process_instance import ActivityInstance, ProcessInstance
from app.models.visibility import is_visible_to

_P, _A, _H = ProcessInstance, ActivityInstance, HistoryEvent


@dataclass(frozen=True, slots=True)
class Counter:
    """Rows of a table, each at a moment; those with the same `once` count once, all of them where that is None."""

    rows: Callable[[Select[*tuple[Any, ...]]], Select[*tuple[Any, ...]]]
    at: Any
    once: Any = None


def _activities(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return query.select_from(_A).join(_P, _P.id == _A.instance_id)


def _events(*conditions: ColumnElement[bool]) -> Callable[[Select[*tuple[Any, ...]]], Select[*tuple[Any, ...]]]:
    return lambda query: query.select_from(_H).join(_P, _P.id == _H.instance_id).where(*conditions)


COUNTERS: Mapping[str, Counter] = {
    "root-process-instance-start": Counter(lambda query: query.select_from(_P), _P.started_at),
    "activity-instance-start": Counter(_activities, _A.started_at),
    "activity-instance-end": Counter(_activities, _A.ended_at),
    "executed-decision-instances": Counter(_events(_H.type == "decision_evaluated"), _H.at),
    "job-successful": Counter(_events(_H.type.in_(("job_completed", "timer_fired", "case_continued"))), _H.at),
    "job-failed": Counter(_events(_H.type == "job_attempt_failed"), _H.at),
    "unique-task-workers": Counter(
        _events(_H.type.in_(("user_task_claimed", "user_task_assigned"))), _H.at, body_text(_H.canonical, "assignee")
    ),
}


def sum_of(session: Session, user_id: str, name: str, since: datetime | None, until: datetime | None) -> int:
    """How often it happened, from a moment on and before another."""
    counter = COUNTERS[name]
    column = func.count() if counter.once is None else func.count(counter.once.distinct())
    query = counter.rows(select(column)).where(is_visible_to(user_id), counter.at.is_not(None))
    return session.scalar(_between(query, counter, since, until)) or 0


def counts_by_interval(
    session: Session, user_id: str, name: str, since: datetime, until: datetime, seconds: int
) -> Mapping[int, int]:
    """How often it happened in each stretch of so many seconds, by its begin (seconds since 1970)."""
    counter = COUNTERS[name]
    counted = null() if counter.once is None else counter.once
    query = counter.rows(select(counter.at, counted)).where(is_visible_to(user_id), counter.at.is_not(None))
    if counter.once is not None:
        query = query.where(counter.once.is_not(None))
    rows = session.execute(_between(query, counter, since, until))
    found = [(int(moment.timestamp()) // seconds * seconds, value) for moment, value in rows]
    return Counts(begin for begin, _value in (found if counter.once is None else set(found)))


def _between(
    query: Select[*tuple[Any, ...]], counter: Counter, since: datetime | None, until: datetime | None
) -> Select[*tuple[Any, ...]]:
    if since is not None:
        query = query.where(counter.at >= since)
    return query if until is None else query.where(counter.at < until)
