"""What is kept of a job that failed: the error, the next attempt, and at the end an incident."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.connectors.mail import MailRefused
from app.engine.outcome import RaisedIncident
from app.errors import AppError
from app.i18n import N_
from app.operations.actor import SYSTEM
from app.operations.cases import lock_case
from app.operations.failures import (
    FailedAttempt,
    StepNotDone,
    raise_incident,
    record_failed_attempt,
    record_failed_step,
)
from app.operations.incident_rows import insert_incident_of_no_case
from app.operations.job_leases import LeasedJob, fail_job
from app.operations.jobs import OF_THE_CASE
from app.operations.outgoing import OUTGOING_KINDS, WEBHOOK, note_outcome
from app.operations.webhook_attempts import note_not_taken

_INSIDE = ("timer", "continuation")


class WorkerDied(AppError):
    """The worker that had the job in hand is gone."""


def record_failed_job(session: Session, job: LeasedJob, error: BaseException, *, now: datetime) -> None:
    """Write down a failed attempt in a transaction of its own; raises LeaseLost."""
    # Before the job, as every step does.
    of_case = lock_case(session, job.instance_id) if job.kind in OF_THE_CASE and job.instance_id is not None else None
    text = f"{type(error).__name__}: {error}"
    is_dead = fail_job(session, job, text, now=now, is_final=_is_final(job, error))
    if job.kind == WEBHOOK:
        note_not_taken(session, job.id, error, now)
    if of_case is not None:
        retries = 0 if is_dead else job.max_attempts - job.attempts
        failed = FailedAttempt(job.id, job.kind, job.activity_id, job.element_id, text, retries)
        record_failed_attempt(session, of_case, failed, actor=SYSTEM, now=now)
    if not is_dead:
        return
    if isinstance(error, StepNotDone):
        record_failed_step(session, error, job_id=job.id, actor=SYSTEM, now=now)
    elif job.kind in OUTGOING_KINDS:  # looked after on the outbox page; mail about failed mail would never end
        note_outcome(session, job.id, "failed", now=now)
    else:
        _raise_incident(session, job, text, now)


def _is_final(job: LeasedJob, error: BaseException) -> bool:
    """A step the diagram makes impossible would end the same way again, unless the diagram says when to try.

    Then it waits for something that happens meanwhile. What is done in the world outside is not done again for it.
    """
    if isinstance(error, StepNotDone):
        return job.retry_delays is None or job.kind not in _INSIDE
    return isinstance(error, MailRefused)


def _raise_incident(session: Session, job: LeasedJob, error: str, now: datetime) -> None:
    incident = RaisedIncident(
        job.activity_id,
        job.element_id or "",
        "job_failed",
        N_("The system tried %(attempts)s times and gave up: %(error)s"),
        {"attempts": job.attempts, "error": error},
    )
    if job.instance_id is not None:
        case = lock_case(session, job.instance_id)
        raise_incident(session, case, incident, job_id=job.id, actor=SYSTEM, now=now)
        return
    insert_incident_of_no_case(session, incident, site_id=job.site_id, job_id=job.id, now=now)
