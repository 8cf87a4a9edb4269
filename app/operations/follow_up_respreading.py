"""The plan of a period spread anew: looked at first, then done exactly as it was shown."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.i18n import N_
from app.models import PlannedFollowUp, Site
from app.operations.actor import Actor
from app.operations.administration import UnknownSite
from app.operations.follow_up_authority import planners, require_one_of
from app.operations.follow_up_changes import put
from app.operations.follow_up_crew import crew_of
from app.operations.follow_up_spreading import Call, Place, even_out
from app.operations.reasons import stated_reason
from app.operations.working_calendars import working_calendar_of

Counts = Mapping[tuple[date, str | None], int]


class PlanChanged(Conflict):
    """Somebody changed the plan after it was looked at."""


@dataclass(frozen=True, slots=True)
class PlanPart:
    """The calls of one level that a site plans from `first` to `last`."""

    site_id: str
    level: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Spreading:
    """What spreading would do: calls by day and caller before and after, and those that move; `digest` names it."""

    moves: Mapping[str, tuple[Place, Place]]
    before: Counts
    after: Counts
    fixed: int  # put there by hand, so they stay
    digest: str


def look_at_spreading(session: Session, part: PlanPart, *, now: datetime) -> Spreading:
    """What would become of the calls of this part, none of them before today. Raises NotFound."""
    site = session.get(Site, part.site_id)
    if site is None:
        raise UnknownSite(part.site_id)
    today = now.astimezone(ZoneInfo(site.zone)).date()
    planned = _planned(session, part, today)
    places = {one.id: Place(one.planned_on, one.advisor_id) for one in planned}
    free = [one for one in planned if not one.is_fixed]
    calls = {
        one.id: (Call(one.id, max(one.first_on, part.first), min(one.latest_on, part.last)), places[one.id])
        for one in free
    }
    crew = crew_of(
        session,
        site,
        working_calendar_of(session, site.id),
        part.level,
        min(part.first, today),
        part.last,
        left_out=calls,
    )
    after = even_out(calls, crew, today)
    moves = {key: (places[key], place) for key, place in after.items() if places[key] != place}
    digest = sha256(repr(sorted((key, str(move)) for key, move in moves.items())).encode()).hexdigest()
    return Spreading(moves, _counts(places), _counts({**places, **after}), len(planned) - len(free), digest)


def spread_again(session: Session, part: PlanPart, *, digest: str, reason: str, actor: Actor, now: datetime) -> int:
    """Do what was looked at; returns how many moved. Raises PlanChanged, InvalidInput, NotFound, NotAllowed."""
    text = stated_reason(reason)
    require_one_of(session, actor, part.site_id, planners(part.level))
    spreading = look_at_spreading(session, part, now=now)
    if spreading.digest != digest:
        raise PlanChanged(N_("The plan has changed since you looked at it. Look again, then confirm."))
    zone = ZoneInfo(session.get_one(Site, part.site_id).zone)
    for key, (_before, place) in spreading.moves.items():
        follow_up = session.get_one(PlannedFollowUp, key, with_for_update=True)
        put(session, follow_up, place, zone, is_fixed=False, reason=text, actor=actor, now=now)
    return len(spreading.moves)


def _planned(session: Session, part: PlanPart, today: date) -> list[PlannedFollowUp]:
    query = select(PlannedFollowUp).where(
        PlannedFollowUp.site_id == part.site_id,
        PlannedFollowUp.state == "planned",
        PlannedFollowUp.planned_on.between(max(part.first, today), part.last),
        PlannedFollowUp.level == part.level,
    )
    return list(session.scalars(query.order_by(PlannedFollowUp.id)))


def _counts(places: Mapping[str, Place]) -> Counts:
    return Counter((place.day, place.caller_id) for place in places.values())
