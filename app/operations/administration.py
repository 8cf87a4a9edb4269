"""Who may administer what: asked by operations, so that neither page nor command can forget it.

An administrator administers the sites where he is in the group of administrators. What belongs to the whole company,
such as groups and new sites, is for those who administer all of its sites.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, NotAllowed, NotFound
from app.i18n import N_
from app.models.organisation import Membership, Site, User
from app.operations.actor import Actor

ADMINISTRATORS = "admin"


class UnknownUser(NotFound):
    """Nobody has this user name, or nobody whom the asker may know of."""

    def __init__(self, user_id: str) -> None:
        super().__init__(N_("There is no user “%(user_id)s”."), user_id=user_id)


class UnknownSite(NotFound):
    """There is no such site, or none that the asker may know of."""

    def __init__(self, site_id: str) -> None:
        super().__init__(N_("There is no site “%(site_id)s”."), site_id=site_id)


class OwnAccount(Conflict):
    """An administrator tried to do to his own account what could lock him out."""


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


def administered_site(session: Session, site_id: str, actor: Actor) -> Site:
    """The site, for who administers it. Raises UnknownSite, NotAllowed."""
    site = session.get(Site, site_id)
    if site is None:
        raise UnknownSite(site_id)
    require_administrator(session, actor, {site_id})
    return site


def is_company_administrator(session: Session, user_id: str) -> bool:
    """Whether a person administers every site there is."""
    return user_id in company_administrators(session)


def company_administrators(session: Session) -> frozenset[str]:
    """Who administers every site there is."""
    query = select(Membership.user_id, Membership.site_id).where(Membership.group_id == ADMINISTRATORS)
    sites = frozenset(session.scalars(select(Site.id)))
    administered: dict[str, set[str]] = {}
    for user_id, site_id in session.execute(query):
        administered.setdefault(user_id, set()).add(site_id)
    return frozenset(user_id for user_id, own in administered.items() if own >= sites)


def require_company_administrator(session: Session, actor: Actor) -> None:
    """Only who administers every site may change what belongs to all of them; the system always may."""
    if actor.kind != "system" and not is_company_administrator(session, actor.user_id):
        raise NotAllowed(N_("This belongs to the whole company: only who administers all of its sites may change it."))


def sites_of_account(session: Session, user: User) -> frozenset[str]:
    """The sites a user belongs to: who changes the account changes what it may do at all of them."""
    sites = session.scalars(select(Membership.site_id).where(Membership.user_id == user.id))
    return frozenset(sites) | ({user.home_site_id} if user.home_site_id else frozenset())


def require_known_user(session: Session, actor: Actor, user: User) -> None:
    """Raise UnknownUser unless the actor administers one of the user's sites, or the user has none yet."""
    if actor.kind == "system":
        return
    own, sites = administered_sites(session, actor.user_id), sites_of_account(session, user)
    if not own or (sites and not sites & own):
        raise UnknownUser(user.id)


def require_account_administrator(session: Session, actor: Actor, user: User) -> None:
    """Only who administers all sites of a user may change the account: a password opens all of them.

    Raises NotFound where the user works at none of the actor's sites, else NotAllowed.
    """
    require_known_user(session, actor, user)
    if actor.kind != "system" and not sites_of_account(session, user) <= administered_sites(session, actor.user_id):
        raise NotAllowed(
            N_("“%(user)s” works at other sites as well: only an administrator of all of them may change the account."),
            user=user.id,
        )


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
