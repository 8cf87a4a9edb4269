"""/execution and /variable-instance: open scopes of cases, and the variables in them."""

from typing import Any

from app.models.program_executions import EXECUTIONS
from app.models.program_variables import VARIABLES
from app.operations.cases import CaseNotFound
from app.operations.encoding import value_of
from app.web.engine_rest.list_routes import add_list, add_one
from app.web.engine_rest.resource import resource
from app.web.engine_rest.variables import write_variable

blueprint = resource("execution")


def _variable(row: Any) -> dict[str, Any]:
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
        **write_variable(value_of(row.value)),
    }


def _execution(row: Any) -> dict[str, Any]:
    return {"id": row.id, "processInstanceId": row.instance_id, "ended": False, "tenantId": row.site_id}


add_list(blueprint, "/execution", EXECUTIONS, _execution)
add_one(blueprint, "/execution/<execution_id>", EXECUTIONS, _execution, CaseNotFound)
add_list(blueprint, "/variable-instance", VARIABLES, _variable)
