"""The plan changed by hand: other days, other callers, called off, planned again; each with its reason (A10)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput, NotFound
from app.i18n import N_
from app.models import Customer, PlannedFollowUp, Site, Visit
from app.operations.actor import Actor
from app.operations.follow_up_authority import planners, require_one_of
from app.operations.follow_up_crew import absences, callers_at
from app.operations.follow_up_plan import FollowUpPlanner, enqueue_start, reason_to_skip
from app.operations.follow_up_spreading import Call, Place
from app.operations.history import Event, append_events, customer_stream
from app.operations.reasons import stated_reason
from app.operations.working_calendars import working_calendar_of

MOST_AT_ONCE = 500


class FollowUpNotPlanned(Conflict):
    """It was started, closed or called off meanwhile."""


class OutsideWindow(Conflict):
    """The day is not one of those on which the customer may be called."""


class CallerCannot(Conflict):
    """Whoever was named does not call at this level, or is away."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to change: None leaves the day or the caller; an empty caller is whoever takes it."""

    day: date | None = None
    caller_id: str | None = None


def move_follow_ups(
    session: Session, site_id: str, ids: Collection[str], change: Change, *, reason: str, actor: Actor, now: datetime
) -> int:
    """Give planned follow-ups of a site another day or caller, all or none; returns how many differ.

    They stay where they were put when the plan is spread again. Raises FollowUpNotPlanned, OutsideWindow,
    CallerCannot, InvalidInput, NotFound, NotAllowed.
    """
    text = stated_reason(reason)
    if change == Change():
        raise InvalidInput(N_("Choose another day or another caller."))
    follow_ups = _locked(session, site_id, ids, actor)
    _require_planned(session, follow_ups)
    zone = ZoneInfo(session.get_one(Site, site_id).zone)
    today = now.astimezone(zone).date()
    if change.day is not None:
        _check_day(session, follow_ups, change.day, today, site_id)
    moved = 0
    for follow_up in follow_ups:
        caller = follow_up.advisor_id if change.caller_id is None else change.caller_id or None
        place = Place(change.day or follow_up.planned_on, caller)
        _check_caller(session, follow_up, place, zone)
        moved += put(session, follow_up, place, zone, is_fixed=True, reason=text, actor=actor, now=now)
    return moved


def put(
    session: Session, follow_up: PlannedFollowUp, place: Place, zone: ZoneInfo, *, is_fixed: bool,
    reason: str | None, actor: Actor, now: datetime,
) -> bool:  # fmt: skip
    """Put a planned follow-up there and say so in the customer's history; False where it was there already."""
    before = Place(follow_up.planned_on, follow_up.advisor_id)
    if before == place:
        return False
    follow_up.planned_on, follow_up.advisor_id = place.day, place.caller_id
    follow_up.is_fixed = follow_up.is_fixed or is_fixed
    session.flush()
    if before.day != place.day:
        enqueue_start(session, follow_up, zone, now)
    body = {
        "planned_on": {"old": before.day.isoformat(), "new": place.day.isoformat()},
        "caller": {"old": before.caller_id, "new": place.caller_id},
    }
    _tell(session, follow_up, "follow_up_moved", body, reason, actor, now)
    return True


def call_off_follow_ups(
    session: Session, site_id: str, ids: Collection[str], *, reason: str, actor: Actor, now: datetime
) -> int:
    """Take planned follow-ups of a site out of the plan, all or none; returns how many.

    Raises FollowUpNotPlanned, InvalidInput, NotFound, NotAllowed.
    """
    text = stated_reason(reason)
    follow_ups = _locked(session, site_id, ids, actor)
    _require_planned(session, follow_ups)
    for follow_up in follow_ups:
        follow_up.state, follow_up.skip_reason, follow_up.skip_remark = "skipped", "called_off", text
        _tell(session, follow_up, "follow_up_called_off", {}, text, actor, now)
    session.flush()
    return len(follow_ups)


