"""Who may do what with a case: asked by operations, so that no edge can forget it."""

from sqlalchemy import bindparam, select, true
from sqlalchemy.orm import Session

from app.errors import NotAllowed
from app.i18n import N_
from app.models import Membership, ProcessAccess, User
from app.models.prepared import Prepared, table_of
from app.models.visibility import AUDITORS
from app.operations.actor import Actor

# May hand user tasks to others, cancel cases and retry incidents at their site.
CASE_OWNERS = frozenset({"process_owner", "admin"})
# May hand user tasks to others at their site: whoever leads the people who do them.
LEADERS = CASE_OWNERS | {
    "business_manager",
    "customer_service_manager",
    "department_head",
    "general_manager",
    "service_manager",
}
DEPLOYERS = CASE_OWNERS

_MEMBERSHIP, _ACCESS = table_of(Membership), table_of(ProcessAccess)
_AT_SITE = (_MEMBERSHIP.c.user_id == bindparam("user_id"), _MEMBERSHIP.c.site_id == bindparam("site_id"))
_GROUPS_AT = Prepared(select(_MEMBERSHIP.c.group_id).where(*_AT_SITE))
_STARTER_GROUPS = Prepared(
    select(_MEMBERSHIP.c.group_id, _ACCESS.c.can_start)
    .outerjoin(
        _ACCESS,
        (_ACCESS.c.group_id == _MEMBERSHIP.c.group_id) & (_ACCESS.c.process_key == bindparam("process_key")),
    )
    .where(*_AT_SITE)
)


class AuditorsChangeNothing(NotAllowed):
    """An auditor of the site tried to change something."""


def groups_at(session: Session, user_id: str, site_id: str) -> frozenset[str]:
    """The groups a person is in at a site."""
    return frozenset(name for (name,) in _GROUPS_AT.rows(session, {"user_id": user_id, "site_id": site_id}))


def refuse_auditor(groups: frozenset[str]) -> None:
    """Raise AuditorsChangeNothing for an auditor, whatever else the person may be."""
    if AUDITORS in groups:
        raise AuditorsChangeNothing(N_("Auditors read everything and change nothing."))


def is_active_user(session: Session, user_id: str) -> bool:
    """Whether this person exists and may sign in."""
    statement = select(User.id).where(User.id == user_id, User.is_active == true())
    return session.execute(statement).first() is not None


def require_case_owner(session: Session, actor: Actor, site_id: str | None) -> None:
    """Only process owners and administrators of the site (of any site, where None); the system itself always may."""
    if actor.kind == "system":
        return
    statement = select(Membership.group_id).where(Membership.user_id == actor.user_id)
    if site_id is not None:
        statement = statement.where(Membership.site_id == site_id)
    groups = frozenset(session.scalars(statement))
    refuse_auditor(groups)
    if not groups & CASE_OWNERS:
        raise NotAllowed(N_("Only process owners and administrators may do this."))


def require_starter(session: Session, actor: Actor, process_key: str, site_id: str) -> None:
    """A person needs a group at the site that may start the process; programs and the system do not."""
    if actor.kind != "person":
        return
    values = {"user_id": actor.user_id, "site_id": site_id, "process_key": process_key}
    may_start: dict[str, bool | None] = dict(_STARTER_GROUPS.rows(session, values))
    refuse_auditor(frozenset(may_start))
    if not any(may_start.values()):
        raise NotAllowed(N_("You may not start this process at this site."))
