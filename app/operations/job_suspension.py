"""Jobs of cases suspended and resumed one by one, or by what they do in a version of a process."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter, itemgetter

from sqlalchemy import and_, case, delete, or_, select, update
from sqlalchemy.orm import Session

from app.models import Job, SuspendedJobDefinition
from app.models.job import OPEN_JOB_STATES
from app.models.prepared import table_of
from app.operations.actor import Actor
from app.operations.authority import require_case_owner
from app.operations.cases import Case, lock_case
from app.operations.definitions import load_definition
from app.operations.history import CONFIGURATION_STREAM, Event, append_events, case_stream
from app.operations.jobs import START_BY_TIMER
from app.operations.rows import insert_if_new

_JOB, _SUSPENDED = table_of(Job), table_of(SuspendedJobDefinition)
# Nothing of them is done before their transaction: whoever has one in hand may lose it. A connector is at work outside.
_IS_IN_HAND = and_(_JOB.c.state == "leased", _JOB.c.kind.in_(("timer", "continuation", "signal")))


@dataclass(frozen=True, slots=True)
class JobDefinition:
    """What jobs of a kind (timer, connector, continuation) do for an element of a version of a process."""

    definition_id: str
    element_id: str
    kind: str


def suspend_jobs_of_cases(
    session: Session, job_ids: Collection[str], *, is_suspended: bool, actor: Actor, now: datetime
) -> None:
    """Let jobs wait until somebody resumes them or their case, or let them go on, what fell due meanwhile at once.

    A connector that is at work already ends its attempt. What is as wanted already stays so. Only process owners and
    administrators of the site. Raises NotAllowed.
    """
    of_cases = select(_JOB.c.instance_id, _JOB.c.id).where(_JOB.c.id.in_(job_ids), _JOB.c.instance_id.is_not(None))
    found = session.execute(of_cases.order_by(_JOB.c.instance_id, _JOB.c.id)).all()
    for instance_id, rows in groupby(found, key=itemgetter(0)):
        of_case = lock_case(session, instance_id)
        require_case_owner(session, actor, of_case.site_id)
        _change(session, of_case, [row.id for row in rows], is_suspended=is_suspended, actor=actor, now=now)


def suspend_job_definition(
    session: Session, work: JobDefinition, *, is_suspended: bool, with_scheduled: bool, actor: Actor, now: datetime
) -> None:
    """Let jobs that will do this work wait from the moment they are made, or no longer.

    Only process owners and administrators. Arguments: with_scheduled, whether that holds for the next starts of a
    timer start event as well; jobs of cases have `suspend_jobs_of_cases`. Raises NotAllowed.
    """
    require_case_owner(session, actor, None)
    definition = load_definition(session, work.definition_id)
    if with_scheduled and work.kind == "timer":
        _change_scheduled(session, work, is_suspended=is_suspended)
    place = asdict(work)
    if is_suspended:
        is_changed = insert_if_new(session, SuspendedJobDefinition, place)
    else:
        here = [_SUSPENDED.c[name] == value for name, value in place.items()]
        is_changed = session.execute(delete(_SUSPENDED).where(*here).returning(_SUSPENDED.c.kind)).first() is not None
    if is_changed:
        body = {"definition_id": definition.id, "process_key": definition.key, "version": definition.version}
        event_type = "job_definition_suspended" if is_suspended else "job_definition_resumed"
        event = Event(event_type, {**body, "kind": work.kind}, element_id=work.element_id)
        append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now)


def _change(
    session: Session, of_case: Case, job_ids: Collection[str], *, is_suspended: bool, actor: Actor, now: datetime
) -> None:
    changes = _suspending() if is_suspended else _resuming(of_case.is_suspended)
    change = update(_JOB).where(
        _JOB.c.id.in_(job_ids), _JOB.c.state.in_(OPEN_JOB_STATES), _JOB.c.is_suspended.is_not(is_suspended)
    )
    told = _JOB.c["id", "kind", "element_id", "activity_id"]
    event_type = "job_suspended" if is_suspended else "job_resumed"
    events = [
        Event(event_type, {"job": row.id, "kind": row.kind}, element_id=row.element_id, activity_id=row.activity_id)
        for row in sorted(session.execute(change.values(**changes).returning(*told)), key=attrgetter("id"))
    ]
    if events:
        stream = case_stream(of_case.id)
        append_events(session, stream, events, actor=actor, now=now, instance_id=of_case.id, site_id=of_case.site_id)


def _suspending() -> dict[str, object]:
    """A worker that has such a job in hand finds its lease lost."""
    fence = case((_IS_IN_HAND, _JOB.c.fence + 1), else_=_JOB.c.fence)
    lease_until = case((_IS_IN_HAND, None), else_=_JOB.c.lease_until)
    state = case((or_(_JOB.c.state == "pending", _IS_IN_HAND), "suspended"), else_=_JOB.c.state)
    return {"is_suspended": True, "state": state, "fence": fence, "lease_until": lease_until}


def _resuming(is_case_suspended: bool) -> dict[str, object]:
    """In a suspended case it waits for its case as the other jobs do."""
    if is_case_suspended:
        return {"is_suspended": False}
    return {"is_suspended": False, "state": case((_JOB.c.state == "suspended", "pending"), else_=_JOB.c.state)}


def _change_scheduled(session: Session, work: JobDefinition, *, is_suspended: bool) -> None:
    state, other = ("pending", "suspended") if is_suspended else ("suspended", "pending")
    query = select(_JOB.c.id, _JOB.c.payload).where(
        _JOB.c.kind == START_BY_TIMER, _JOB.c.state == state, _JOB.c.element_id == work.element_id
    )
    ids = [row.id for row in session.execute(query) if json.loads(row.payload)["definition_id"] == work.definition_id]
    if ids:
        change = update(_JOB).where(_JOB.c.id.in_(ids), _JOB.c.state == state)
        session.execute(change.values(state=other, is_suspended=is_suspended))
