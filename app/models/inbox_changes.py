"""Whose inbox the newest history events changed: user tasks that were opened, claimed, ended; cases that ended."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.case_content import Attachment, Comment
from app.models.history import HistoryEvent
from app.models.process_instance import ProcessInstance
from app.models.user_task import UserTask, UserTaskCandidate

# On PostgreSQL a lower sequence may be committed after a higher one: look this far back each time.
OVERLAP = 200
MOST_AT_ONCE = 1000
CONTENT = ("comment_", "attachment_")  # types of events about what people add to a case


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
    columns = ("sequence", "instance_id", "activity_id", "actor_id", "type")
    event = select(*(getattr(HistoryEvent, name) for name in columns))
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
    talked_about = {row.instance_id for row in rows if row.type.startswith(CONTENT)}
    if talked_about:
        users.update(_taking_part(session, talked_about))
    candidates = select(UserTaskCandidate.kind, UserTaskCandidate.candidate_id, UserTaskCandidate.site_id)
    groups = set()
    for kind, candidate, site in session.execute(candidates.where(UserTaskCandidate.user_task_id.in_(activities))):
        if kind == "user":
            users.add(candidate)
        else:
            groups.add((candidate, site))
    return ChangedInboxes(frozenset(row.sequence for row in rows), frozenset(users) - {None}, frozenset(groups))


def _taking_part(session: Session, instances: Collection[str]) -> Iterator[str | None]:
    """Who has something to do with these cases and may have a page of them open."""
    yield from session.scalars(select(UserTask.assignee_id).where(UserTask.instance_id.in_(instances)).distinct())
    yield from session.scalars(select(Comment.author_id).where(Comment.instance_id.in_(instances)).distinct())
    yield from session.scalars(select(Attachment.uploaded_by).where(Attachment.instance_id.in_(instances)).distinct())
    for mentions in session.scalars(select(Comment.mentions).where(Comment.instance_id.in_(instances))):
        yield from mentions
