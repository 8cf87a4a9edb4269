"""Figures an operator watches: what waits, since when, what went wrong, how much there is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from app.models.feed_position import SEARCH, FeedPosition
from app.models.history import HistoryEvent, HistoryPending, HistorySealEntry
from app.models.job import Incident, Job
from app.models.process_instance import ProcessInstance
from app.models.sign_in import WebSession


@dataclass(frozen=True, slots=True)
class OperatingFacts:
    """jobs: (kind, state) -> how many; cases: state -> how many; unindexed: sealed events the search has not read."""

    jobs: dict[tuple[str, str], int]
    oldest_due: datetime | None
    cases: dict[str, int]
    incidents: int
    sessions: int
    unsealed: int
    unindexed: int


def operating_facts(session: Session, now: datetime) -> OperatingFacts:
    """All of them. Ended jobs are not counted: they are kept for a month, and counting them reads them all."""
    waiting = select(Job.kind, Job.state, func.count()).where(Job.state.in_(("pending", "leased")))
    cases = select(ProcessInstance.state, func.count()).group_by(ProcessInstance.state)
    indexed = session.scalar(select(FeedPosition.position).where(FeedPosition.name == SEARCH))
    sealed = session.scalar(select(func.max(HistorySealEntry.position))) or 0
    return OperatingFacts(
        jobs={(kind, state): count for kind, state, count in session.execute(waiting.group_by(Job.kind, Job.state))},
        oldest_due=oldest_due_job(session, now),
        cases=dict(session.execute(cases).all()),
        incidents=session.scalar(select(func.count()).where(Incident.is_open == true())) or 0,
        sessions=session.scalar(select(func.count()).select_from(WebSession)) or 0,
        unsealed=session.scalar(select(func.count()).select_from(HistoryPending)) or 0,
        unindexed=sealed - int(indexed or 0),
    )


def oldest_due_job(session: Session, now: datetime, kinds: Collection[str] | None = None) -> datetime | None:
    """Since when the job that waits longest could have been done; None where none is due."""
    query = select(func.min(Job.run_at)).where(Job.state == "pending", Job.run_at <= now)
    return session.scalar(query.where(Job.kind.in_(kinds)) if kinds is not None else query)


def oldest_unsealed_event(session: Session) -> datetime | None:
    """When the oldest event that no seal covers happened."""
    first = select(func.min(HistoryPending.event_sequence)).scalar_subquery()
    return session.scalar(select(HistoryEvent.at).where(HistoryEvent.sequence == first))
