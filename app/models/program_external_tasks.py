"""External tasks as programs list them: those of sites where the person looks after cases."""

from typing import Any

from sqlalchemy import Select, and_, not_, select

from app.models.external_task import ExternalTask
from app.models.job import OPEN_JOB_STATES, Job
from app.models.prepared import table_of
from app.models.process_instance import ActivityInstance, ProcessInstance
from app.models.program_lists import ProgramList, after, among, at_least, at_most, before, equals, flag
from app.models.visibility import is_visible_to

_J, _E, _P = table_of(Job), table_of(ExternalTask), ProcessInstance
_HAS_RETRIES = _J.c.state != "dead"
_IS_LOCKED = and_(_J.c.state == "leased", _J.c.lease_until.is_not(None))


def external_tasks() -> Select[*tuple[Any, ...]]:
    """All that are not over, with their cases."""
    return (
        select(
            *_J.c, *_E.c["topic", "priority", "worker_id", "error_message", "error_details"],
            _P.definition_id, _P.process_key, _P.business_key, _P.is_suspended, ActivityInstance.execution_id,
        )
        .select_from(_J)
        .join(_E, _E.c.job_id == _J.c.id)
        .join(_P, _P.id == _J.c.instance_id)
        .outerjoin(ActivityInstance, ActivityInstance.id == _J.c.activity_id)
        .where(_J.c.state.in_(OPEN_JOB_STATES))
    )  # fmt: skip


EXTERNAL_TASKS = ProgramList(
    statement=lambda user_id: external_tasks().where(is_visible_to(user_id)),
    filters={
        "externalTaskId": equals(_J.c.id),
        "externalTaskIdIn": among(_J.c.id),
        "topicName": equals(_E.c.topic),
        "workerId": equals(_E.c.worker_id),
        "locked": flag(_IS_LOCKED),
        "notLocked": flag(not_(_IS_LOCKED)),
        "withRetriesLeft": flag(_HAS_RETRIES),
        "noRetriesLeft": flag(not_(_HAS_RETRIES)),
        "lockExpirationAfter": after(_J.c.lease_until),
        "lockExpirationBefore": before(_J.c.lease_until),
        "activityId": equals(_J.c.element_id),
        "activityIdIn": among(_J.c.element_id),
        "executionId": equals(ActivityInstance.execution_id),
        "processInstanceId": equals(_J.c.instance_id),
        "processInstanceIdIn": among(_J.c.instance_id),
        "processDefinitionId": equals(_P.definition_id),
        "tenantIdIn": among(_J.c.site_id),
        "active": flag(_P.is_suspended.is_(False)),
        "suspended": flag(_P.is_suspended),
        "priorityHigherThanOrEquals": at_least(_E.c.priority),
        "priorityLowerThanOrEquals": at_most(_E.c.priority),
    },
    orders={
        "id": _J.c.id,
        "lockExpirationTime": _J.c.lease_until,
        "processInstanceId": _J.c.instance_id,
        "processDefinitionId": _P.definition_id,
        "processDefinitionKey": _P.process_key,
        "taskPriority": _E.c.priority,
        "createTime": _J.c.created_at,
        "tenantId": _J.c.site_id,
    },
    key=_J.c.id,
)


def topic_names(user_id: str) -> Select[str]:
    """The topics of those that are not over."""
    listed = external_tasks().where(is_visible_to(user_id)).subquery()
    return select(listed.c.topic).distinct().order_by(listed.c.topic)
