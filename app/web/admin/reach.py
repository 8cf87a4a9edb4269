"""How far the signed-in administrator's power goes: which sites and people, and whether the whole company."""

from app.extensions import db
from app.models import Site, User
from app.models.people import find_person
from app.operations.administration import UnknownSite, UnknownUser, is_company_administrator
from app.web.current import current_person
from app.web.permissions import Permission, sites_with


def my_sites() -> frozenset[str]:
    """The sites that the signed-in person administers."""
    return sites_with(current_person(), Permission.ADMINISTER)


def site_of_mine(site_id: str) -> Site:
    """A site that the signed-in person administers. Raises UnknownSite."""
    site = db.session.get(Site, site_id) if site_id in my_sites() else None
    if site is None:
        raise UnknownSite(site_id)
    return site


def has_company() -> bool:
    """Whether the signed-in person administers the whole company."""
    return is_company_administrator(db.session(), current_person().id)


def person_at_my_sites(user_id: str) -> User:
    """Somebody whom the signed-in person may look after. Raises UnknownUser."""
    user = find_person(db.session(), user_id, my_sites())
    if user is None:
        raise UnknownUser(user_id)
    return user
