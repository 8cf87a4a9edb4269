"""Incidents looked after by process owners: tried again or done away with."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.engine.outcome import FALSE_COMPLETION, RaisedIncident
from app.errors import Conflict, InvalidInput, NotFound
from app.i18n import N_
from app.models import Incident
from app.models.prepared import table_of
from app.operations.actor import Actor
from app.operations.authority import require_case_owner
from app.operations.cases import lock_case
from app.operations.failures import raise_incident
from app.operations.four_eyes import has_done_own_part
from app.operations.history import CONFIGURATION_STREAM, Event, append_events, case_stream
from app.operations.incident_rows import NOBODY_CAN_DO, settle_case
from app.operations.jobs import revive_job, suspend_jobs
from app.operations.staffing import active_among, who_could_take
from app.operations.steps import CaseEnded
from app.operations.user_task_rows import read_user_task

_INCIDENT = table_of(Incident)


LONGEST_KIND, LONGEST_MESSAGE = 40, 2000


class IncidentNotFound(NotFound):
    """There is no such incident."""


class IncidentAlreadyResolved(Conflict):
    """Somebody else has looked after the incident."""


class NothingToTry(Conflict):
    """The incident is about how the case stands, not about a step: only a change of the case ends it."""


def report_incident(
    session: Session,
    instance_id: str,
    kind: str,
    message: str,
    *,
    element_id: str | None,
    actor: Actor,
    now: datetime,
) -> str:
    """Put an incident on an open case that a program outside has found, and return its id.

    Only process owners and administrators of its site. Raises CaseNotFound, CaseEnded, InvalidInput, NotAllowed.
    """
    if not 0 < len(kind) <= LONGEST_KIND:
        text = N_("The kind of an incident has 40 characters at most.")
        raise InvalidInput(text, fields={"kind": text})
    case = lock_case(session, instance_id)
    require_case_owner(session, actor, case.site_id)
    if not case.is_open:
        raise CaseEnded(N_("This case is over; nothing more can be done in it."))
    msgid = N_("A program reports: %(message)s")
    incident = RaisedIncident(None, element_id or case.process_key, kind, msgid, {"message": message[:LONGEST_MESSAGE]})
    return raise_incident(session, case, incident, job_id=None, actor=actor, now=now)


def retry_incident(
    session: Session, incident_id: str, *, reason: str | None = None, actor: Actor, now: datetime
) -> None:
    """Try again what failed: a job runs anew; a person's step waits for the person, whose draft was kept.

    Only process owners and administrators of the site. Raises IncidentNotFound, IncidentAlreadyResolved, NothingToTry,
    NotAllowed.
    """
    columns = (Incident.instance_id, Incident.site_id, Incident.kind, Incident.activity_id, Incident.is_open)
    place = session.execute(select(*columns).where(Incident.id == incident_id)).one_or_none()
    if place is None:
        raise IncidentNotFound(N_("This incident does not exist."))
    require_case_owner(session, actor, place.site_id)
    if place.is_open:
        _refuse_nothing_to_try(session, place.kind, place.activity_id)
    case = lock_case(session, place.instance_id) if place.instance_id else None
    change = update(_INCIDENT).where(_INCIDENT.c.id == incident_id, _INCIDENT.c.is_open.is_(True))
    incident = session.execute(
        change.values(is_open=False, resolved_at=now).returning(
            _INCIDENT.c.job_id, _INCIDENT.c.element_id, _INCIDENT.c.activity_id
        )
    ).one_or_none()
    if incident is None:
        raise IncidentAlreadyResolved(N_("Somebody else has already looked after this incident."))
    if incident.job_id:
        revive_job(session, incident.job_id, now=now)
    event = Event(
        "incident_retried",
        {"incident_id": incident_id, "job_id": incident.job_id},
        element_id=incident.element_id,
        activity_id=incident.activity_id,
        reason=reason,
    )
    if case is None:
        append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now, site_id=place.site_id)
        return
    if case.is_suspended:
        suspend_jobs(session, case.id)  # the job waits until the case is resumed
    settle_case(session, case)
    stream = case_stream(case.id)
    append_events(session, stream, [event], actor=actor, now=now, instance_id=case.id, site_id=case.site_id)


def _refuse_nothing_to_try(session: Session, kind: str, activity_id: str | None) -> None:
    """Raise NothingToTry where without the incident the case would stand still and nobody know it."""
    if kind == FALSE_COMPLETION:
        text = N_("Here tokens wait for each other: nothing can be tried again. Move one of them, or cancel the case.")
        raise NothingToTry(text)
    if kind == NOBODY_CAN_DO and activity_id is not None and not _is_somebody_there(session, activity_id):
        raise NothingToTry(N_("There is still nobody at this site who can do this task. Assign it to somebody."))


def _is_somebody_there(session: Session, user_task_id: str) -> bool:
    user_task = read_user_task(session, user_task_id)
    if user_task.state != "open":
        return True
    people = {*who_could_take(session, user_task_id, user_task.site_id)}
    people |= active_among(session, [user_task.assignee_id] if user_task.assignee_id else [])
    return any(not has_done_own_part(session, user_task, person) for person in people)
