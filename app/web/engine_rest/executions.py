"""/execution and /variable-instance: open scopes of cases, and the variables in them."""

from typing import Any

from flask.typing import ResponseReturnValue

from app.models.program_executions import EXECUTIONS
from app.models.program_variables import VARIABLES
from app.operations.cases import CaseNotFound
from app.operations.encoding import value_of
from app.web.bearers import needs_scope
from app.web.engine_rest.case_looks import looked_at
from app.web.engine_rest.case_variables import file_content
from app.web.engine_rest.cases import open_case
from app.web.engine_rest.list_routes import add_list, add_one
from app.web.engine_rest.lists import found_in
from app.web.engine_rest.missing_rows import nothing_there
from app.web.engine_rest.resource import resource
from app.web.engine_rest.variables import write_variable
from app.web.looks import log_look
from app.web.permissions import Permission, requires

blueprint = resource("execution")


@blueprint.get("/variable-instance/<variable_id>/data")
@requires(Permission.READ_CASES)
@needs_scope("read")
def data(variable_id: str) -> ResponseReturnValue:
    """The content of a file."""
    row = _existing_variable(variable_id)
    return file_content(row.name, value_of(row.value))


@blueprint.get("/variable-instance/<variable_id>")
@requires(Permission.READ_CASES)
@needs_scope("read")
def one_variable(variable_id: str) -> ResponseReturnValue:
    """One variable by its id."""
    return _variable(_existing_variable(variable_id))


def _existing_variable(variable_id: str) -> Any:
    row = found_in(VARIABLES, variable_id, nothing_there)
    log_look(open_case(row.instance_id).customer_id)
    return row


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
add_list(blueprint, "/variable-instance", VARIABLES, _variable, complete=looked_at)
