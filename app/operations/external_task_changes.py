"""What owners of cases change of external tasks, whoever works at them: locked for one, more urgent, tried again."""

from datetime import datetime, timedelta

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.i18n import N_
from app.models import ExternalTask, Job
from app.models.job_list import open_incident_of_job
from app.models.prepared import run, table_of
from app.operations.actor import Actor
from app.operations.cases import Case
from app.operations.external_tasks import (
    MOST_RETRIES,
    ExternalTaskNotFound,
    ExternalTaskOfOther,
    case_of_external_task,
    raise_no_retries_left,
)
from app.operations.history import Event, append_events, case_stream
from app.operations.incidents import retry_incident
from app.operations.jobs import revive_job
from app.operations.steps import CaseSuspended

HIGHEST_PRIORITY = 2**31 - 1

_JOB, _EXTERNAL = table_of(Job), table_of(ExternalTask)
_COLUMNS = (*_JOB.c["state", "lease_until", "attempts", "activity_id", "element_id"], _EXTERNAL.c.worker_id)


def lock_external_task(
    session: Session, job_id: str, worker_id: str, duration: timedelta, *, actor: Actor, now: datetime
) -> None:
    """Give this very external task to a worker, as fetching would.

    Raises ExternalTaskNotFound, ExternalTaskOfOther while another worker's lock lasts, CaseSuspended, NotAllowed.
    """
    case, row = _read(session, job_id, actor)
    if case.is_suspended:
        raise CaseSuspended
    is_held = row.state == "leased" and row.lease_until is not None and row.lease_until >= now
    if row.state == "dead" or (is_held and row.worker_id != worker_id):
        raise ExternalTaskOfOther(N_("This external task is locked by another worker, or has no retries left."))
    held = {"state": "leased", "lease_until": now + duration, "fence": _JOB.c.fence + 1}
    run(session, update(_JOB).where(_JOB.c.id == job_id).values(**held))
    run(session, update(_EXTERNAL).where(_EXTERNAL.c.job_id == job_id).values(worker_id=worker_id))


def set_priority(session: Session, job_id: str, priority: int, *, actor: Actor, now: datetime) -> None:
    """Let workers who ask for the urgent ones first have it sooner, or later; negative numbers are possible.

    Raises ExternalTaskNotFound, InvalidInput, NotAllowed.
    """
    if abs(priority) > HIGHEST_PRIORITY:
        text = N_("This priority is too high or too low.")
        raise InvalidInput(text, fields={"priority": text})
    case, row = _read(session, job_id, actor)
    run(session, update(_EXTERNAL).where(_EXTERNAL.c.job_id == job_id).values(priority=priority))
    _tell(session, case, row, {"priority": priority}, actor, now)


def set_retries(session: Session, job_id: str, retries: int, *, actor: Actor, now: datetime) -> None:
    """Say how often it may be tried from now on; with 0 nobody fetches it, and its process owner finds an incident.

    Raises ExternalTaskNotFound, InvalidInput, NotAllowed.
    """
    refuse_wrong_retries(retries)
    case, row = _read(session, job_id, actor)
    if retries and row.state == "dead":
        incident_id = open_incident_of_job(session, job_id)
        if incident_id is not None:
            retry_incident(session, incident_id, actor=actor, now=now)
        else:
            revive_job(session, job_id, now=now)
    # Before the first attempt nobody has said how often: from now on somebody has.
    attempts = max(row.attempts, 1)
    values: dict[str, object] = {"attempts": attempts, "max_attempts": attempts + retries}
    if not retries:
        values |= {"state": "dead", "lease_until": None, "fence": _JOB.c.fence + 1}
    run(session, update(_JOB).where(_JOB.c.id == job_id).values(**values))
    _tell(session, case, row, {"retries": retries}, actor, now)
    if not retries and row.state != "dead":
        raise_no_retries_left(session, case, job_id, actor=actor, now=now)


def refuse_wrong_retries(retries: int) -> None:
    """Raise InvalidInput for a number of retries that no external task can have."""
    if not 0 <= retries <= MOST_RETRIES:
        text = N_("The retries are a whole number from 0 to 1,000.")
        raise InvalidInput(text, fields={"retries": text})


def _read(session: Session, job_id: str, actor: Actor) -> tuple[Case, Row[*tuple[object, ...]]]:
    case = case_of_external_task(session, job_id, actor)
    statement = select(*_COLUMNS).join(_EXTERNAL, _EXTERNAL.c.job_id == _JOB.c.id).where(_JOB.c.id == job_id)
    row = run(session, statement.with_for_update(of=_JOB)).one()
    if row.state in ("done", "cancelled"):
        raise ExternalTaskNotFound
    return case, row


def _tell(
    session: Session, case: Case, row: Row[*tuple[object, ...]], body: dict[str, object], actor: Actor, now: datetime
) -> None:
    event = Event("external_task_changed", body, element_id=row.element_id, activity_id=row.activity_id)
    stream = case_stream(case.id)
    append_events(session, stream, [event], actor=actor, now=now, instance_id=case.id, site_id=case.site_id)
