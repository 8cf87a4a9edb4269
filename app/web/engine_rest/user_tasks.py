"""/task: the open user tasks a program's person may see, listed, counted, one by one."""

from typing import Any

from app.models.program_user_tasks import USER_TASKS
from app.operations.cases import UserTaskNotFound
from app.web.engine_rest.list_routes import add_list, add_one
from app.web.engine_rest.moments import write_moment
from app.web.engine_rest.resource import resource
from app.web.engine_rest.versions import etag
from app.web.permissions import Permission

blueprint = resource("task", "/task")


def shape(row: Any) -> dict[str, Any]:
    """A user task as clients know it."""
    return {
        "id": row.id,
        "name": row.name,
        "assignee": row.assignee_id,
        "owner": row.owner_id,
        "created": write_moment(row.created_at),
        "lastUpdated": None,
        "due": write_moment(row.due_at),
        "followUp": write_moment(row.follow_up_at),
        "delegationState": row.delegation.upper() if row.delegation else None,
        "description": None,
        "executionId": row.execution_id,
        "parentTaskId": None,
        "priority": row.priority,
        "processDefinitionId": row.definition_id,
        "processInstanceId": row.instance_id,
        "caseExecutionId": None,
        "caseDefinitionId": None,
        "caseInstanceId": None,
        "taskDefinitionKey": row.element_id,
        "suspended": row.is_suspended,
        "formKey": None,
        "camundaFormRef": form_reference(row.form_key),
        "tenantId": row.site_id,
    }


def form_reference(form_key: str | None) -> dict[str, str | None] | None:
    """Which form a user task has: forms belong to the deployment of its diagram."""
    return {"key": form_key, "binding": "deployment", "version": None} if form_key else None


add_list(blueprint, "", USER_TASKS, shape, Permission.WORK)
# Ended ones are in the history.
add_one(
    blueprint, "/<user_task_id>", USER_TASKS, shape, UserTaskNotFound, Permission.WORK,
    version=lambda row: etag(row.revision),
)  # fmt: skip
