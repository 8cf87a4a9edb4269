"""People: among whom work is given, and whom an administrator may know of, with groups and departments."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from app.models.organisation import Department, DepartmentMember, Membership, User
from app.models.paging import list_page
from app.models.second_factor import SecondFactor
from app.models.visibility import AUDITORS

STATES = ("active", "disabled", "all")


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What is asked for: `words` a part of user name, name or e-mail; `state` one of STATES."""

    words: str = ""
    site_id: str = ""
    group_id: str = ""
    state: str = "active"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody in the list."""

    id: str
    display_name: str
    email: str | None
    is_active: bool
    home_site_id: str | None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page; `memberships` are (group id, site id) by person."""

    rows: tuple[PersonRow, ...]
    memberships: dict[str, list[tuple[str, str]]]
    with_second_factor: frozenset[str]
    next_cursor: str | None


def is_known_at(sites: Collection[str]) -> ColumnElement[bool]:
    """Which users the administrators of some sites may know of: who belongs to one of them, and who to none at all."""
    at_site = exists().where(Membership.user_id == User.id, Membership.site_id.in_(sites))
    anywhere = exists().where(Membership.user_id == User.id)
    return or_(User.home_site_id.in_(sites), at_site, User.home_site_id.is_(None) & ~anywhere)


def people_at(session: Session, sites: Collection[str] | None) -> list[tuple[str, str]]:
    """(id, name) of the people at some sites, at all sites (None), who do work: neither disabled nor auditors."""
    memberships = exists().where(Membership.user_id == User.id)
    works = memberships if sites is None else memberships.where(Membership.site_id.in_(sites))
    query = select(User.id, User.display_name).where(
        User.is_active, works, ~memberships.where(Membership.group_id == AUDITORS)
    )
    return [(user_id, name) for user_id, name in session.execute(query.order_by(User.display_name, User.id))]


def people_page(
    session: Session, sites: Collection[str], wanted: PeopleFilter, *, after: str | None = None
) -> PeoplePage:
    """A page of the people of some sites, by user name. Raises InvalidInput for a cursor that is none."""
    query = select(User.id, User.display_name, User.email, User.is_active, User.home_site_id)
    page = list_page(session, query.where(is_known_at(sites), *_conditions(wanted, sites)), (User.id,), after=after)
    rows = tuple(PersonRow(*row) for row in page.rows)
    ids = [row.id for row in rows]
    return PeoplePage(rows, memberships_by_person(session, ids, sites), _equipped(session, ids), page.next_cursor)


def find_person(session: Session, user_id: str, sites: Collection[str]) -> User | None:
    """A user whom the administrators of these sites may know of."""
    return session.scalars(select(User).where(User.id == user_id, is_known_at(sites))).one_or_none()


def memberships_by_person(
    session: Session, user_ids: Iterable[str], sites: Collection[str]
) -> dict[str, list[tuple[str, str]]]:
    """The (group id, site id) of some people at some sites, in order."""
    query = (
        select(Membership.user_id, Membership.group_id, Membership.site_id)
        .where(Membership.user_id.in_(list(user_ids)), Membership.site_id.in_(sites))
        .order_by(Membership.site_id, Membership.group_id)
    )
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for user_id, group_id, site_id in session.execute(query):
        found[user_id].append((group_id, site_id))
    return dict(found)


def departments_of_sites(session: Session, sites: Collection[str]) -> list[Department]:
    """The departments of some sites, by site and name."""
    query = select(Department).where(Department.site_id.in_(sites))
    return list(session.scalars(query.order_by(Department.site_id, Department.name_en)))


def departments_of_person(session: Session, user_id: str) -> list[str]:
    """The ids of the departments a person works in."""
    query = select(DepartmentMember.department_id).where(DepartmentMember.user_id == user_id)
    return list(session.scalars(query))


def members_of_departments(session: Session, sites: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """Who works in each department of some sites, as (user name, name), by department; disabled people are left out."""
    query = (
        select(DepartmentMember.department_id, User.id, User.display_name)
        .join(User, User.id == DepartmentMember.user_id)
        .join(Department, Department.id == DepartmentMember.department_id)
        .where(Department.site_id.in_(sites), User.is_active)
        .order_by(User.id)
    )
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for department_id, user_id, name in session.execute(query):
        found[department_id].append((user_id, name))
    return dict(found)


def _equipped(session: Session, user_ids: Collection[str]) -> frozenset[str]:
    query = select(SecondFactor.user_id).where(
        SecondFactor.user_id.in_(user_ids), SecondFactor.confirmed_at.is_not(None)
    )
    return frozenset(session.scalars(query))


def _conditions(wanted: PeopleFilter, sites: Collection[str]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state != "all":
        conditions.append(User.is_active.is_(wanted.state == "active"))
    if wanted.words:
        searched = (User.id, User.display_name, User.email)
        conditions.append(or_(*(column.icontains(wanted.words, autoescape=True) for column in searched)))
    if wanted.site_id or wanted.group_id:
        asked = [Membership.user_id == User.id, Membership.site_id.in_(sites)]
        asked += [Membership.site_id == wanted.site_id] if wanted.site_id else []
        asked += [Membership.group_id == wanted.group_id] if wanted.group_id else []
        conditions.append(exists().where(*asked))
    return conditions
