"""People, groups and sites as programs list them: those of the sites where the person works."""

from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, exists, or_, select

from app.models.organisation import Group, Membership, Site, User
from app.models.prepared import table_of
from app.models.program_lists import EVERY_ROW, READER, Filter, ProgramList, among, equals, like
from app.models.visibility import Reader

_OWN = table_of(Membership).alias("own_membership")
# Who is in which group at other sites is nobody's business.
_AT_OWN_SITE = (_OWN.c.site_id == Membership.site_id, _OWN.c.user_id == bindparam(READER, type_=String))


def _shares_a_site(user_id: Reader) -> ColumnElement[bool]:
    return exists().where(
        Membership.user_id == User.id, _OWN.c.site_id == Membership.site_id, _OWN.c.user_id == user_id
    )


def _is_at_own_site(user_id: Reader) -> ColumnElement[bool]:
    """Who has just been made is in no group yet."""
    return exists().where(_OWN.c.site_id == User.home_site_id, _OWN.c.user_id == user_id)


def _in_group(group_id: str) -> ColumnElement[bool]:
    return exists().where(Membership.user_id == User.id, Membership.group_id == group_id, *_AT_OWN_SITE)


def _of_site(site_id: str) -> ColumnElement[bool]:
    return exists().where(Membership.user_id == User.id, Membership.site_id == site_id, *_AT_OWN_SITE)


USERS = ProgramList(
    statement=lambda user_id: select(User.id, User.display_name).where(
        User.is_active, or_(_shares_a_site(user_id), _is_at_own_site(user_id))
    ),
    filters={
        "id": equals(User.id),
        "idIn": among(User.id),
        "firstName": equals(User.display_name),
        "firstNameLike": like(User.display_name),
        "memberOfGroup": Filter("text", _in_group),
        "memberOfTenant": Filter("text", _of_site),
    },
    orders={"userId": User.id, "firstName": User.display_name},
    key=User.id,
)

GROUPS = ProgramList(
    statement=lambda _user_id: select(Group.id, Group.name_en),
    filters={
        "id": equals(Group.id),
        "idIn": among(Group.id),
        "name": equals(Group.name_en),
        "nameLike": like(Group.name_en),
        "member": Filter(
            "text",
            lambda member_id: exists().where(
                Membership.group_id == Group.id, Membership.user_id == member_id, *_AT_OWN_SITE
            ),
        ),
        "memberOfTenant": Filter(
            "text",
            lambda site_id: exists().where(
                Membership.group_id == Group.id, Membership.site_id == site_id, *_AT_OWN_SITE
            ),
        ),
    },
    orders={"id": Group.id, "name": Group.name_en},
    key=Group.id,
)


def _own_sites(user_id: Reader) -> Select[*tuple[Any, ...]]:
    return select(Site.id, Site.name).where(exists().where(_OWN.c.site_id == Site.id, _OWN.c.user_id == user_id))


TENANTS = ProgramList(
    statement=_own_sites,
    filters={
        "id": equals(Site.id),
        "name": equals(Site.name),
        "nameLike": like(Site.name),
        "userMember": Filter(
            "text", lambda user_id: exists().where(Membership.site_id == Site.id, Membership.user_id == user_id)
        ),
        "includingGroupsOfUser": EVERY_ROW,
    },
    orders={"id": Site.id, "name": Site.name},
    key=Site.id,
)
