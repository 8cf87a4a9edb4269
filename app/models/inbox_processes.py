"""How the user tasks of a view of the inbox divide among the processes."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.inbox import COUNTED_EXACTLY, _distinct, _reader
from app.models.inbox_views import VIEW_PARTS, Cut, View
from app.models.user_task import UserTask


def counts_by_process(session: Session, user_id: str, view: View, now: datetime) -> dict[str, int]:
    """Process key -> how many of the view's first 1,001 user tasks belong to it."""
    reader = _reader(session, user_id, now)
    ids = _distinct(VIEW_PARTS[view](reader, Cut(COUNTED_EXACTLY + 1, is_ordered=False))).subquery()
    query = (
        select(UserTask.process_key, func.count())
        .join(ids, ids.c.id == UserTask.id)
        .group_by(UserTask.process_key)
        .order_by(UserTask.process_key)
    )
    return {key: count for key, count in session.execute(query)}
