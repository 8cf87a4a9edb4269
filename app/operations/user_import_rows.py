"""Checks one row of a list of people: what is wrong with it, in words a person can act on, and what it would do."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.i18n import N_
from app.models.organisation import Department, DepartmentMember, Group, Membership, Site, User
from app.models.people import is_known_at
from app.operations.actor import Actor
from app.operations.administration import administered_sites
from app.operations.memberships import GroupAtSite
from app.operations.users import checked_account, checked_user_id
from app.spreadsheets import Column, Problem

Checked = TypeVar("Checked")

COLUMNS: tuple[Column, ...] = (
    Column("id", N_("User name"), ("用户名", "登录名", "账号", "user name", "user_name", "id"), is_required=True),
    Column("display_name", N_("Full name"), ("姓名", "名称", "name", "full name", "display_name"), is_required=True),
    Column("email", N_("E-mail"), ("邮箱", "电子邮箱", "邮件", "e-mail", "email")),
    Column("site", N_("Site"), ("门店", "店", "站点", "site")),
    Column("groups", N_("Groups"), ("用户组", "角色", "组", "岗位", "groups", "group", "roles")),
    Column("departments", N_("Departments"), ("部门", "department", "departments")),
    Column("locale", N_("Language"), ("语言", "language", "locale")),
    Column("update", N_("Update"), ("更新", "update")),
)
YES = frozenset({"是", "更新", "y", "yes", "1", "true"})
LANGUAGES = {"": "", "中文": "zh_CN", "zh": "zh_CN", "zh_cn": "zh_CN", "english": "en", "英文": "en", "en": "en"}
SEPARATORS = re.compile(r"[、,，;；|\n]+")


@dataclass(frozen=True, slots=True)
class Known:
    """What rows are checked against: what the actor administers, under all names people write it with."""

    groups: Mapping[str, str]
    sites: Mapping[str, str]
    departments: Mapping[tuple[str, str], str]
    users: Mapping[str, User]
    hidden_users: frozenset[str]
    memberships: Mapping[str, frozenset[GroupAtSite]]
    departments_of: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class CheckedUser:
    """A row that can be taken in; `outcome` is what it does: new, changed, same or known."""

    outcome: str
    id: str
    display_name: str
    email: str | None
    locale: str
    site_id: str | None
    memberships: frozenset[GroupAtSite] = field(default_factory=frozenset)
    departments: frozenset[str] = field(default_factory=frozenset)


class _Wrong(Exception):
    def __init__(self, column: str, msgid: str, **params: str) -> None:
        super().__init__(msgid)
        self.problem = Problem(column, msgid, params)


def read_known(session: Session, actor: Actor) -> Known:
    """Ask once for all rows."""
    is_system = actor.kind == "system"
    query = select(Site)
    sites = list(
        session.scalars(query if is_system else query.where(Site.id.in_(administered_sites(session, actor.user_id))))
    )
    own = [site.id for site in sites]
    users = session.scalars(select(User) if is_system else select(User).where(is_known_at(own))).all()
    known = {user.id: user for user in users}
    memberships: dict[str, set[GroupAtSite]] = {}
    for user_id, group, site_id in session.execute(select(Membership.user_id, Membership.group_id, Membership.site_id)):
        memberships.setdefault(user_id, set()).add((group, site_id))
    departments_of: dict[str, set[str]] = {}
    for user_id, department_id in session.execute(select(DepartmentMember.user_id, DepartmentMember.department_id)):
        departments_of.setdefault(user_id, set()).add(department_id)
    return Known(
        groups=_by_names((one.id, (one.id, one.name_en, one.name_zh)) for one in session.scalars(select(Group))),
        sites=_by_names((site.id, (site.id, site.name)) for site in sites),
        departments={
            (one.site_id, name.casefold()): one.id
            for one in session.scalars(select(Department).where(Department.site_id.in_(own)))
            for name in (one.id, one.name_en, one.name_zh)
        },
        users=known,
        hidden_users=frozenset(session.scalars(select(User.id))) - known.keys(),
        memberships={user_id: frozenset(found) for user_id, found in memberships.items()},
        departments_of={user_id: frozenset(found) for user_id, found in departments_of.items()},
    )


def check_user_row(
    session: Session, texts: Mapping[str, str], known: Known
) -> tuple[CheckedUser | None, tuple[Problem, ...]]:
    """What a row would do, or everything that is wrong with it: one correction of the file is enough."""
    row = _Row()
    user_id = row.checked(lambda: _user_id(texts["id"], known))
    site_id = row.checked(lambda: _site(texts.get("site", ""), known))
    locale = row.checked(lambda: _locale(texts.get("locale", "")))
    account = row.checked(
        lambda: checked_account(session, texts["display_name"], texts.get("email"), locale or "", site_id)
    )
    # Groups and departments are those of a site: where that is wrong, nothing can be said of them yet.
    names = {} if row.is_wrong("site") else texts
    memberships = [row.checked(partial(_membership, name, site_id, known)) for name in _parts(names.get("groups", ""))]
    departments = [
        row.checked(partial(_department, name, site_id, known)) for name in _parts(names.get("departments", ""))
    ]
    if row.problems or user_id is None or account is None:
        return None, tuple(row.problems)
    found = CheckedUser(
        "new", user_id, str(account["display_name"]), account["email"], locale or "", site_id,
        frozenset(filter(None, memberships)), frozenset(filter(None, departments)),
    )  # fmt: skip
    user = known.users.get(user_id)
    checked = found if user is None else row.checked(lambda: _for_existing(found, user, texts, known))
    return checked, tuple(row.problems)


class _Row:
    """Collects what is wrong with a row, each thing once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def checked(self, check: Callable[[], Checked]) -> Checked | None:
        """What the check gives; None where it refuses, and the reason is kept."""
        try:
            return check()
        except _Wrong as wrong:
            self._keep(wrong.problem)
        except InvalidInput as refusal:
            params = {name: str(value) for name, value in refusal.params.items()}
            for column, msgid in (refusal.fields or {"id": refusal.msgid}).items():
                self._keep(Problem(column, msgid, params))
        return None

    def is_wrong(self, column: str) -> bool:
        """Whether something is wrong at a column."""
        return any(problem.field == column for problem in self.problems)

    def _keep(self, problem: Problem) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def _user_id(text: str, known: Known) -> str:
    user_id = checked_user_id(text.lower())
    if user_id in known.hidden_users:
        raise _Wrong("id", N_("This user name is taken at another site. Choose another one."))
    return user_id


