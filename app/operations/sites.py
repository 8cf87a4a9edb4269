"""Sites: dealerships and outlets."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput
from app.i18n import N_
from app.models import Membership, Site
from app.operations.actor import Actor
from app.operations.administration import (
    ADMINISTRATORS,
    administered_site,
    company_administrators,
    require_company_administrator,
)
from app.operations.changed_fields import changed_fields, required_texts
from app.operations.groups import ensure_default_groups
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.timer_starts import schedule_timer_starts
from app.operations.working_calendars import seed_working_calendar

LONGEST_NAME = 120  # characters
RESERVED = ("new", "departments")  # addresses of pages
SITE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class SiteIdTaken(Conflict):
    """Two sites cannot share an id."""


def create_site(
    session: Session, site_id: str, name: str, *, zone: str, is_outlet: bool, actor: Actor, now: datetime
) -> tuple[int, ...]:
    """Create a site with the usual groups and the working calendar of this year and the next.

    Whoever administers the whole company administers the new site as well.

    Returns the years whose public holidays are not known yet. Raises InvalidInput, SiteIdTaken, NotAllowed.
    """
    require_company_administrator(session, actor)
    if not SITE_ID.fullmatch(site_id) or site_id in RESERVED:
        refusal = N_("“%(site_id)s” cannot be the id of a site: use up to 32 lower-case letters, digits or hyphens.")
        raise InvalidInput(refusal, fields={"id": refusal}, site_id=site_id)
    if session.get(Site, site_id):
        raise SiteIdTaken(N_("There is already a site “%(site_id)s”."), site_id=site_id)
    facts = _checked(name, zone, is_outlet=is_outlet)
    year = now.astimezone(ZoneInfo(zone)).year
    chiefs = company_administrators(session)
    session.add(Site(id=site_id, **facts))
    session.flush()
    ensure_default_groups(session)
    session.add_all(Membership(user_id=user, group_id=ADMINISTRATORS, site_id=site_id) for user in chiefs)
    session.flush()
    event = Event("site_created", {"site": site_id, **facts, "administrators": sorted(chiefs)})
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now, site_id=site_id)
    unknown = seed_working_calendar(session, site_id, years=(year, year + 1), actor=actor, now=now)
    schedule_timer_starts(session, site_ids={site_id}, now=now)
    return unknown


def change_site(
    session: Session, site_id: str, *, name: str, zone: str, is_outlet: bool, actor: Actor, now: datetime
) -> None:
    """Change a site; a new zone counts for what is planned from now on. Raises NotFound, InvalidInput, NotAllowed."""
    site = administered_site(session, site_id, actor)
    if changes := changed_fields(site, _checked(name, zone, is_outlet=is_outlet)):
        session.flush()
        event = Event("site_changed", {"site": site_id, "changes": changes})
        append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now, site_id=site_id)


def _checked(name: str, zone: str, *, is_outlet: bool) -> dict[str, Any]:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        refusal = N_("“%(zone)s” is not a time zone such as Asia/Shanghai.")
        raise InvalidInput(refusal, fields={"zone": refusal}, zone=zone) from error
    return {**required_texts({"name": name}, LONGEST_NAME), "zone": zone, "is_outlet": is_outlet}
