"""What was, in the shapes that clients know."""

from datetime import datetime
from typing import Any

from app.operations.encoding import value_of
from app.operations.history_reading import program_in
from app.web.engine_rest.annotations import Annotated
from app.web.engine_rest.moments import write_moment
from app.web.engine_rest.variables import write_variable

STATES = {"active": "ACTIVE", "incident": "ACTIVE", "completed": "COMPLETED", "cancelled": "EXTERNALLY_TERMINATED"}
NO_CASE = dict.fromkeys(("caseDefinitionKey", "caseDefinitionId", "caseInstanceId", "caseExecutionId"))


def past_case(row: Any) -> dict[str, Any]:
    """A case, open or over."""
    state = STATES[row.state]
    return {
        "id": row.id,
        "rootProcessInstanceId": row.id,
        "superProcessInstanceId": None,
        "superCaseInstanceId": None,
        "caseInstanceId": None,
        "processDefinitionName": row.definition_name,
        "processDefinitionKey": row.process_key,
        "processDefinitionVersion": row.version,
        "processDefinitionId": row.definition_id,
        "businessKey": row.business_key,
        "startTime": write_moment(row.started_at),
        "endTime": write_moment(row.ended_at),
        "removalTime": None,
        "durationInMillis": _milliseconds(row.started_at, row.ended_at),
        "startUserId": row.started_by,
        "startActivityId": None,
        "deleteReason": None,
        "tenantId": row.site_id,
        "state": "SUSPENDED" if row.is_suspended and state == "ACTIVE" else state,
    }


def past_activity(row: Any) -> dict[str, Any]:
    """A pass through an element."""
    return {
        "id": row.id,
        "parentActivityInstanceId": row.execution_id,
        "activityId": row.element_id,
        "activityName": row.element_name or None,
        "activityType": row.element_type,
        "processDefinitionKey": row.process_key,
        "processDefinitionId": row.definition_id,
        "processInstanceId": row.instance_id,
        "executionId": row.execution_id,
        "taskId": row.id if row.element_type == "userTask" else None,
        "assignee": row.assignee_id,
        "calledProcessInstanceId": None,
        "calledCaseInstanceId": None,
        "startTime": write_moment(row.started_at),
        "endTime": write_moment(row.ended_at),
        "durationInMillis": _milliseconds(row.started_at, row.ended_at),
        "canceled": row.state == "cancelled",
        "completeScope": False,
        "tenantId": row.site_id,
        "removalTime": None,
        "rootProcessInstanceId": row.instance_id,
    }


def past_user_task(row: Any) -> dict[str, Any]:
    """A user task, open or over."""
    return {
        "id": row.id,
        "processDefinitionKey": row.process_key,
        "processDefinitionId": row.definition_id,
        "processInstanceId": row.instance_id,
        "executionId": row.execution_id,
        **NO_CASE,
        "activityInstanceId": row.id,
        "name": row.name,
        "description": None,
        "deleteReason": {"completed": "completed", "cancelled": "deleted"}.get(row.state),
        "owner": row.owner_id,
        "assignee": row.assignee_id,
        "startTime": write_moment(row.created_at),
        "endTime": write_moment(row.ended_at),
        "duration": _milliseconds(row.created_at, row.ended_at),
        "taskDefinitionKey": row.element_id,
        "priority": row.priority,
        "due": write_moment(row.due_at),
        "parentTaskId": None,
        "followUp": write_moment(row.follow_up_at),
        "tenantId": row.site_id,
        "removalTime": None,
        "rootProcessInstanceId": row.instance_id,
    }


def past_variable(row: Any) -> dict[str, Any]:
    """A variable with its last value."""
    return {
        "id": f"{row.execution_id}:{row.name}",
        "name": row.name,
        "processDefinitionKey": row.process_key,
        "processDefinitionId": row.definition_id,
        "processInstanceId": row.instance_id,
        "executionId": row.execution_id,
        "activityInstanceId": row.execution_id,
        **NO_CASE,
        "taskId": None,
        "tenantId": row.site_id,
        "errorMessage": None,
        "state": "CREATED",
        "createTime": write_moment(row.started_at),
        "removalTime": None,
        "rootProcessInstanceId": row.instance_id,
        **write_variable(value_of(row.value)),
    }


def user_operation(found: Annotated) -> dict[str, Any]:
    """What somebody did, by the word that our own history has for it."""
    row = found.row
    missing = (
        "property", "orgValue", "newValue", "deploymentId", "caseDefinitionId", "caseInstanceId",
        "caseExecutionId", "externalTaskId", "batchId", "jobId", "jobDefinitionId", "removalTime",
    )  # fmt: skip
    return {
        **dict.fromkeys(missing),
        "id": str(row.sequence),
        "userId": row.actor_id,
        "annotation": found.note or program_in(row.canonical),  # the program it was done through
        "timestamp": write_moment(row.at),
        "operationId": str(row.sequence),
        "operationType": row.type,
        "entityType": "Task" if row.type.startswith("user_task") else "ProcessInstance",
        "category": "TaskWorker" if row.type.startswith("user_task") else "Operator",
        "processDefinitionId": row.definition_id,
        "processDefinitionKey": row.process_key,
        "processInstanceId": row.instance_id,
        "executionId": None,
        "taskId": row.activity_id if row.type.startswith("user_task") else None,
        "rootProcessInstanceId": row.instance_id,
    }


def _milliseconds(begin: datetime, end: datetime | None) -> int | None:
    return None if end is None else round((end - begin).total_seconds() * 1000)
