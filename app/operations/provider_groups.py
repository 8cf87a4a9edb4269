"""Groups of another provider that stand for groups of ours: only those that the settings list, never administration."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.models import Membership
from app.operations.actor import SYSTEM
from app.operations.memberships import GroupAtSite, memberships_of, memberships_text
from app.operations.second_factor import demand_of_sessions
from app.operations.users import check_memberships, record_of_user


def follow_provider_groups(
    session: Session, user_id: str, named: Collection[str] | None, listed: Mapping[str, GroupAtSite], *, now: datetime
) -> None:
    """Put a person into the groups that the provider names and take them out of those it names no more.

    Arguments: named, the groups of the provider; None, where it says nothing of groups, changes nothing. listed, the
    provider's group -> ours at a site; all other groups of the person stay. Raises NotFound for an unknown one.
    """
    if named is None or not listed:
        return
    present, wanted = memberships_of(session, user_id), {listed[group] for group in named if group in listed}
    added, removed = wanted - present, (present & set(listed.values())) - wanted
    if not added and not removed:
        return
    check_memberships(session, added)
    for group, site in removed:
        session.delete(session.get_one(Membership, (user_id, group, site)))
    session.add_all(Membership(user_id=user_id, group_id=group, site_id=site) for group, site in added)
    session.flush()
    demand_of_sessions(session, [user_id])
    new, old = memberships_text(added), memberships_text(removed)
    record_of_user(
        session, "memberships_changed", user_id, SYSTEM, now, added=new, removed=old, by="provider"
    )  # fmt: skip
