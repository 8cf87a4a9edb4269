"""What was: user tasks and what people did, as programs list it."""

from typing import Any

from sqlalchemy import Select, or_, select

from app.models.history import HistoryEvent
from app.models.prepared import table_of
from app.models.process_instance import ProcessInstance
from app.models.program_lists import (
    NO_ROW,
    NO_ROW_OF_THAT,
    Filter,
    ProgramList,
    after,
    among,
    at,
    before,
    equals,
    flag,
    like,
    row_number,
)
from app.models.program_variables import has_local_variables, has_variables
from app.models.user_task import UserTask
from app.models.visibility import Reader, is_visible_to

_T, _P, _H = table_of(UserTask).alias("past_user_task"), ProcessInstance, HistoryEvent


def _user_tasks(user_id: Reader) -> Select[*tuple[Any, ...]]:
    return select(*_T.c).join(_P, _P.id == _T.c.instance_id).where(is_visible_to(user_id))


PAST_USER_TASKS = ProgramList(
    statement=_user_tasks,
    filters={
        "taskId": equals(_T.c.id),
        "activityInstanceIdIn": among(_T.c.id),
        "processInstanceId": equals(_T.c.instance_id),
        "processInstanceBusinessKey": equals(_P.business_key),
        "processInstanceBusinessKeyIn": among(_P.business_key),
        "processInstanceBusinessKeyLike": like(_P.business_key),
        "executionId": equals(_T.c.execution_id),
        "processDefinitionId": equals(_T.c.definition_id),
        "processDefinitionKey": equals(_T.c.process_key),
        "taskName": equals(_T.c.name),
        "taskNameLike": like(_T.c.name),
        "taskDefinitionKey": equals(_T.c.element_id),
        "taskDefinitionKeyIn": among(_T.c.element_id),
        "taskAssignee": equals(_T.c.assignee_id),
        "taskAssigneeLike": like(_T.c.assignee_id),
        "taskOwner": equals(_T.c.owner_id),
        "taskOwnerLike": like(_T.c.owner_id),
        "taskInvolvedUser": Filter("text", lambda user_id: or_(_T.c.assignee_id == user_id, _T.c.owner_id == user_id)),
        "taskPriority": equals(_T.c.priority, "number"),
        "assigned": flag(_T.c.assignee_id.is_not(None)),
        "unassigned": flag(_T.c.assignee_id.is_(None)),
        "finished": flag(_T.c.ended_at.is_not(None)),
        "unfinished": flag(_T.c.ended_at.is_(None)),
        "processFinished": flag(_P.ended_at.is_not(None)),
        "processUnfinished": flag(_P.ended_at.is_(None)),
        "taskDueDate": at(_T.c.due_at),
        "taskDueDateBefore": before(_T.c.due_at),
        "taskDueDateAfter": after(_T.c.due_at),
        "taskFollowUpDate": at(_T.c.follow_up_at),
        "taskFollowUpDateBefore": before(_T.c.follow_up_at),
        "taskFollowUpDateAfter": after(_T.c.follow_up_at),
        "processVariables": Filter("comparisons", lambda wanted: has_variables(_P.id, wanted)),
        "taskVariables": Filter("comparisons", lambda wanted: has_local_variables(_T.c.execution_id, wanted)),
        "taskParentTaskId": NO_ROW_OF_THAT,
        "withoutTaskDueDate": flag(_T.c.due_at.is_(None)),
        "startedBefore": before(_T.c.created_at),
        "startedAfter": after(_T.c.created_at),
        "finishedBefore": before(_T.c.ended_at),
        "finishedAfter": after(_T.c.ended_at),
        "tenantIdIn": among(_T.c.site_id),
        "withoutTenantId": NO_ROW,
    },
    orders={
        "taskId": _T.c.id,
        "activityInstanceID": _T.c.id,
        "processDefinitionId": _T.c.definition_id,
        "processInstanceId": _T.c.instance_id,
        "executionId": _T.c.execution_id,
        "startTime": _T.c.created_at,
        "endTime": _T.c.ended_at,
        "taskName": _T.c.name,
        "assignee": _T.c.assignee_id,
        "owner": _T.c.owner_id,
        "dueDate": _T.c.due_sort,
        "followUpDate": _T.c.follow_up_at,
        "taskDefinitionKey": _T.c.element_id,
        "priority": _T.c.priority,
        "tenantId": _T.c.site_id,
    },
    key=_T.c.id,
)


def _operations(user_id: Reader) -> Select[*tuple[Any, ...]]:
    return (
        select(
            _H.sequence, _H.type, _H.actor_id, _H.at, _H.element_id, _H.activity_id, _H.instance_id, _H.site_id,
            _H.canonical, _P.definition_id, _P.process_key,
        )
        .join(_P, _P.id == _H.instance_id)
        .where(_H.actor_id != "system", is_visible_to(user_id))
    )  # fmt: skip


USER_OPERATIONS = ProgramList(
    statement=_operations,
    filters={
        "processInstanceId": equals(_H.instance_id),
        "processDefinitionId": equals(_P.definition_id),
        "processDefinitionKey": equals(_P.process_key),
        "taskId": equals(_H.activity_id),
        "userId": equals(_H.actor_id),
        "operationType": equals(_H.type),
        "operationTypeIn": among(_H.type),
        "afterTimestamp": after(_H.at),
        "beforeTimestamp": before(_H.at),
    },
    orders={"timestamp": _H.at},
    key=_H.sequence,
    of_id=lambda event_id: _H.sequence == row_number(event_id),
)
