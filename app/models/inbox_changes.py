"""Whose inbox the newest history events changed: user tasks that were opened, claimed, ended; cases that ended."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.history import HistoryEvent
from app.models.process_instance import ProcessInstance
from app.models.user_task import UserTask, UserTaskCandidate

# On PostgreSQL a lower sequence may be committed after a higher one: look this far back each time.
OVERLAP = 200
MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class ChangedInboxes:
    """`sequences` are the events looked at; `users` and `groups` (group id, site id) whom they concern."""

    sequences: frozenset[int]
    users: frozenset[str] = frozenset()
    groups: frozenset[tuple[str, str]] = frozenset()


def newest_sequence(session: Session) -> int:
    """The highest sequence of the history so far, 0 when there is none."""
    return session.scalar(select(func.max(HistoryEvent.sequence))) or 0


def changed_inboxes(session: Session, after: int, seen: Collection[int]) -> ChangedInboxes:
    """Whom the events after `after` concern, but for those in `seen`; cheap when nothing happened."""
    event = select(HistoryEvent.sequence, HistoryEvent.instance_id, HistoryEvent.activity_id, HistoryEvent.actor_id)
    newest_first = event.where(HistoryEvent.sequence > after).order_by(HistoryEvent.sequence.desc()).limit(MOST_AT_ONCE)
    rows = [row for row in session.execute(newest_first) if row.sequence not in seen]
    if not rows:
        return ChangedInboxes(frozenset())
    activities = {row.activity_id for row in rows if row.activity_id}
    instances = {row.instance_id for row in rows if row.instance_id}
    users = {row.actor_id for row in rows}
    user_tasks = select(UserTask.assignee_id, UserTask.ended_by).where(UserTask.id.in_(activities))
    for assignee, ended_by in session.execute(user_tasks):
        users |= {assignee, ended_by}
    users.update(session.scalars(select(ProcessInstance.started_by).where(ProcessInstance.id.in_(instances))))
    candidates = select(UserTaskCandidate.kind, UserTaskCandidate.candidate_id, UserTaskCandidate.site_id)
    groups = set()
    for kind, candidate, site in session.execute(candidates.where(UserTaskCandidate.user_task_id.in_(activities))):
        if kind == "user":
            users.add(candidate)
        else:
            groups.add((candidate, site))
    return ChangedInboxes(frozenset(row.sequence for row in rows), frozenset(users) - {None}, frozenset(groups))
