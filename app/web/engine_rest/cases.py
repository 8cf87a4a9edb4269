"""/process-instance: open cases, listed, counted, one by one; and the places where they stand."""

from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models.case_change_queries import open_scopes
from app.models.case_content_queries import comments_of
from app.models.process_instance import OPEN_STATES
from app.models.program_activities import activities_open_in
from app.models.program_cases import PAST_CASES, PROCESS_INSTANCES
from app.operations.cases import CaseNotFound
from app.web.bearers import needs_scope
from app.web.camunda_errors import missing_is
from app.web.engine_rest.activity_tree import activity_tree
from app.web.engine_rest.list_routes import add_list, add_one
from app.web.engine_rest.lists import found_in
from app.web.engine_rest.resource import resource
from app.web.engine_rest.user_task_content import shape_comment
from app.web.looks import log_look
from app.web.permissions import Permission, requires

blueprint = resource("process_instance", "/process-instance")


@blueprint.get("/<instance_id>/activity-instances")
@requires(Permission.READ_CASES)
@needs_scope("read")
@missing_is(500)
def activity_instances(instance_id: str) -> ResponseReturnValue:
    """Where it stands, as a tree of scopes and open activities."""
    found, session = open_case(instance_id), db.session()
    return activity_tree(found, open_scopes(session, instance_id), activities_open_in(session, instance_id))


@blueprint.get("/<instance_id>/comment")
@requires(Permission.READ_CASES)
@needs_scope("read")
def comments(instance_id: str) -> ResponseReturnValue:
    """What was written about it and its user tasks."""
    log_look(found_in(PAST_CASES, instance_id, CaseNotFound).customer_id)
    return [shape_comment(one) for one in comments_of(db.session(), instance_id)]


def open_case(instance_id: str) -> Any:
    """The open case, if the person may see it; raises CaseNotFound."""
    return found_in(PROCESS_INSTANCES, instance_id, CaseNotFound)


def shape(row: Any) -> dict[str, Any]:
    """A case as clients know it."""
    return {
        "links": [],
        "id": row.id,
        "definitionId": row.definition_id,
        "definitionKey": row.process_key,
        "businessKey": row.business_key,
        "caseInstanceId": None,
        "ended": row.state not in OPEN_STATES,
        "suspended": row.is_suspended,
        "tenantId": row.site_id,
    }


add_list(blueprint, "", PROCESS_INSTANCES, shape)
add_one(blueprint, "/<instance_id>", PROCESS_INSTANCES, shape, CaseNotFound)  # ended ones are in the history
