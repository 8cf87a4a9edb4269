"""What pages for changing cases ask: scopes that are open, versions of a process, open incidents."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from app.models.case_batch import CaseBatchItem
from app.models.job import Incident
from app.models.paging import list_page
from app.models.process_definition import Deployment, ProcessDefinition
from app.models.process_instance import OPEN_STATES, ActivityInstance, Execution, ProcessInstance
from app.models.visibility import is_visible_to

LISTED = 200


@dataclass(frozen=True, slots=True)
class OpenScope:
    """A scope of variables that is open; `parent_id` is None for the case as a whole."""

    id: str
    parent_id: str | None
    element_id: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a process with the number of its open and its suspended cases."""

    id: str
    key: str
    version: int
    deployed_at: datetime
    is_suspended: bool
    is_newest: bool
    open_cases: int
    suspended_cases: int


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An open incident, with its case where it has one; `can_see` whether the person may see that case."""

    id: str
    kind: str
    element_id: str | None
    activity_id: str | None
    job_id: str | None
    msgid: str
    params: str
    created_at: datetime
    instance_id: str | None
    definition_id: str | None
    process_key: str | None
    case_number: str | None
    title: str | None
    can_see: bool


def open_scopes(session: Session, instance_id: str) -> Sequence[OpenScope]:
    """The open scopes of a case, from the outside inwards."""
    query = select(Execution.id, Execution.parent_id, Execution.element_id).where(
        Execution.instance_id == instance_id, Execution.ended_at.is_(None)
    )
    order = (Execution.parent_id.isnot(None), Execution.started_at, Execution.id)
    return [OpenScope(*row) for row in session.execute(query.order_by(*order))]


def versions(session: Session, process_key: str | None = None) -> Sequence[VersionRow]:
    """The versions that cases can be in: those with open cases, and the newest; all of one process if given."""
    newest = select(ProcessDefinition.key, func.max(ProcessDefinition.version).label("version"))
    newest_of_each = newest.group_by(ProcessDefinition.key).subquery()
    is_newest = ProcessDefinition.version == newest_of_each.c.version
    is_suspended = func.sum(case((ProcessInstance.is_suspended, 1), else_=0))
    cases = (
        select(ProcessInstance.definition_id, func.count().label("open"), is_suspended.label("suspended"))
        .where(ProcessInstance.state.in_(OPEN_STATES))
        .group_by(ProcessInstance.definition_id)
        .subquery()
    )
    query = (
        select(
            ProcessDefinition.id, ProcessDefinition.key, ProcessDefinition.version, Deployment.deployed_at,
            ProcessDefinition.is_suspended, is_newest.label("is_newest"),
            func.coalesce(cases.c.open, 0), func.coalesce(cases.c.suspended, 0),
        )
        .join(Deployment, Deployment.id == ProcessDefinition.deployment_id)
        .join(newest_of_each, newest_of_each.c.key == ProcessDefinition.key)
        .outerjoin(cases, cases.c.definition_id == ProcessDefinition.id)
        .order_by(ProcessDefinition.key, ProcessDefinition.version.desc())
    )  # fmt: skip
    if process_key is None:
        query = query.where(or_(is_newest, cases.c.open > 0, ProcessDefinition.is_suspended.is_(True)))
    else:
        query = query.where(ProcessDefinition.key == process_key)
    return [VersionRow(*row) for row in session.execute(query)]


def elements_open_in(session: Session, definition_id: str) -> Sequence[tuple[str, int]]:
    """At which elements cases of a version stand, and how many tokens there are."""
    query = (
        select(ActivityInstance.element_id, func.count())
        .join(ProcessInstance, ProcessInstance.id == ActivityInstance.instance_id)
        .where(
            ProcessInstance.definition_id == definition_id,
            ProcessInstance.state.in_(OPEN_STATES),
            ActivityInstance.ended_at.is_(None),
        )
        .group_by(ActivityInstance.element_id)
        .order_by(ActivityInstance.element_id)
    )
    return [(element_id, count) for element_id, count in session.execute(query)]


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """One page; `next_cursor` is what to pass as `after` for the next one, None at the end."""

    rows: Sequence[IncidentRow]
    next_cursor: str | None


def incident_page(
    session: Session, user_id: str, site_ids: Collection[str], *, after: str | None = None
) -> IncidentPage:
    """Open incidents at some sites, and those that belong to none, the oldest first.

    Raises InvalidInput for a cursor that is none.
    """
    page = list_page(session, _incidents(user_id, site_ids), (Incident.created_at, Incident.id), after=after)
    return IncidentPage([IncidentRow(**row._asdict()) for row in page.rows], page.next_cursor)


def incidents_of(
    session: Session, user_id: str, site_ids: Collection[str], instance_id: str
) -> Sequence[IncidentRow]:
    """The open incidents of a case, the oldest first."""
    query = _incidents(user_id, site_ids).where(Incident.instance_id == instance_id)
    found = session.execute(query.order_by(Incident.created_at, Incident.id).limit(LISTED))
    return [IncidentRow(**row._asdict()) for row in found]


def incidents_alike(
    session: Session, site_ids: Collection[str], definition_id: str, element_id: str, kind: str
) -> Sequence[str]:
    """The ids of all open incidents of a kind at an element of a version; empty texts stand for none."""
    query = (
        select(Incident.id)
        .outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .where(
            _is_at(site_ids),
            Incident.kind == kind,
            func.coalesce(Incident.element_id, "") == element_id,
            func.coalesce(ProcessInstance.definition_id, "") == definition_id,
        )
        .order_by(Incident.created_at, Incident.id)
    )
    return session.scalars(query).all()


def _is_at(site_ids: Collection[str]) -> ColumnElement[bool]:
    return and_(Incident.is_open.is_(True), or_(Incident.site_id.in_(site_ids), Incident.site_id.is_(None)))


def _incidents(user_id: str, site_ids: Collection[str]) -> Select[*tuple[Any, ...]]:
    columns = (
        Incident.id, Incident.kind, Incident.element_id, Incident.activity_id, Incident.job_id, Incident.msgid,
        Incident.params, Incident.created_at, Incident.instance_id, ProcessInstance.definition_id,
        ProcessInstance.process_key, ProcessInstance.case_number, ProcessInstance.title,
        func.coalesce(is_visible_to(user_id), false()).label("can_see"),
    )  # fmt: skip
    joined = select(*columns).outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
    return joined.where(_is_at(site_ids))


@dataclass(frozen=True, slots=True)
class BatchItemRow:
    """A case of a batch and what became of it; `refusals` are JSON, see `CaseBatchItem`."""

    instance_id: str
    case_number: str
    title: str
    state: str
    refusals: str
    can_see: bool


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One page; `next_cursor` as in `IncidentPage`."""

    rows: Sequence[BatchItemRow]
    next_cursor: str | None


