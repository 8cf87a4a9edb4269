"""What administrators do with jobs: at once instead of later, once more, or never."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound
from app.i18n import N_
from app.models import Job, ProcessInstance
from app.models.job import WAITING_JOB_STATES
from app.models.job_list import open_incident_of_job
from app.models.prepared import table_of
from app.operations.actor import Actor
from app.operations.administration import company_administrators, require_administrator
from app.operations.cases import lock_case
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.incidents import retry_incident
from app.operations.jobs import OF_THE_CASE, revive_job
from app.operations.reasons import stated_reason
from app.operations.steps import timer_due

_JOB = table_of(Job)


class JobNotFound(NotFound):
    """There is no such job, or not for who asks."""

    def __init__(self) -> None:
        super().__init__(N_("This job does not exist (any more)."))


class JobIsElsewhere(Conflict):
    """A worker has the job in hand or it is done: too late to change it."""

    def __init__(self) -> None:
        super().__init__(N_("This job is being done or is over. Look at it again."))


class JobOfCase(Conflict):
    """A case waits for the job: without it the case would wait for ever."""

    def __init__(self) -> None:
        super().__init__(N_("A case waits for this job. Move the case or cancel it: the job then goes with it."))


class NoTimer(Conflict):
    """Only the time of a timer of a case is computed."""

    def __init__(self) -> None:
        super().__init__(N_("Only timers of cases can be computed again. Give this job a date instead."))


def run_job_now(session: Session, job_id: str, *, actor: Actor, now: datetime) -> None:
    """Let a job that waits run at once, or give one that gave up all its attempts again.

    Raises JobNotFound, JobIsElsewhere, NotAllowed.
    """
    job = _locked(session, job_id, actor)
    incident_id = open_incident_of_job(session, job_id) if job.state == "dead" else None
    if incident_id is not None:
        retry_incident(session, incident_id, actor=actor, now=now)
    elif job.state == "dead":
        revive_job(session, job_id, now=now)
    elif job.state == "pending":
        session.execute(update(_JOB).where(_JOB.c.id == job_id).values(run_at=now))
    else:
        raise JobIsElsewhere
    _tell(session, "job_run_now", job, None, actor, now)


def change_due_date(session: Session, job_id: str, run_at: datetime, *, actor: Actor, now: datetime) -> None:
    """Let a job that waits run at another time. Raises JobNotFound, JobIsElsewhere, NotAllowed."""
    job = _locked(session, job_id, actor)
    _refuse_not_waiting(job)
    _set_due_date(session, job, run_at, actor, now)


def recalculate_due_date(session: Session, job_id: str, *, is_from_creation: bool, actor: Actor, now: datetime) -> None:
    """Let a timer be due when its expression says with the values of today, counted from now or from when it was made.

    Raises JobNotFound, NoTimer for any other job, JobIsElsewhere, TimerWithoutTime, NotAllowed.
    """
    instance_id = session.scalar(select(Job.instance_id).where(Job.id == job_id))
    case = lock_case(session, instance_id) if instance_id else None  # before the job, as every step does
    job = _locked(session, job_id, actor)
    if case is None or job.kind != "timer" or job.activity_id is None:
        raise NoTimer
    _refuse_not_waiting(job)
    run_at = timer_due(session, case, job.activity_id, job.created_at if is_from_creation else now)
    _set_due_date(session, job, run_at, actor, now)


def cancel_job(session: Session, job_id: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """Never do a job that waits or gave up; not for one that a case waits for.

    Raises InvalidInput without a reason, JobNotFound, JobIsElsewhere, JobOfCase, NotAllowed.
    """
    reason = stated_reason(reason)
    job = _locked(session, job_id, actor)
    if job.kind in OF_THE_CASE and job.instance_id is not None:
        raise JobOfCase
    if job.state not in ("pending", "dead"):
        raise JobIsElsewhere
    session.execute(update(_JOB).where(_JOB.c.id == job_id).values(state="cancelled"))
    _tell(session, "job_cancelled", job, reason, actor, now)


def _locked(session: Session, job_id: str, actor: Actor) -> Job:
    job = session.scalars(select(Job).where(Job.id == job_id).with_for_update()).one_or_none()
    if job is None:
        raise JobNotFound
    site_id = job.site_id or session.scalar(
        select(ProcessInstance.site_id).where(ProcessInstance.id == job.instance_id)
    )
    if site_id is not None:
        require_administrator(session, actor, [site_id])
    elif actor.kind != "system" and actor.user_id not in company_administrators(session):
        raise JobNotFound
    return job


def _refuse_not_waiting(job: Job) -> None:
    if job.state not in WAITING_JOB_STATES:
        raise JobIsElsewhere


def _set_due_date(session: Session, job: Job, run_at: datetime, actor: Actor, now: datetime) -> None:
    session.execute(update(_JOB).where(_JOB.c.id == job.id).values(run_at=run_at))
    _tell(session, "job_due_date_changed", job, None, actor, now)


def _tell(session: Session, event_type: str, job: Job, reason: str | None, actor: Actor, now: datetime) -> None:
    body: dict[str, object] = {
        "job_id": job.id, "kind": job.kind, "state": job.state, "attempts": job.attempts, "case_id": job.instance_id,
    }  # fmt: skip
    event = Event(event_type, body, element_id=job.element_id, reason=reason)
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now)
