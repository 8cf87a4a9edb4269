"""Timer start events: at each site a job for the next time, of the newest version of a process and no other.

The job of a time writes the job of the next one and a second job that starts the case: a start that fails stops
nothing.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import engine
from app.engine import DueStart, StepFailed
from app.models import Job, ProcessDefinition, Site
from app.models.job import WAITING_JOB_STATES
from app.models.prepared import table_of
from app.operations.actor import SYSTEM
from app.operations.definitions import LoadedDefinition, latest_definition_id, load_definition, newest_triggers
from app.operations.failures import StepNotDone
from app.operations.job_leases import LeasedJob, finish_job
from app.operations.jobs import START_BY_EVENT, START_BY_TIMER, insert_jobs_of_definition, job_row
from app.operations.rows import insert_rows
from app.operations.step_context import step_context

_JOB = table_of(Job)


def schedule_timer_starts(
    session: Session,
    *,
    process_keys: Collection[str] | None = None,
    site_ids: Collection[str] | None = None,
    now: datetime,
) -> None:
    """Withdraw the starts that are scheduled and schedule those of the newest versions that are not suspended.

    Arguments: process_keys and site_ids, None for all. A date that is over starts nothing. Raises StepNotDone where a
    timer's expression gives no time.
    """
    _withdraw(session, process_keys, site_ids)
    sites = session.execute(select(Site.id, Site.zone).order_by(Site.id)).all()
    for definition, place in newest_triggers(session, "timer"):
        if process_keys is not None and definition.key not in process_keys:
            continue
        if session.scalar(select(ProcessDefinition.is_suspended).where(ProcessDefinition.id == definition.id)):
            continue
        rows = []
        for site in sites:
            if site_ids is None or site.id in site_ids:
                due = _due(session, definition, place, site.id, ZoneInfo(site.zone), None, now)
                if due is not None and due.at >= now:
                    rows.append(_row(definition, place, site.id, due, now))
        insert_jobs_of_definition(session, definition.id, rows)


def start_by_timer(session: Session, job: LeasedJob, _result: Mapping[str, object], now: datetime) -> None:
    """A time has come: have the case started, and wait for the next time."""
    finish_job(session, job)
    payload, site_id = job.payload, job.site_id or ""
    definition = load_definition(session, payload["definition_id"])
    if not _is_in_force(session, definition):
        return
    start = {"definition_id": definition.id, "place": payload["place"], "values": {}}
    start |= {"sender_id": None, "sent_by": SYSTEM.user_id}
    place = {"site_id": site_id, "element_id": job.element_id}
    insert_rows(session, Job, [job_row(START_BY_EVENT, start, run_at=now, now=now) | place])
    zone = ZoneInfo(session.scalars(select(Site.zone).where(Site.id == site_id)).one())
    last = DueStart(datetime.fromisoformat(payload["due"]), payload["remaining"])
    due = _due(session, definition, payload["place"], site_id, zone, last, now)
    if due is not None:
        insert_jobs_of_definition(session, definition.id, [_row(definition, payload["place"], site_id, due, now)])


def _is_in_force(session: Session, definition: LoadedDefinition) -> bool:
    """Whether it is still the newest version and not suspended."""
    suspended = select(ProcessDefinition.is_suspended).where(ProcessDefinition.id == definition.id)
    return latest_definition_id(session, definition.key) == definition.id and not session.scalar(suspended)


def _due(
    session: Session,
    definition: LoadedDefinition,
    place: int,
    site_id: str,
    zone: ZoneInfo,
    last: DueStart | None,
    now: datetime,
) -> DueStart | None:
    trigger = definition.process.start_triggers[place]
    try:
        with step_context(session, definition, site_id=site_id, zone=zone, now=now) as context:
            return engine.first_due(trigger, context) if last is None else engine.next_due(trigger, last, context)
    except StepFailed as failed:
        raise StepNotDone(failed.incident, site_id=site_id, instance_id=None, activity_id=None) from failed


def _row(definition: LoadedDefinition, place: int, site_id: str, due: DueStart, now: datetime) -> dict[str, object]:
    payload = {"process_key": definition.key, "definition_id": definition.id, "place": place}
    payload |= {"due": due.at.isoformat(), "remaining": due.remaining}
    element_id = definition.process.start_triggers[place].element_id
    return job_row(START_BY_TIMER, payload, run_at=due.at, now=now) | {"site_id": site_id, "element_id": element_id}


def _withdraw(session: Session, process_keys: Collection[str] | None, site_ids: Collection[str] | None) -> None:
    scheduled = select(_JOB.c.id, _JOB.c.site_id, _JOB.c.payload).where(
        _JOB.c.kind == START_BY_TIMER, _JOB.c.state.in_(WAITING_JOB_STATES)
    )
    ids = [
        row.id
        for row in session.execute(scheduled)
        if (process_keys is None or json.loads(row.payload)["process_key"] in process_keys)
        and (site_ids is None or row.site_id in site_ids)
    ]
    if ids:
        still_waiting = update(_JOB).where(_JOB.c.id.in_(ids), _JOB.c.state.in_(WAITING_JOB_STATES))
        session.execute(still_waiting.values(state="cancelled"))
