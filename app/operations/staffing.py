"""Who is there to do a user task: people who can sign in, groups in which somebody at the site can."""

from collections.abc import Collection, Iterable
from functools import lru_cache

from sqlalchemy import bindparam, exists, select, true
from sqlalchemy.orm import Session

from app.models import Group, Membership, User, UserTaskCandidate
from app.models.prepared import Prepared, placed, places, table_of

_USER, _GROUP, _MEMBERSHIP = table_of(User), table_of(Group), table_of(Membership)


@lru_cache(maxsize=16)
def _active(count: int) -> Prepared:
    return Prepared(select(_USER.c.id).where(_USER.c.id.in_(places("named", count)), _USER.c.is_active == true()))


@lru_cache(maxsize=16)
def _staffed(count: int) -> Prepared:
    somebody = (
        exists()
        .where(_MEMBERSHIP.c.group_id == _GROUP.c.id, _MEMBERSHIP.c.site_id == bindparam("site_id"))
        .where(_USER.c.id == _MEMBERSHIP.c.user_id, _USER.c.is_active == true())
    )
    return Prepared(select(_GROUP.c.id).where(_GROUP.c.id.in_(places("named", count)), somebody))


def active_among(session: Session, names: Collection[str]) -> frozenset[str]:
    """Those of these users who exist and can sign in; nothing is asked where nobody is named."""
    if not names:
        return frozenset()
    values = placed("named", names)
    return frozenset(name for (name,) in _active(len(values)).rows(session, values))


def staffed_among(session: Session, groups: Collection[str], site_id: str) -> frozenset[str]:
    """Those of these groups in which somebody at the site can sign in."""
    if not groups:
        return frozenset()
    values = placed("named", groups)
    rows = _staffed(len(values)).rows(session, {**values, "site_id": site_id})
    return frozenset(name for (name,) in rows)


def active_members(session: Session, groups: Collection[str], site_id: str) -> list[str]:
    """Everybody in one of these groups at the site who can sign in, by user name."""
    query = (
        select(Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.group_id.in_(groups), Membership.site_id == site_id, User.is_active == true())
    )
    return list(session.scalars(query.distinct().order_by(Membership.user_id)))


def active_people(session: Session, names: Collection[str], groups: Collection[str], site_id: str) -> list[str]:
    """These users and everybody in these groups at the site, as far as they can sign in, by user name."""
    return sorted(active_among(session, names).union(active_members(session, groups, site_id)))


def who_could_take(session: Session, user_task_id: str, site_id: str) -> list[str]:
    """Everybody whom a user task of this site names as candidate, or who is in a group that it names."""
    query = select(UserTaskCandidate.kind, UserTaskCandidate.candidate_id)
    named = session.execute(query.where(UserTaskCandidate.user_task_id == user_task_id)).all()
    people = [name for kind, name in named if kind == "user"]
    return active_people(session, people, [name for kind, name in named if kind == "group"], site_id)


def can_anybody_do(session: Session, candidates: Iterable[tuple[str, str]], site_id: str) -> bool:
    """Whether one of the candidates, as (kind, id), is there."""
    named: dict[str, set[str]] = {"user": set(), "group": set()}
    for kind, name in candidates:
        named[kind].add(name)
    return bool(active_among(session, named["user"]) or staffed_among(session, named["group"], site_id))
