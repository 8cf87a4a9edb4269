"""Sites: dealerships and outlets."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput
from app.i18n import N_
from app.models import Site
from app.operations.actor import Actor
from app.operations.groups import ensure_default_groups
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.timer_starts import schedule_timer_starts
from app.operations.working_calendars import seed_working_calendar

SITE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class SiteIdTaken(Conflict):
    """Two sites cannot share an id."""


def create_site(
    session: Session, site_id: str, name: str, *, zone: str, is_outlet: bool, actor: Actor, now: datetime
) -> tuple[int, ...]:
    """Create a site with the usual groups and the working calendar of this year and the next.

    Returns the years whose public holidays are not known yet. Raises InvalidInput, SiteIdTaken.
    """
    if not SITE_ID.fullmatch(site_id):
        raise InvalidInput(
            N_("“%(site_id)s” cannot be the id of a site: use up to 32 lower-case letters, digits or hyphens."),
            site_id=site_id,
        )
    if session.get(Site, site_id):
        raise SiteIdTaken(N_("There is already a site “%(site_id)s”."), site_id=site_id)
    year = now.astimezone(_zone(zone)).year
    session.add(Site(id=site_id, name=name, zone=zone, is_outlet=is_outlet))
    session.flush()
    ensure_default_groups(session)
    body = {"site": site_id, "name": name, "zone": zone, "is_outlet": is_outlet}
    append_events(
        session, CONFIGURATION_STREAM, [Event("site_created", body)], actor=actor, now=now, site_id=site_id
    )
    unknown = seed_working_calendar(session, site_id, years=(year, year + 1), actor=actor, now=now)
    schedule_timer_starts(session, site_ids={site_id}, now=now)
    return unknown


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInput(N_("“%(zone)s” is not a time zone such as Asia/Shanghai."), zone=name) from error
