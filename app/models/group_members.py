"""Groups with who is in them, at the sites that the asker administers."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from app.models.organisation import Group, Membership, Site, User


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group and how many people of the sites asked about are in it."""

    id: str
    name_en: str
    name_zh: str
    requires_second_factor: bool
    members: int

    def name(self, locale: str) -> str:
        """The name in a language."""
        return self.name_zh if locale == "zh_CN" else self.name_en


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody who is in a group at a site."""

    user_id: str
    name: str
    is_active: bool
    site_id: str
    site: str


def groups_with_counts(session: Session, site_ids: Collection[str]) -> list[GroupRow]:
    """All groups by id, with the number of people who are in them at these sites."""
    counted = (
        select(func.count(distinct(Membership.user_id)))
        .where(Membership.group_id == Group.id, Membership.site_id.in_(site_ids))
        .scalar_subquery()
    )
    query = select(Group.id, Group.name_en, Group.name_zh, Group.requires_second_factor, counted).order_by(Group.id)
    return [GroupRow(*row) for row in session.execute(query)]


def members_of(session: Session, group_id: str, site_ids: Collection[str]) -> list[MemberRow]:
    """Who is in a group at these sites, by site and user name."""
    query = (
        select(User.id, User.display_name, User.is_active, Site.id, Site.name)
        .join(Membership, Membership.user_id == User.id)
        .join(Site, Site.id == Membership.site_id)
        .where(Membership.group_id == group_id, Membership.site_id.in_(site_ids))
        .order_by(Site.id, User.id)
    )
    return [MemberRow(*row) for row in session.execute(query)]
