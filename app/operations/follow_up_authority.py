"""Who may change the plan of follow-ups, supply lists and pick from them: asked by operations and by their pages."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotAllowed
from app.i18n import N_
from app.models import ProcessAccess
from app.models.visibility import AUDITORS
from app.operations.actor import Actor
from app.operations.authority import LEADERS, groups_at, refuse_auditor
from app.operations.follow_up_occasions import CALLER_GROUPS, PROCESS_KEY

_CUSTOMER_SERVICE = frozenset({"customer_service", "customer_service_manager"})
_AFTER_SALES = frozenset({"service_advisor", "front_desk", "service_manager", "business_manager"})
_GENERAL_MANAGER = frozenset({"gm_office", "general_manager"})
# By the occasion a list is for (B2.四.3-4).
SUPPLIERS: Mapping[str, frozenset[str]] = {
    "sampling": _CUSTOMER_SERVICE,
    "quarter_new_car": _CUSTOMER_SERVICE,
    "quarter_repair": _AFTER_SALES,
}
PICKERS: Mapping[str, frozenset[str]] = {
    "sampling": _CUSTOMER_SERVICE,
    "quarter_new_car": _GENERAL_MANAGER,
    "quarter_repair": _GENERAL_MANAGER,
}
# Beside those who read follow-ups anyway: who sees at a level not only how many are called, but whom.
_SEEN_BY: Mapping[int, frozenset[str]] = {1: frozenset({"cr_advisor"}), 2: _CUSTOMER_SERVICE, 3: _GENERAL_MANAGER}


def levels_seen(session: Session, user_id: str, site_id: str) -> frozenset[int]:
    """The levels at which a person may read whom a site calls: all for readers of the process and auditors."""
    groups = groups_at(session, user_id, site_id)
    readers = select(ProcessAccess.group_id).where(
        ProcessAccess.process_key == PROCESS_KEY, ProcessAccess.can_read.is_(True)
    )
    if groups & {AUDITORS, *session.scalars(readers)}:
        return frozenset(CALLER_GROUPS)
    return frozenset(level for level, seen_by in _SEEN_BY.items() if groups & seen_by)


def lists_seen(session: Session, user_id: str, site_id: str) -> frozenset[str]:
    """The occasions of which a person may read the lists: those who supply or pick, and auditors."""
    groups = groups_at(session, user_id, site_id)
    return frozenset(
        occasion for occasion in SUPPLIERS if groups & {AUDITORS, *SUPPLIERS[occasion], *PICKERS[occasion]}
    )


def planners(level: int) -> frozenset[str]:
    """The groups that may change the plan of a level: those who call, and those who lead."""
    return LEADERS | {CALLER_GROUPS[level]}


def require_one_of(session: Session, actor: Actor, site_id: str, allowed: frozenset[str]) -> None:
    """The actor needs one of these groups at the site; the system always may. Raises NotAllowed."""
    if actor.kind == "system":
        return
    groups = groups_at(session, actor.user_id, site_id)
    refuse_auditor(groups)
    if not groups & allowed:
        raise NotAllowed(N_("Your groups at this site do not allow this."))
