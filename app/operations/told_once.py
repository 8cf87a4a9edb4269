"""Notices that each person gets once: who was told before is looked up, by one worker at a time."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Notification, Site


def wait_for_other_workers(session: Session) -> None:
    """Let no other worker tell until this transaction ends: each would find that nobody was told."""
    session.execute(select(Site.id).order_by(Site.id).with_for_update(key_share=True))


def told_before(
    session: Session, kind: str, names: Sequence[str], *, since: datetime | None = None
) -> set[tuple[str, ...]]:
    """Who was told of what by notifications of a kind: the person's id and what the params of these names say."""
    query = select(Notification.user_id, Notification.params).where(Notification.kind == kind)
    if since is not None:
        query = query.where(Notification.created_at > since)
    known = ((user_id, json.loads(params)) for user_id, params in session.execute(query))
    return {(user_id, *(params[name] for name in names)) for user_id, params in known}
