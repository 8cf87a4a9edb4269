"""/task: the open user tasks a program's person may see, listed, counted, one by one."""

from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models.program_lists import one_of
from app.models.program_user_tasks import USER_TASKS
from app.operations.cases import UserTaskNotFound
from app.web.bearers import needs_scope
from app.web.current import current_person
from app.web.engine_rest.list_routes import add_list
from app.web.engine_rest.moments import write_moment
from app.web.engine_rest.resource import resource
from app.web.permissions import Permission, requires

blueprint = resource("task", "/task")


@blueprint.get("/<user_task_id>")
@requires(Permission.WORK)
@needs_scope("read")
def one(user_task_id: str) -> ResponseReturnValue:
    """An open user task; ended ones are in the history."""
    row = one_of(db.session(), USER_TASKS, current_person().id, user_task_id)
    if row is None:
        raise UserTaskNotFound
    return shape(row)


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
        "camundaFormRef": {"key": row.form_key, "binding": "deployment", "version": None} if row.form_key else None,
        "tenantId": row.site_id,
    }


add_list(blueprint, "", USER_TASKS, shape, Permission.WORK)
