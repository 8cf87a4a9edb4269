"""Figures of the history as programs ask for them: by element of a process, and how long things took."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, select
from sqlalchemy.orm import Session

from app.models.job import Incident
from app.models.prepared import table_of
from app.models.process_definition import ProcessDefinition
from app.models.process_instance import ActivityInstance, ProcessInstance
from app.models.program_lists import after, among, before
from app.models.user_task import UserTask
from app.models.visibility import is_visible_to

_P, _I, _A = ProcessInstance, Incident, ActivityInstance
_T = table_of(UserTask).alias("reported_user_task")  # who may see a case is asked of the table itself
OF_PASSES = {
    "startedAfter": after(_A.started_at),
    "startedBefore": before(_A.started_at),
    "finishedAfter": after(_A.ended_at),
    "finishedBefore": before(_A.ended_at),
    "processInstanceIdIn": among(_A.instance_id),
}
OF_INCIDENTS = {"processInstanceIdIn": among(_P.id)}
OF_CASES = {
    "processDefinitionIdIn": among(_P.definition_id),
    "processDefinitionKeyIn": among(_P.process_key),
    "startedAfter": after(_P.started_at),
    "startedBefore": before(_P.started_at),
}
OF_USER_TASKS = {"completedAfter": after(_T.c.ended_at), "completedBefore": before(_T.c.ended_at)}


def passes_by_element(
    session: Session, user_id: str, definition_id: str, conditions: Sequence[ColumnElement[bool]]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """For each element of a version how many passes are open, over, and of these cancelled."""
    is_open, is_cancelled = _A.ended_at.is_(None), _A.state == "cancelled"
    query = (
        select(
            _A.element_id,
            func.sum(case((is_open, 1), else_=0)).label("open"),
            func.sum(case((is_open, 0), else_=1)).label("finished"),
            func.sum(case((is_cancelled, 1), else_=0)).label("cancelled"),
        )
        .join(_P, _P.id == _A.instance_id)
        .where(_P.definition_id == definition_id, is_visible_to(user_id), *conditions)
    )
    return session.execute(query.group_by(_A.element_id).order_by(_A.element_id)).all()


def incidents_by_element(
    session: Session, user_id: str, definition_id: str, conditions: Sequence[ColumnElement[bool]]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """For each element of a version how many incidents are open, and how many were resolved."""
    query = (
        select(
            _I.element_id,
            func.sum(case((_I.is_open, 1), else_=0)).label("open"),
            func.sum(case((_I.is_open, 0), else_=1)).label("resolved"),
        )
        .join(_P, _P.id == _I.instance_id)
        .where(_P.definition_id == definition_id, _I.element_id.is_not(None), is_visible_to(user_id), *conditions)
    )
    return session.execute(query.group_by(_I.element_id).order_by(_I.element_id)).all()


def times_of_cases(
    session: Session, user_id: str, conditions: Sequence[ColumnElement[bool]]
) -> Sequence[tuple[datetime, datetime]]:
    """When the finished cases that a person may see began and ended."""
    query = select(_P.started_at, _P.ended_at).where(_P.ended_at.is_not(None), is_visible_to(user_id), *conditions)
    return [(begin, end) for begin, end in session.execute(query) if end is not None]


def times_of_user_tasks(
    session: Session, user_id: str, conditions: Sequence[ColumnElement[bool]]
) -> Sequence[tuple[datetime, datetime]]:
    """When the completed user tasks of the cases that a person may see began and ended."""
    query = select(_T.c.created_at, _T.c.ended_at).join(_P, _P.id == _T.c.instance_id)
    found = session.execute(query.where(_T.c.state == "completed", is_visible_to(user_id), *conditions))
    return [(begin, end) for begin, end in found if end is not None]


def counts_of_user_tasks(
    session: Session, user_id: str, group_by: str, conditions: Sequence[ColumnElement[bool]]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """How many user tasks were completed, by `taskName` or by `processDefinition`."""
    names = [_T.c.name, _P.process_key, _P.definition_id, ProcessDefinition.name.label("definition_name")]
    columns = names if group_by == "taskName" else names[1:]
    query = (
        select(*columns, func.count().label("count_"))
        .select_from(_T)
        .join(_P, _P.id == _T.c.instance_id)
        .join(ProcessDefinition, ProcessDefinition.id == _P.definition_id)
        .where(_T.c.state == "completed", is_visible_to(user_id), *conditions)
    )
    return session.execute(query.group_by(*columns).order_by(*columns)).all()