def batch_page(
    session: Session, batch_id: str, user_id: str, site_ids: Collection[str], *, after: str | None = None
) -> BatchPage:
    """The cases of a batch at some sites, those that still wait first, then those refused.

    Raises InvalidInput for a cursor that is none.
    """
    query = (
        select(
            CaseBatchItem.instance_id, ProcessInstance.case_number, ProcessInstance.title, CaseBatchItem.state,
            CaseBatchItem.refusals, is_visible_to(user_id).label("can_see"),
        )
        .join(ProcessInstance, ProcessInstance.id == CaseBatchItem.instance_id)
        .where(CaseBatchItem.batch_id == batch_id, CaseBatchItem.site_id.in_(site_ids))
    )  # fmt: skip
    key = (CaseBatchItem.state, CaseBatchItem.instance_id)
    page = list_page(session, query, key, after=after, newest_first=True)
    return BatchPage([BatchItemRow(**row._asdict()) for row in page.rows], page.next_cursor)


def is_of_many_versions(session: Session, batch_id: str) -> bool:
    """Whether the cases of a batch are of more than one process or version."""
    versions = select(ProcessInstance.definition_id).join(
        CaseBatchItem, CaseBatchItem.instance_id == ProcessInstance.id
    )
    of_batch = versions.where(CaseBatchItem.batch_id == batch_id).distinct().limit(2)
    return len(session.scalars(of_batch).all()) > 1


def batch_counts(session: Session, batch_id: str, site_ids: Collection[str]) -> dict[str, int]:
    """How many cases of a batch at some sites are done, refused and waiting."""
    query = select(CaseBatchItem.state, func.count().label("cases")).where(
        CaseBatchItem.batch_id == batch_id, CaseBatchItem.site_id.in_(site_ids)
    )
    found = session.execute(query.group_by(CaseBatchItem.state))
    return {"done": 0, "refused": 0, "waiting": 0} | {row.state: row.cases for row in found}
