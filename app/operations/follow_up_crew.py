"""The crew of a site as its memberships, substitutions and plan say."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from app.calendars import WorkingCalendar
from app.models import PlannedFollowUp, Site, Substitution, SubstitutionProcess
from app.operations.follow_up_occasions import CALLER_GROUPS, PROCESS_KEY
from app.operations.follow_up_settings import plan_settings
from app.operations.follow_up_spreading import ONE_DAY, Crew
from app.operations.staffing import active_members

NOON = time(12)


def crew_of(
    session: Session, site: Site, calendar: WorkingCalendar, level: int, first: date, last: date,
    left_out: Iterable[str] = (),
) -> Crew:  # fmt: skip
    """Who calls at a site at a level between two days, and what they have to do already.

    Arguments: left_out, ids of planned follow-ups that are not counted because they are about to be placed anew.
    """
    callers = callers_at(session, site.id, level)
    return Crew(
        callers=callers,
        is_working_day=calendar.is_working_day,
        most_a_day=plan_settings(session, site.id).most_calls_a_day,
        away=absences(session, callers, ZoneInfo(site.zone), first, last),
        load=_load(session, site.id, level, first, last, frozenset(left_out)),
    )


def callers_at(session: Session, site_id: str, level: int) -> list[str]:
    """The members of the level's group at a site who can sign in, by user name."""
    return active_members(session, (CALLER_GROUPS[level],), site_id)


def absences(
    session: Session, callers: Sequence[str], zone: ZoneInfo, first: date, last: date
) -> frozenset[tuple[str, date]]:
    """On which of these days each of them has a substitute for follow-ups: then somebody is away."""
    begin, end = (datetime.combine(day, time.min, zone) for day in (first, last + ONE_DAY))
    process = exists().where(SubstitutionProcess.substitution_id == Substitution.id)
    query = select(Substitution.principal_id, Substitution.starts_at, Substitution.ends_at).where(
        Substitution.principal_id.in_(callers),
        Substitution.ends_at > begin,
        Substitution.starts_at < end,
        or_(~process, process.where(SubstitutionProcess.process_key == PROCESS_KEY)),
    )
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return frozenset(
        (person, day)
        for person, starts, ends in session.execute(query)
        for day in days
        if starts <= datetime.combine(day, NOON, zone) < ends
    )


def _load(
    session: Session, site_id: str, level: int, first: date, last: date, left_out: frozenset[str]
) -> Counter[tuple[date, str | None]]:
    """Calls by day and caller. Somebody who calls at two levels has both to do; calls of nobody are their level's."""
    counted = (
        PlannedFollowUp.site_id == site_id,
        PlannedFollowUp.state != "skipped",
        PlannedFollowUp.planned_on.between(first, last),
        or_(PlannedFollowUp.level == level, PlannedFollowUp.advisor_id.is_not(None)),
    )
    query = select(PlannedFollowUp.planned_on, PlannedFollowUp.advisor_id, func.count()).where(*counted)
    rows = session.execute(query.group_by(PlannedFollowUp.planned_on, PlannedFollowUp.advisor_id))
    load = Counter({(day, caller): count for day, caller, count in rows})
    if left_out:
        places = select(PlannedFollowUp.id, PlannedFollowUp.planned_on, PlannedFollowUp.advisor_id).where(*counted)
        load.subtract((day, caller) for planned_id, day, caller in session.execute(places) if planned_id in left_out)
    return load
