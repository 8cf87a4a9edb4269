"""Jobs as administrators look at them: by state and kind, page by page, what waits longest first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, literal_column, or_, select
from sqlalchemy.orm import Session

from app.models.job import Incident, Job
from app.models.paging import PAGE, ListPage, cursor_of, list_page
from app.models.process_instance import ProcessInstance

STATES = ("due", "pending", "leased", "dead", "suspended")


@dataclass(frozen=True, slots=True)
class JobFilter:
    """What is asked for; `kinds` are those looked at, one after the other, since their index begins with the kind."""

    state: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overseer:
    """Whose jobs are shown: those of `sites`, and those of no site to who looks after the whole company."""

    sites: frozenset[str]
    is_of_company: bool


# Written into the statement, not bound: a partial index is only used where its condition is seen.
_STORED: dict[str, ColumnElement[str]] = {
    "pending": literal_column("'pending'"),
    "leased": literal_column("'leased'"),
    "dead": literal_column("'dead'"),
    "suspended": literal_column("'suspended'"),
}
_COLUMNS = (
    Job.id, Job.kind, Job.state, Job.site_id, Job.instance_id, Job.element_id, Job.run_at, Job.created_at,
    Job.attempts, Job.max_attempts, Job.last_error, Job.lease_until, Job.is_suspended, ProcessInstance.case_number,
)  # fmt: skip


def job_page(session: Session, overseer: Overseer, wanted: JobFilter, now: datetime, *, after: str | None) -> ListPage:
    """A page of jobs. Raises InvalidInput for a cursor that is none."""
    query = _seen(overseer).where(*_in_state(wanted.state, now))
    pages = [
        list_page(session, query.where(Job.kind == kind), (Job.run_at, Job.id), after=after) for kind in wanted.kinds
    ]
    rows: list[Row[*tuple[Any, ...]]] = sorted(
        (row for page in pages for row in page.rows), key=attrgetter("run_at", "id")
    )
    is_more = len(rows) > PAGE or any(page.next_cursor for page in pages)
    shown = tuple(rows[:PAGE])
    return ListPage(shown, cursor_of((shown[-1].run_at, shown[-1].id)) if is_more and shown else None)


def find_job(session: Session, overseer: Overseer, job_id: str) -> Row[*tuple[Any, ...]] | None:
    """One job, None where there is none or it is not for this overseer."""
    return session.execute(_seen(overseer).where(Job.id == job_id)).one_or_none()


def open_incident_of_job(session: Session, job_id: str) -> str | None:
    """The open incident that a job ended in."""
    return session.scalar(select(Incident.id).where(Incident.job_id == job_id, Incident.is_open.is_(True)))


def _seen(overseer: Overseer) -> Select[*tuple[Any, ...]]:
    query = select(*_COLUMNS).outerjoin(ProcessInstance, ProcessInstance.id == Job.instance_id)
    sites: ColumnElement[bool] = Job.site_id.in_(overseer.sites)
    of_case = ProcessInstance.site_id.in_(overseer.sites)
    nowhere = Job.site_id.is_(None) & Job.instance_id.is_(None)
    return query.where(or_(sites, of_case, nowhere) if overseer.is_of_company else or_(sites, of_case))


def _in_state(state: str, now: datetime) -> Collection[ColumnElement[bool]]:
    if state == "due":
        return Job.state == _STORED["pending"], Job.run_at <= now
    return (Job.state == _STORED[state],)
