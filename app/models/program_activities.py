"""Passes through elements as programs list them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from app.models.process_instance import OPEN_STATES, ActivityInstance, ProcessInstance
from app.models.program_lists import NO_ROW, ProgramList, after, among, before, equals, flag
from app.models.user_task import UserTask
from app.models.visibility import Reader, is_visible_to

_A = ActivityInstance
_TASK = UserTask.__table__.alias("user_task_of_pass")


def activities_open_in(session: Session, instance_id: str) -> Sequence[Row[Any]]:
    """The passes of a case that are not over, in the order of their beginning."""
    query = select(*_A.__table__.c).where(_A.instance_id == instance_id, _A.state.in_(OPEN_STATES))
    return session.execute(query.order_by(_A.started_at, _A.id)).all()


def _seen(user_id: Reader) -> Select[*tuple[Any, ...]]:
    return (
        select(*_A.__table__.c, ProcessInstance.definition_id, ProcessInstance.process_key, _TASK.c.assignee_id)
        .join(ProcessInstance, ProcessInstance.id == _A.instance_id)
        .outerjoin(_TASK, _TASK.c.id == _A.id)
        .where(is_visible_to(user_id))
    )


PAST_ACTIVITIES = ProgramList(
    statement=_seen,
    filters={
        "activityInstanceId": equals(_A.id),
        "activityInstanceIdIn": among(_A.id),
        "processInstanceId": equals(_A.instance_id),
        "processInstanceIdIn": among(_A.instance_id),
        "processDefinitionId": equals(ProcessInstance.definition_id),
        "processDefinitionKey": equals(ProcessInstance.process_key),
        "executionId": equals(_A.execution_id),
        "activityId": equals(_A.element_id),
        "activityIdIn": among(_A.element_id),
        "activityName": equals(_A.element_name),
        "activityType": equals(_A.element_type),
        "taskAssignee": equals(_TASK.c.assignee_id),
        "finished": flag(_A.ended_at.is_not(None)),
        "unfinished": flag(_A.ended_at.is_(None)),
        "canceled": flag(_A.state == "cancelled"),
        "startedAfter": after(_A.started_at),
        "startedBefore": before(_A.started_at),
        "finishedAfter": after(_A.ended_at),
        "finishedBefore": before(_A.ended_at),
        "tenantIdIn": among(_A.site_id),
        "withoutTenantId": NO_ROW,
    },
    orders={
        "activityInstanceId": _A.id,
        "instanceId": _A.instance_id,
        "executionId": _A.execution_id,
        "activityId": _A.element_id,
        "activityName": _A.element_name,
        "activityType": _A.element_type,
        "startTime": _A.started_at,
        "endTime": _A.ended_at,
        "definitionId": ProcessInstance.definition_id,
        "tenantId": _A.site_id,
        "occurrence": _A.started_at,
    },
    key=_A.id,
)
