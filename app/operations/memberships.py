"""Memberships: who is in which group at which site, which decides what people may see and do."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.i18n import N_
from app.models.organisation import Membership
from app.operations.actor import Actor
from app.operations.administration import (
    ADMINISTRATORS,
    OwnAccount,
    refuse_without_administrator,
    require_administrator,
    require_known_user,
)
from app.operations.reasons import stated_reason
from app.operations.second_factor import demand_of_sessions
from app.operations.users import check_memberships, existing_user, record_of_user

GroupAtSite = tuple[str, str]


class MembershipsChanged(Conflict):
    """Somebody else changed the groups of this person meanwhile."""


def memberships_of(session: Session, user_id: str) -> frozenset[GroupAtSite]:
    """The (group id, site id) of a user."""
    query = select(Membership.group_id, Membership.site_id).where(Membership.user_id == user_id)
    return frozenset((group, site) for group, site in session.execute(query))


def change_memberships(
    session: Session,
    user_id: str,
    *,
    added: Collection[GroupAtSite] = (),
    removed: Collection[GroupAtSite] = (),
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Put a person into groups and take the person out of others; counts from the next request on.

    Only administrators of the sites concerned may do so. Raises UnknownUser, NotFound (group or site), NotAllowed,
    InvalidInput (no reason), MembershipsChanged, OwnAccount, LastAdministrator.
    """
    require_known_user(session, actor, existing_user(session, user_id))
    why = stated_reason(reason)
    require_administrator(session, actor, {site for _, site in (*added, *removed)})
    check_memberships(session, added)
    present = memberships_of(session, user_id)
    if not frozenset(removed) <= present or frozenset(added) & present:
        raise MembershipsChanged(N_("Somebody else changed the groups of this person meanwhile. Look again."))
    lost = {site for group, site in removed if group == ADMINISTRATORS}
    if lost and user_id == actor.user_id:
        raise OwnAccount(N_("You cannot take administration from yourself. Another administrator can."))
    if added or removed:
        write_memberships(session, user_id, added, removed, actor=actor, now=now, reason=why)
        refuse_without_administrator(session, lost)


def write_memberships(
    session: Session,
    user_id: str,
    added: Collection[GroupAtSite],
    removed: Collection[GroupAtSite],
    *,
    actor: Actor,
    now: datetime,
    **facts: str,
) -> None:
    """Write down which groups a person is in now, without asking who may; `facts` go to the history with it."""
    for group, site in removed:
        session.delete(session.get_one(Membership, (user_id, group, site)))
    session.add_all(Membership(user_id=user_id, group_id=group, site_id=site) for group, site in added)
    session.flush()
    demand_of_sessions(session, [user_id])
    new, old = _texts(added), _texts(removed)
    record_of_user(session, "memberships_changed", user_id, actor, now, added=new, removed=old, **facts)


def _texts(memberships: Collection[GroupAtSite]) -> list[str]:
    return sorted(f"{group}@{site}" for group, site in memberships)
