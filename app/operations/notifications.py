"""Telling people: one row each in the transaction of what they are told of; a job looks later who wants mail of it."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, select, true, update
from sqlalchemy.orm import Session

from app.identifiers import new_id
from app.models import Membership, Notification, User
from app.models.prepared import Prepared, table_of
from app.operations.actor import Actor
from app.operations.notification_kinds import KIND_BY_KEY
from app.operations.rows import insert_rows

# Who looks after what goes wrong.
OWNERS = ("process_owner", "admin")

_NOTIFICATION, _USER, _MEMBERSHIP = table_of(Notification), table_of(User), table_of(Membership)
_UNREAD_OF = (_NOTIFICATION.c.user_id == bindparam("person")) & _NOTIFICATION.c.read_at.is_(None)
_READ_ONE = Prepared(
    update(_NOTIFICATION).where(_UNREAD_OF, _NOTIFICATION.c.id == bindparam("one")).values(read_at=bindparam("moment"))
)
_READ_ALL = Prepared(
    update(_NOTIFICATION)
    .where(_UNREAD_OF, _NOTIFICATION.c.id <= bindparam("newest"))
    .values(read_at=bindparam("moment"))
)


def notify(
    session: Session,
    recipients: Iterable[str],
    kind: str,
    *,
    params: Mapping[str, str],
    instance_id: str | None = None,
    user_task_id: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Tell people of something; nobody is told of what they did themselves, but for what concerns their account.

    One statement however many they are, none without any. Arguments: recipients, ids of users; kind, one of
    `NOTIFICATION_KINDS`; params, what fills the places of its words, `note` for a text below. Names of the user task
    and the case are looked up when it is read.
    """
    is_security = KIND_BY_KEY[kind].is_security
    told = [user_id for user_id in dict.fromkeys(recipients) if is_security or user_id != actor.user_id]
    if not told:
        return
    shared = {
        "kind": kind,
        "params": json.dumps(dict(params), ensure_ascii=False),
        "instance_id": instance_id,
        "user_task_id": user_task_id,
        "actor_id": actor.user_id,
        "created_at": now,
        "read_at": None,
        "mail_state": "undecided",
        "mail_at": now,
    }
    insert_rows(session, Notification, [{"id": new_id(), "user_id": user_id, **shared} for user_id in told])


def owners_of(session: Session, site_id: str | None) -> list[str]:
    """The process owners and administrators of a site, of all sites where None is given."""
    query = (
        select(_MEMBERSHIP.c.user_id)
        .join(_USER, _USER.c.id == _MEMBERSHIP.c.user_id)
        .where(_MEMBERSHIP.c.group_id.in_(OWNERS), _USER.c.is_active == true())
        .distinct()
    )
    if site_id is not None:
        query = query.where(_MEMBERSHIP.c.site_id == site_id)
    return sorted(session.scalars(query))


def mark_read(session: Session, notification_id: str, *, actor: Actor, now: datetime) -> None:
    """The person has seen it; doing so twice, or with somebody else's, changes nothing."""
    _READ_ONE.change(session, {"person": actor.user_id, "one": notification_id, "moment": now})


def mark_all_read(session: Session, newest_id: str, *, actor: Actor, now: datetime) -> None:
    """The person has seen all up to the newest that was on the page: what came meanwhile stays unread."""
    _READ_ALL.change(session, {"person": actor.user_id, "newest": newest_id, "moment": now})
