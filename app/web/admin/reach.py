"""How far the signed-in administrator's power goes: which sites and people, and whether the whole company."""

from app.extensions import db
from app.models import User
from app.models.people import find_person
from app.operations.administration import UnknownUser, is_company_administrator
from app.web.current import current_person
from app.web.permissions import Permission, sites_with


def my_sites() -> frozenset[str]:
    """The sites that the signed-in person administers."""
    return sites_with(current_person(), Permission.ADMINISTER)


def has_company() -> bool:
    """Whether the signed-in person administers the whole company."""
    return is_company_administrator(db.session(), current_person().id)


def person_at_my_sites(user_id: str) -> User:
    """Somebody whom the signed-in person may look after. Raises UnknownUser."""
    user = find_person(db.session(), user_id, my_sites())
    if user is None:
        raise UnknownUser(user_id)
    return user