def _locale(text: str) -> str:
    language = text.casefold()
    if language not in LANGUAGES:
        raise _Wrong("locale", N_("“%(text)s” is none of the languages: write 中文 or English."), text=language[:40])
    return LANGUAGES[language]


def _for_existing(found: CheckedUser, user: User, texts: Mapping[str, str], known: Known) -> CheckedUser:
    """Somebody who is there already is left alone, unless the row says that it updates; groups are only added."""
    added = found.memberships - known.memberships.get(user.id, frozenset())
    joined = found.departments - known.departments_of.get(user.id, frozenset())
    email, locale = found.email or user.email, found.locale or user.locale
    is_changed = (found.display_name, email, locale) != (user.display_name, user.email, user.locale)
    outcome = "changed" if is_changed or added or joined else "same"
    if outcome == "changed" and texts.get("update", "").casefold() not in YES:
        outcome = "known"
    belongs_to = {site for _, site in known.memberships.get(user.id, frozenset())} | {user.home_site_id} - {None}
    if outcome == "changed" and not belongs_to <= set(known.sites.values()):
        raise _Wrong("id", N_("This person works at other sites as well: change the person on the page."))
    return CheckedUser(outcome, user.id, found.display_name, email, locale, user.home_site_id, added, joined)


def _site(text: str, known: Known) -> str | None:
    if not text:
        sites = set(known.sites.values())
        return next(iter(sites)) if len(sites) == 1 else None
    site_id = known.sites.get(text.casefold())
    if site_id is None:
        raise _Wrong("site", N_("There is no site “%(text)s” that you administer."), text=text[:40])
    return site_id


def _membership(text: str, site_id: str | None, known: Known) -> GroupAtSite:
    name, separator, at = text.partition("@")
    group = known.groups.get(name.strip().casefold())
    if group is None:
        raise _Wrong("groups", N_("There is no group “%(text)s”. Use its name or its id."), text=name.strip()[:40])
    site = _site(at.strip(), known) if separator else site_id
    if site is None:
        raise _Wrong("site", N_("Say at which site: fill in the site, or write group@site."))
    return group, site


def _department(text: str, site_id: str | None, known: Known) -> str:
    found = known.departments.get((site_id or "", text.casefold()))
    if found is None:
        raise _Wrong("departments", N_("The site has no department “%(text)s”."), text=text[:40])
    return found


def _parts(text: str) -> Iterable[str]:
    return (part.strip() for part in SEPARATORS.split(text) if part.strip())


def _by_names(named: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    return {name.casefold(): one_id for one_id, names in named for name in names}
