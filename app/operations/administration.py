"""Who may administer what: asked by operations, so that neither page nor command can forget it.

An administrator administers the sites where he is in the group of administrators. What belongs to the whole company,
such as groups and new sites, is for those who administer all of its sites.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, NotAllowed
from app.i18n import N_
from app.models.organisation import Membership, Site, User
from app.operations.actor import Actor

ADMINISTRATORS = "admin"


class LastAdministrator(Conflict):
    """Nobody would be left who could let anybody in again."""


def administered_sites(session: Session, user_id: str) -> frozenset[str]:
    """The sites that a person administers."""
    return frozenset(
        session.scalars(
            select(Membership.site_id).where(Membership.user_id == user_id, Membership.group_id == ADMINISTRATORS)
        )
    )


def require_administrator(session: Session, actor: Actor, sites: Collection[str]) -> None:
    """Only who administers all of these sites may do this; the system always may."""
    if actor.kind != "system" and not frozenset(sites) <= administered_sites(session, actor.user_id):
        raise NotAllowed(N_("Only administrators of the site may do this."))


def is_company_administrator(session: Session, user_id: str) -> bool:
    """Whether a person administers every site there is."""
    own = administered_sites(session, user_id)
    return bool(own) and own >= frozenset(session.scalars(select(Site.id)))


def require_company_administrator(session: Session, actor: Actor) -> None:
    """Only who administers every site may change what belongs to all of them; the system always may."""
    if actor.kind != "system" and not is_company_administrator(session, actor.user_id):
        raise NotAllowed(N_("This belongs to the whole company: only who administers all of its sites may change it."))


def refuse_without_administrator(session: Session, sites: Collection[str]) -> None:
    """After a change: each of these sites still has an administrator who can sign in. Raises LastAdministrator."""
    session.flush()
    kept = frozenset(
        session.scalars(
            select(Membership.site_id)
            .join(User, User.id == Membership.user_id)
            .where(Membership.group_id == ADMINISTRATORS, Membership.site_id.in_(sites), User.is_active)
        )
    )
    if lost := sorted(frozenset(sites) - kept):
        name = session.get_one(Site, lost[0]).name
        raise LastAdministrator(
            N_("%(site)s would be left without an administrator. Make somebody else administrator there first."),
            site=name,
        )
