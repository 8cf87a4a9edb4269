"""External tasks: fetched by programs for a time, done or given back; whose time is over, another may fetch them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.orm import Session

from app import engine
from app.engine.outcome import Outcome, RaisedIncident
from app.errors import AppError, NotFound
from app.i18n import N_
from app.models import ExternalTask, Job, ProcessInstance
from app.models.prepared import run, table_of
from app.models.program_lists import Comparison
from app.models.program_variables import has_variables
from app.models.visibility import is_visible_to
from app.operations.actor import Actor
from app.operations.authority import require_case_owner
from app.operations.cases import Case, lock_case
from app.operations.cause import Cause
from app.operations.encoding import feel_values
from app.operations.failures import FailedAttempt, raise_incident, record_failed_attempt
from app.operations.jobs import EXTERNAL
from app.operations.steps import CaseSuspended, take_step

LONGEST_LOCK = timedelta(days=1)
LONGEST_MESSAGE, LONGEST_DETAILS, LONGEST_WORKER = 2000, 20_000, 200
MOST_RETRIES = 1000

_JOB, _EXTERNAL, _INSTANCE = table_of(Job), table_of(ExternalTask), table_of(ProcessInstance)


class ExternalTaskNotFound(NotFound):
    """There is no such external task any more, or this person may not know of it."""

    def __init__(self) -> None:
        super().__init__(N_("This external task does not exist (any more)."))


class ExternalTaskOfOther(AppError):
    """Another worker has fetched the external task, or nobody has."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a worker wants: tasks of this name, for so long, and only of these processes or cases."""

    name: str
    lock: timedelta
    process_keys: Collection[str] = ()
    definition_ids: Collection[str] = ()
    business_key: str | None = None
    site_ids: Collection[str] = ()
    values: Sequence[Comparison] = ()  # of variables of the whole case


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Who fetches: a person, at the sites where the person looks after cases, and of them those the person may see."""

    user_id: str
    site_ids: Collection[str]


@dataclass(frozen=True, slots=True)
class Failure:
    """What a worker says of an attempt that failed: how often it may be tried again, and after what pause."""

    message: str
    details: str | None
    retries: int
    pause: timedelta


@dataclass(frozen=True, slots=True)
class _Held:
    """An external task in the hands of a worker, its case locked."""

    case: Case
    job_id: str
    activity_id: str
    element_id: str | None
    topic: str
    attempts: int


class _NoError(Exception):
    """The diagram makes no error of the failure."""


def has_external_tasks(session: Session, topics: Sequence[Topic], fetcher: Fetcher, now: datetime) -> bool:
    """Whether `fetch_external_tasks` might give something; only reads."""
    wanted = or_(*(_wanted(topic) for topic in topics))
    return run(session, _fetchable(fetcher, now).where(wanted).limit(1)).first() is not None


def fetch_external_tasks(
    session: Session,
    topics: Sequence[Topic],
    *,
    worker_id: str,
    most: int,
    is_urgent_first: bool,
    fetcher: Fetcher,
    now: datetime,
) -> list[str]:
    """Lock external tasks for a worker, the oldest first; returns their ids.

    Arguments: is_urgent_first, those of the highest priority before.
    """
    order = ([_EXTERNAL.c.priority.desc()] if is_urgent_first else []) + [_JOB.c.run_at, _JOB.c.id]
    fetched: list[str] = []
    for topic in topics:
        statement = _fetchable(fetcher, now).where(_wanted(topic)).order_by(*order).limit(most - len(fetched))
        found = [job_id for (job_id,) in run(session, statement.with_for_update(of=_JOB, skip_locked=True))]
        if found:
            held = update(_JOB).where(_JOB.c.id.in_(found))
            run(session, held.values(state="leased", lease_until=now + topic.lock, fence=_JOB.c.fence + 1))
            run(session, update(_EXTERNAL).where(_EXTERNAL.c.job_id.in_(found)).values(worker_id=worker_id))
        fetched += found
        if len(fetched) >= most:
            break
    return fetched


def complete_external_task(
    session: Session, job_id: str, worker_id: str, result: Mapping[str, object], *, actor: Actor, now: datetime
) -> None:
    """Give the case what came of it. Raises ExternalTaskNotFound, ExternalTaskOfOther, CaseSuspended, StepNotDone."""
    held = _held(session, job_id, worker_id, actor)
    _end(session, held)
    values = feel_values(result)
    take_step(
        session,
        held.case,
        lambda process, state, context: engine.finish_job(process, state, held.activity_id, values, context),
        cause=Cause("job_completed", held.element_id, held.activity_id, values, _facts(held, worker_id)),
        actor=actor,
        now=now,
    )


def report_bpmn_error(
    session: Session,
    job_id: str,
    worker_id: str,
    code: str,
    message: str,
    values: Mapping[str, object],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """End it with an error of the diagram; `values` go to who catches it. Raises as `complete_external_task`."""
    held = _held(session, job_id, worker_id, actor)
    _end(session, held)
    sent = feel_values(values)
    facts = {"code": code, "message": message, **_facts(held, worker_id)}
    take_step(
        session,
        held.case,
        lambda process, state, context: engine.fail_job(
            process, state, held.activity_id, code, message, context, values=sent
        ),
        cause=Cause("bpmn_error_reported", held.element_id, held.activity_id, sent, facts),
        actor=actor,
        now=now,
    )


def report_failure(
    session: Session, job_id: str, worker_id: str, failure: Failure, *, actor: Actor, now: datetime
) -> None:
    """Say that an attempt failed: it waits for the next one; without one its process owner finds an incident.

    Where the diagram makes an error of it, that happens instead. Raises as `complete_external_task`.
    """
    held = _held(session, job_id, worker_id, actor)
    message, details = failure.message[:LONGEST_MESSAGE], (failure.details or "")[:LONGEST_DETAILS] or None
    facts = {"message": message, "details": details, **_facts(held, worker_id)}

    def step(process: engine.ParsedProcess, state: bytes, context: engine.StepContext) -> Outcome:
        outcome = engine.report_failure(process, state, held.activity_id, message, details, context)
        if outcome is None:
            raise _NoError
        return outcome

    try:
        cause = Cause("job_failure_reported", held.element_id, held.activity_id, {}, facts)
        take_step(session, held.case, step, cause=cause, actor=actor, now=now)
    except _NoError:
        _wait_for_another(session, held, failure, worker_id, actor, now)
    else:
        _end(session, held)
    told = update(_EXTERNAL).where(_EXTERNAL.c.job_id == job_id)
    run(session, told.values(error_message=message, error_details=details))


def extend_lock(
    session: Session, job_id: str, worker_id: str, duration: timedelta, *, actor: Actor, now: datetime
) -> None:
    """Keep it longer, from now on. Raises ExternalTaskNotFound, ExternalTaskOfOther."""
    _held(session, job_id, worker_id, actor)
    run(session, update(_JOB).where(_JOB.c.id == job_id).values(state="leased", lease_until=now + duration))


def unlock(session: Session, job_id: str, *, actor: Actor) -> None:
    """Let another worker have it at once. Raises ExternalTaskNotFound."""
    case_of_external_task(session, job_id, actor)
    freed = update(_JOB).where(_JOB.c.id == job_id, _JOB.c.state == "leased")
    run(session, freed.values(state="pending", lease_until=None, fence=_JOB.c.fence + 1))
    run(session, update(_EXTERNAL).where(_EXTERNAL.c.job_id == job_id).values(worker_id=None))


def _fetchable(fetcher: Fetcher, now: datetime) -> Select[str]:
    is_free = and_(_JOB.c.state == "pending", _JOB.c.run_at <= now)
    is_over = and_(_JOB.c.state == "leased", _JOB.c.lease_until < now)
    return (
        select(_JOB.c.id)
        .join(_EXTERNAL, _EXTERNAL.c.job_id == _JOB.c.id)
        .join(_INSTANCE, _INSTANCE.c.id == _JOB.c.instance_id)
        .where(or_(is_free, is_over), _JOB.c.site_id.in_(fetcher.site_ids), _INSTANCE.c.is_suspended.is_(False))
        .where(is_visible_to(fetcher.user_id))
    )


def _wanted(topic: Topic) -> ColumnElement[bool]:
    conditions = [_EXTERNAL.c.topic == topic.name]
    if topic.process_keys:
        conditions.append(_INSTANCE.c.process_key.in_(topic.process_keys))
    if topic.definition_ids:
        conditions.append(_INSTANCE.c.definition_id.in_(topic.definition_ids))
    if topic.business_key is not None:
        conditions.append(_INSTANCE.c.business_key == topic.business_key)
    if topic.site_ids:
        conditions.append(_INSTANCE.c.site_id.in_(topic.site_ids))
    if topic.values:
        conditions.append(has_variables(_INSTANCE.c.id, topic.values))
    return and_(*conditions)


def case_of_external_task(session: Session, job_id: str, actor: Actor) -> Case:
    """The case of the external task, locked before the job as every step does."""
    statement = select(_JOB.c.instance_id).join(_EXTERNAL, _EXTERNAL.c.job_id == _JOB.c.id).where(_JOB.c.id == job_id)
    found = run(session, statement).first()
    if found is None:
        raise ExternalTaskNotFound
    case = lock_case(session, found[0])
    require_case_owner(session, actor, case.site_id)
    return case


def _held(session: Session, job_id: str, worker_id: str, actor: Actor) -> _Held:
    case = case_of_external_task(session, job_id, actor)
    row = run(
        session,
        select(*_JOB.c["state", "activity_id", "element_id", "attempts"], *_EXTERNAL.c["topic", "worker_id"])
        .join(_EXTERNAL, _EXTERNAL.c.job_id == _JOB.c.id)
        .where(_JOB.c.id == job_id)
        .with_for_update(of=_JOB),
    ).one()
    if row.state in ("done", "cancelled"):
        raise ExternalTaskNotFound
    # A lock that is over still counts until somebody else fetches it.
    if row.worker_id != worker_id or row.state not in ("leased", "pending", "suspended"):
        raise ExternalTaskOfOther(
            N_("The worker “%(worker)s” has not locked this external task."), worker=worker_id[:LONGEST_WORKER]
        )
    if case.is_suspended:
        raise CaseSuspended
    return _Held(case, job_id, row.activity_id, row.element_id, row.topic, row.attempts)


def _end(session: Session, held: _Held) -> None:
    change = update(_JOB).where(_JOB.c.id == held.job_id)
    run(session, change.values(state="done", lease_until=None, last_error=None, fence=_JOB.c.fence + 1))


def _wait_for_another(
    session: Session, held: _Held, failure: Failure, worker_id: str, actor: Actor, now: datetime
) -> None:
    message = failure.message[:LONGEST_MESSAGE]
    attempts, retries = held.attempts + 1, min(max(failure.retries, 0), MOST_RETRIES)
    change = update(_JOB).where(_JOB.c.id == held.job_id)
    values = {
        "state": "pending" if retries else "dead", "run_at": now + failure.pause, "attempts": attempts,
        "max_attempts": attempts + retries, "lease_until": None, "last_error": message, "fence": _JOB.c.fence + 1,
    }  # fmt: skip
    run(session, change.values(**values))
    run(session, update(_EXTERNAL).where(_EXTERNAL.c.job_id == held.job_id).values(worker_id=None))
    failed = FailedAttempt(
        held.job_id, EXTERNAL, held.activity_id, held.element_id, message, retries,
        details=(failure.details or "")[:LONGEST_DETAILS] or None, facts=_facts(held, worker_id),
    )  # fmt: skip
    record_failed_attempt(session, held.case, failed, actor=actor, now=now)
    if not retries:
        raise_no_retries_left(session, held.case, held.job_id, actor=actor, now=now)


def raise_no_retries_left(session: Session, case: Case, job_id: str, *, actor: Actor, now: datetime) -> None:
    """Raise the incident of an external task that is not given out any more."""
    columns = _JOB.c["activity_id", "element_id", "attempts", "last_error"]
    row = run(session, select(*columns).where(_JOB.c.id == job_id)).one()
    msgid = N_("The system tried %(attempts)s times and gave up: %(error)s")
    params = {"attempts": row.attempts, "error": row.last_error or "-"}
    incident = RaisedIncident(row.activity_id, row.element_id or "", "job_failed", msgid, params)
    raise_incident(session, case, incident, job_id=job_id, actor=actor, now=now)


def _facts(held: _Held, worker_id: str) -> dict[str, object]:
    return {"topic": held.topic, "worker": worker_id, "job": held.job_id}