def plan_again(
    session: Session, site_id: str, ids: Collection[str], *, reason: str, actor: Actor, now: datetime
) -> int:
    """Take skipped follow-ups back into the plan where what stood in the way is gone; returns how many.

    Those that still may not be made, or can no longer be, stay skipped with today's reason. Raises
    FollowUpNotPlanned, InvalidInput, NotFound, NotAllowed.
    """
    text = stated_reason(reason)
    follow_ups = _locked(session, site_id, ids, actor)
    if any(follow_up.state != "skipped" for follow_up in follow_ups):
        raise FollowUpNotPlanned(N_("Only skipped follow-ups can be planned again."))
    site = session.get_one(Site, site_id)
    planner = FollowUpPlanner(session, site, actor=actor, now=now)
    planned = 0
    for follow_up in follow_ups:
        visit = session.get_one(Visit, follow_up.visit_id)
        follow_up.skip_reason = reason_to_skip(session, visit, follow_up.latest_on, planner.today)
        if follow_up.skip_reason:
            continue
        place = planner.crew(follow_up.level).place(
            Call(follow_up.id, follow_up.first_on, follow_up.latest_on), planner.today
        )
        follow_up.state, follow_up.skip_remark = "planned", None
        follow_up.planned_on, follow_up.advisor_id = place.day, place.caller_id
        session.flush()
        enqueue_start(session, follow_up, ZoneInfo(site.zone), now)
        body = {"planned_on": place.day.isoformat(), "caller": place.caller_id}
        _tell(session, follow_up, "follow_up_planned_again", body, text, actor, now)
        planned += 1
    return planned


def _locked(session: Session, site_id: str, ids: Collection[str], actor: Actor) -> Sequence[PlannedFollowUp]:
    """The follow-ups, which all have to be of the site and of levels the actor may plan."""
    wanted = frozenset(ids)
    if not wanted:
        raise InvalidInput(N_("Tick at least one follow-up."))
    if len(wanted) > MOST_AT_ONCE:
        raise InvalidInput(N_("Change at most %(count)s follow-ups at once."), count=MOST_AT_ONCE)
    query = select(PlannedFollowUp).where(PlannedFollowUp.id.in_(wanted), PlannedFollowUp.site_id == site_id)
    found = session.scalars(query.order_by(PlannedFollowUp.id).with_for_update()).all()
    if len(found) < len(wanted):
        raise NotFound(N_("This planned follow-up does not exist."))
    for level in sorted({follow_up.level for follow_up in found}):
        require_one_of(session, actor, site_id, planners(level))
    return found


def _require_planned(session: Session, follow_ups: Sequence[PlannedFollowUp]) -> None:
    for follow_up in follow_ups:
        if follow_up.state != "planned":
            raise FollowUpNotPlanned(
                N_("The follow-up of %(customer)s is no longer planned: it was started or called off meanwhile."),
                customer=_name(session, follow_up),
            )


def _check_day(session: Session, follow_ups: Sequence[PlannedFollowUp], day: date, today: date, site_id: str) -> None:
    if day < today:
        raise OutsideWindow(N_("The day is over: choose today or a later one."))
    if not working_calendar_of(session, site_id).is_working_day(day):
        raise OutsideWindow(N_("%(day)s is a day off at this site."), day=day)
    for follow_up in follow_ups:
        if not follow_up.first_on <= day <= follow_up.latest_on:
            raise OutsideWindow(
                N_("%(customer)s may be called from %(first)s to %(last)s only."),
                customer=_name(session, follow_up), first=follow_up.first_on, last=follow_up.latest_on,
            )  # fmt: skip


def _check_caller(session: Session, follow_up: PlannedFollowUp, place: Place, zone: ZoneInfo) -> None:
    if place.caller_id is None:
        return
    if place.caller_id not in callers_at(session, follow_up.site_id, follow_up.level):
        raise CallerCannot(N_("“%(user)s” does not make calls of this level at this site."), user=place.caller_id)
    if absences(session, [place.caller_id], zone, place.day, place.day):
        raise CallerCannot(
            N_("“%(user)s” is away on %(day)s: choose another caller or another day."),
            user=place.caller_id, day=place.day,
        )  # fmt: skip


def _name(session: Session, follow_up: PlannedFollowUp) -> str:
    return session.get_one(Customer, follow_up.customer_id).name


def _tell(
    session: Session, follow_up: PlannedFollowUp, event_type: str, body: Mapping[str, object], reason: str | None,
    actor: Actor, now: datetime,
) -> None:  # fmt: skip
    event = Event(event_type, body={"planned_follow_up_id": follow_up.id, **body}, reason=reason)
    stream = customer_stream(follow_up.customer_id)
    append_events(session, stream, [event], actor=actor, now=now, site_id=follow_up.site_id)
