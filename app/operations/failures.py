"""Steps that could not be done: what is kept of them after their transaction was rolled back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select, true, update
from sqlalchemy.orm import Session

from app.engine.outcome import RaisedIncident
from app.errors import AppError
from app.models import Incident, ProcessInstance, UserTask
from app.models.prepared import table_of
from app.operations.actor import Actor
from app.operations.cases import Case, lock_case
from app.operations.drafts import keep_draft
from app.operations.history import Event, append_events, case_stream
from app.operations.incident_rows import insert_incident_of_no_case, insert_incidents
from app.operations.record_events import incident_event
from app.operations.subject_keys import PersonErased

_INCIDENT, _INSTANCE = table_of(Incident), table_of(ProcessInstance)


class StepNotDone(AppError):
    """A step failed in the diagram: its process owner must look at it; nothing of the step was kept.

    The edge rolls back and calls `record_failed_step` in a transaction of its own.
    """

    http_status = 422

    def __init__(
        self, incident: RaisedIncident, *, site_id: str, instance_id: str | None, activity_id: str | None
    ) -> None:
        super().__init__(incident.msgid, **incident.params)
        # The activity that set the step off: tokens made in the step went with it.
        self.incident = replace(incident, activity_id=activity_id)
        self.site_id = site_id
        self.instance_id = instance_id
        self.activity_id = activity_id

    @property
    def is_of_the_case(self) -> bool:
        """Whether it is the case, or what should start one, that cannot go on: not somebody who changes it by hand."""
        return self.instance_id is None or self.activity_id is not None


def record_failed_step(
    session: Session,
    failure: StepNotDone,
    *,
    draft: Mapping[str, object] | None = None,
    job_id: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Raise the incident of a failed step and keep the person's input; call it after the rollback.

    Arguments: draft, the raw input of the form by field key, kept as the person's draft; job_id, the dead job that
    a retry revives. The same failure again is not raised twice.
    """
    if failure.instance_id is None:
        insert_incident_of_no_case(session, failure.incident, site_id=failure.site_id, job_id=job_id, now=now)
        return
    case = lock_case(session, failure.instance_id)
    if draft is not None and failure.activity_id is not None:
        _keep_draft(session, failure.activity_id, draft, actor, now)
    if job_id is not None or not _is_known(session, failure):
        raise_incident(session, case, failure.incident, job_id=job_id, actor=actor, now=now)


def raise_incident(
    session: Session, case: Case, incident: RaisedIncident, *, job_id: str | None, actor: Actor, now: datetime
) -> str:
    """Put an incident on a locked case and return its id; its process owner sees it with a Retry button."""
    (incident_id,) = insert_incidents(session, case, [incident], now=now, job_id=job_id)
    if case.is_open:
        change = update(_INSTANCE).where(_INSTANCE.c.id == case.id)
        session.execute(change.values(state="incident", revision=_INSTANCE.c.revision + 1))
    event = incident_event(case, incident)
    stream = case_stream(case.id)
    append_events(session, stream, [event], actor=actor, now=now, instance_id=case.id, site_id=case.site_id)
    return incident_id


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """An attempt at a job of a case that failed: why, how many are left, and what else programs know of it."""

    job_id: str
    kind: str
    activity_id: str | None
    element_id: str | None
    message: str
    retries: int
    details: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


def record_failed_attempt(session: Session, case: Case, failed: FailedAttempt, *, actor: Actor, now: datetime) -> None:
    """Write into the history of a locked case that an attempt failed; what was said of it may be a person's."""
    event = Event(
        "job_attempt_failed",
        {"job": failed.job_id, "kind": failed.kind, "retries": failed.retries, **failed.facts},
        element_id=failed.element_id,
        activity_id=failed.activity_id,
        personal={"remark": failed.message, "details": failed.details},
        subject_id=case.subject_id,
    )
    stream = case_stream(case.id)
    try:
        append_events(session, stream, [event], actor=actor, now=now, instance_id=case.id, site_id=case.site_id)
    except PersonErased:
        event = replace(event, personal=None, subject_id=None)
        append_events(session, stream, [event], actor=actor, now=now, instance_id=case.id, site_id=case.site_id)


def _keep_draft(session: Session, user_task_id: str, draft: Mapping[str, object], actor: Actor, now: datetime) -> None:
    columns = (UserTask.site_id, UserTask.revision)
    row = session.execute(select(*columns).where(UserTask.id == user_task_id, UserTask.state == "open")).one_or_none()
    if row is not None:
        keep_draft(session, user_task_id, draft, site_id=row.site_id, base_revision=row.revision, actor=actor, now=now)


def _is_known(session: Session, failure: StepNotDone) -> bool:
    incident = failure.incident
    statement = select(_INCIDENT.c.id).where(
        _INCIDENT.c.instance_id == failure.instance_id,
        _INCIDENT.c.is_open == true(),
        _INCIDENT.c.element_id == incident.element_id,
        _INCIDENT.c.activity_id.is_not_distinct_from(incident.activity_id),
        _INCIDENT.c.msgid == incident.msgid,
    )
    return session.execute(statement).first() is not None
