"""/external-task: what diagrams leave to programs outside, listed and counted."""

from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models.program_external_tasks import EXTERNAL_TASKS, topic_names
from app.operations.external_tasks import ExternalTaskNotFound
from app.web.bearers import needs_scope
from app.web.current import current_person
from app.web.engine_rest.list_routes import add_list, add_one
from app.web.engine_rest.lists import found_in
from app.web.engine_rest.moments import write_moment
from app.web.engine_rest.resource import resource
from app.web.permissions import Permission, requires

blueprint = resource("external_task", "/external-task")


@blueprint.get("/topic-names")
@requires(Permission.CHANGE_CASES)
@needs_scope("workers")
def topics() -> ResponseReturnValue:
    """The topics there are tasks of."""
    return list(db.session.scalars(topic_names(current_person().id)))


@blueprint.get("/<external_task_id>/errorDetails")
@requires(Permission.CHANGE_CASES)
@needs_scope("workers")
def error_details(external_task_id: str) -> ResponseReturnValue:
    """What the worker said of the last failure."""
    details = existing(external_task_id).error_details
    return (details, 200, {"Content-Type": "text/plain; charset=utf-8"}) if details else ("", 204)


def existing(external_task_id: str) -> Any:
    """The external task, if it is not over and the person may see its case; raises ExternalTaskNotFound."""
    return found_in(EXTERNAL_TASKS, external_task_id, ExternalTaskNotFound)


def shape(row: Any) -> dict[str, Any]:
    """An external task as clients know it; before the first failure nobody has said how often it may be tried."""
    is_locked = row.state == "leased"
    return {
        "activityId": row.element_id,
        "activityInstanceId": row.activity_id,
        "errorMessage": row.error_message,
        "executionId": row.execution_id,
        "id": row.id,
        "lockExpirationTime": write_moment(row.lease_until) if is_locked else None,
        "processDefinitionId": row.definition_id,
        "processDefinitionKey": row.process_key,
        "processDefinitionVersionTag": None,
        "processInstanceId": row.instance_id,
        "tenantId": row.site_id,
        "retries": max(row.max_attempts - row.attempts, 0) if row.attempts else None,
        "suspended": row.is_suspended,
        "workerId": row.worker_id if is_locked else None,
        "topicName": row.topic,
        "priority": row.priority,
        "businessKey": row.business_key,
    }


add_list(blueprint, "", EXTERNAL_TASKS, shape, Permission.CHANGE_CASES, scope="workers")
add_one(
    blueprint, "/<external_task_id>", EXTERNAL_TASKS, shape, ExternalTaskNotFound,
    Permission.CHANGE_CASES, scope="workers",
)  # fmt: skip
