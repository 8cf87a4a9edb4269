"""Who leads the people of a group: told of what waits for that group and is taken by nobody."""

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from app.operations.notifications import owners_of
from app.operations.staffing import active_members

_SERVICE = frozenset({"service_manager", "business_manager"})
_CUSTOMER_SERVICE = frozenset({"customer_service_manager"})
_GENERAL_MANAGER = frozenset({"general_manager"})
# The groups of the trade (domain page, section 1); those an owner adds are led by the heads of departments.
LED_BY: Mapping[str, frozenset[str]] = {
    "service_advisor": _SERVICE,
    "technical_expert": _SERVICE,
    "front_desk": _SERVICE,
    "cr_advisor": _CUSTOMER_SERVICE | _SERVICE,
    "customer_service": _CUSTOMER_SERVICE,
    "records_clerk": _CUSTOMER_SERVICE,
    "sales_consultant": frozenset({"business_manager"}),
    "gm_office": _GENERAL_MANAGER,
    "customer_service_manager": _GENERAL_MANAGER,
    "service_manager": _GENERAL_MANAGER,
    "business_manager": _GENERAL_MANAGER,
    "department_head": _GENERAL_MANAGER,
}
_OTHERWISE = frozenset({"department_head"})


def leaders_of(session: Session, groups: Collection[str], site_id: str) -> list[str]:
    """Who leads these groups at a site; where nobody does, the general manager, else who looks after the site."""
    wanted = frozenset[str]().union(*(LED_BY.get(group, _OTHERWISE) for group in groups))
    for leaders in (wanted, _GENERAL_MANAGER):
        if found := active_members(session, leaders, site_id):
            return found
    return owners_of(session, site_id)
