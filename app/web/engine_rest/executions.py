"""/execution and /variable-instance: open scopes of cases, and the variables in them."""

import json
from typing import Any

from flask.typing import ResponseReturnValue

from app import feel
from app.extensions import db
from app.models.program_executions import EXECUTIONS, find_execution
from app.models.program_variables import VARIABLES
from app.operations.cases import CaseNotFound
from app.web.bearers import needs_scope
from app.web.current import current_person
from app.web.engine_rest.list_routes import add_list
from app.web.engine_rest.resource import resource
from app.web.engine_rest.variables import write_variable
from app.web.permissions import Permission, requires

blueprint = resource("execution")


@blueprint.get("/execution/<execution_id>")
@requires(Permission.READ_CASES)
@needs_scope("read")
def one(execution_id: str) -> ResponseReturnValue:
    """An open scope."""
    row = find_execution(db.session(), current_person().id, execution_id)
    if row is None:
        raise CaseNotFound
    return _execution(row)


def variable_instance(row: Any) -> dict[str, Any]:
    """A variable as lists of them show it; its id is its place and name."""
    return {
        "id": f"{row.execution_id}:{row.name}",
        "name": row.name,
        "processDefinitionId": row.definition_id,
        "processInstanceId": row.instance_id,
        "executionId": row.execution_id,
        "caseInstanceId": None,
        "caseExecutionId": None,
        "taskId": None,
        "batchId": None,
        "activityInstanceId": row.execution_id,
        "tenantId": row.site_id,
        "errorMessage": None,
        **write_variable(feel.decode(json.loads(row.value))),
    }


def _execution(row: Any) -> dict[str, Any]:
    return {"id": row.id, "processInstanceId": row.instance_id, "ended": False, "tenantId": row.site_id}


add_list(blueprint, "/execution", EXECUTIONS, _execution)
add_list(blueprint, "/variable-instance", VARIABLES, variable_instance)
