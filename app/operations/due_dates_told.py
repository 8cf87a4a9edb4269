"""Due dates told to who has the user task: an hour before, and when they have passed, each once.

What nobody has taken is told, when it is overdue, to who leads its groups, and to programs that want to know.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from app.models import ProcessInstance, User, UserTask, UserTaskCandidate, WebhookSubscription
from app.operations.actor import SYSTEM
from app.operations.group_leaders import leaders_of
from app.operations.history_feed import locked_position, move_position, position_of
from app.operations.incident_notices import who_can_see
from app.operations.notifications import notify
from app.operations.webhook_events import (
    Origin,
    active_subscriptions,
    case_facts,
    tell_subscriptions,
    user_task_facts,
)
from app.operations.webhook_kinds import OVERDUE

FOLLOWER = "due_dates"
UNTAKEN = "overdue_untaken"
BEFORE = timedelta(hours=1)
# After a long stop: what fell due earlier shows in the inbox anyway.
LONGEST_LOOK_BACK = timedelta(days=1)


def tell_of_due_dates(session: Session, now: datetime) -> int:
    """Tell of the due dates that came into reach, or passed, since the last time; returns 0: one look is enough.

    The window of time is what makes it once: it is moved in the same transaction.
    """
    windows = _windows(locked_position(session, FOLLOWER), now)
    for kind, (after, until) in windows.items():
        _tell(session, kind, after, until, now)
    if windows:
        _tell_leaders(session, *windows["overdue"], now)
        move_position(session, FOLLOWER, now.isoformat())
    return 0


def has_due_dates_to_tell(session: Session, now: datetime) -> bool:
    """Whether there is any to tell; only reads."""
    windows = _windows(position_of(session, FOLLOWER), now)
    queries = [_coming_due(after, until) for after, until in windows.values()]
    queries += [_nobodys_coming_due(*windows["overdue"])] if windows else []
    return any(session.execute(query.limit(1)).first() is not None for query in queries)


def _windows(position: str, now: datetime) -> dict[str, tuple[datetime, datetime]]:
    """Between which due dates each kind is told; none where the clock was put back, until it has caught up."""
    since = max(datetime.fromisoformat(position), now - LONGEST_LOOK_BACK)
    if since >= now:
        return {}
    return {"overdue": (since, now), "due_soon": (max(since + BEFORE, now), now + BEFORE)}


def _coming_due(after: datetime, until: datetime) -> Select[str, str, str | None]:
    """Person by person, as the index of the inbox is made: a join would read all open user tasks."""
    return _open_and_due(UserTask.assignee_id.in_(select(User.id)), after, until)


def _nobodys_coming_due(after: datetime, until: datetime) -> Select[str, str, str | None]:
    return _open_and_due(UserTask.assignee_id.is_(None), after, until)


def _open_and_due(whose: ColumnElement[bool], after: datetime, until: datetime) -> Select[str, str, str | None]:
    return (
        select(UserTask.id, UserTask.instance_id, UserTask.assignee_id)
        .where(whose, UserTask.state == "open")
        .where(UserTask.due_sort > after, UserTask.due_sort <= until)
        .order_by(UserTask.due_sort, UserTask.id)
    )


def _tell(session: Session, kind: str, after: datetime, until: datetime, now: datetime) -> None:
    subscriptions = active_subscriptions(session) if kind == "overdue" else ()
    if subscriptions:
        for user_task_id, instance_id, _nobody in session.execute(_nobodys_coming_due(after, until)).all():
            _tell_programs(session, subscriptions, user_task_id, instance_id, now)
    for user_task_id, instance_id, assignee_id in session.execute(_coming_due(after, until)).all():
        if subscriptions:
            _tell_programs(session, subscriptions, user_task_id, instance_id, now)
        about = {"instance_id": instance_id, "user_task_id": user_task_id}
        notify(session, [str(assignee_id)], kind, params={}, **about, actor=SYSTEM, now=now)


def _tell_leaders(session: Session, after: datetime, until: datetime, now: datetime) -> None:
    """Nobody has it, so nobody else would be told; leaders who may not see the case are told the step alone."""
    for user_task_id, instance_id, _nobody in session.execute(_nobodys_coming_due(after, until)).all():
        user_task = session.get_one(UserTask, user_task_id)
        groups = select(UserTaskCandidate.candidate_id).where(
            UserTaskCandidate.user_task_id == user_task_id, UserTaskCandidate.kind == "group"
        )
        leaders = leaders_of(session, session.scalars(groups).all(), user_task.site_id)
        seeing = who_can_see(session, leaders, instance_id)
        about = {"instance_id": instance_id, "user_task_id": user_task_id}
        notify(session, seeing, UNTAKEN, params={}, **about, actor=SYSTEM, now=now)
        others = [leader for leader in leaders if leader not in seeing]
        notify(session, others, UNTAKEN, params={"user_task": user_task.name}, actor=SYSTEM, now=now)


def _tell_programs(
    session: Session,
    subscriptions: Sequence[WebhookSubscription],
    user_task_id: str,
    instance_id: str,
    now: datetime,
) -> None:
    case, user_task = session.get_one(ProcessInstance, instance_id), session.get_one(UserTask, user_task_id)
    document = {"at": now.isoformat(), "site": case.site_id, "actor": SYSTEM.user_id}
    facts = {**document, "case": case_facts(case), "user_task": user_task_facts(user_task)}
    tell_subscriptions(session, subscriptions, Origin(case.site_id, case.process_key), OVERDUE, facts, now=now)
