"""Groups of another provider that stand for groups of ours: only those that the settings list, never administration."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.operations.actor import SYSTEM
from app.operations.memberships import GroupAtSite, memberships_of, write_memberships
from app.operations.users import check_memberships


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
    write_memberships(session, user_id, added, removed, actor=SYSTEM, now=now, by="provider")
