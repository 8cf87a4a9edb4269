"""/job-definition: what the diagrams leave to jobs: timers, asynchronous continuations, connectors."""

from collections.abc import Iterable

from flask.typing import ResponseReturnValue

from app.engine import BackgroundWork, background_work
from app.extensions import db
from app.models.program_definitions import PROCESS_DEFINITIONS
from app.models.program_operating import JOBS, job_definition_id, suspended_job_definitions, work_of
from app.operations.definitions import load_definition
from app.web.bearers import needs_scope
from app.web.camunda_errors import missing_is
from app.web.engine_rest.bodies import read_body
from app.web.engine_rest.list_routes import BOTH, BY_ADDRESS, add_reading
from app.web.engine_rest.lists import Sent, found_ids, found_rows
from app.web.engine_rest.missing_rows import nothing_there
from app.web.engine_rest.operating import refuse_no_retries, try_again
from app.web.engine_rest.resource import DONE, resource
from app.web.engine_rest.short_lists import EVERY_ROW, NO_ROW, Shape, ShortList, Test, add_short_list, one_of, same
from app.web.permissions import Permission, requires

blueprint = resource("job_definition", "/job-definition")

# Camunda 7's words for what waits there, and how it is configured.
TYPES = {
    ("timer", "start"): ("timer-start-event", None),
    ("timer", "boundary"): ("timer-transition", None),
    ("timer", "catch"): ("timer-intermediate-transition", None),
    ("continuation", "before"): ("async-continuation", "async-before"),
    ("continuation", "after"): ("async-continuation", "async-after"),
    ("connector", ""): ("async-continuation", "connector"),
}
_TESTS = {
    "jobDefinitionId": same("id"),
    "activityIdIn": one_of("activityId"),
    "processDefinitionId": same("processDefinitionId"),
    "processDefinitionKey": same("processDefinitionKey"),
    "jobType": same("jobType"),
    "jobConfiguration": same("jobConfiguration"),
    "active": Test("flag", lambda row, _value: not row["suspended"]),
    "suspended": Test("flag", lambda row, _value: bool(row["suspended"])),
    "tenantIdIn": NO_ROW,
    "withoutTenantId": EVERY_ROW,
    "includeJobDefinitionsWithoutTenantId": EVERY_ROW,
}
_ORDERS = {
    "jobDefinitionId": "id", "activityId": "activityId", "processDefinitionId": "processDefinitionId",
    "processDefinitionKey": "processDefinitionKey", "jobType": "jobType", "jobConfiguration": "jobConfiguration",
}  # fmt: skip


@blueprint.put("/<job_definition_id>/retries")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
@missing_is(500)
def retries(job_definition_id: str) -> ResponseReturnValue:
    """Give those of its jobs that gave up all their attempts again."""
    existing_job_definition(job_definition_id)
    refuse_no_retries(read_body())
    for job_id in found_ids(JOBS, {"jobDefinitionId": job_definition_id, "noRetriesLeft": True}):
        try_again(job_id)
    return DONE


def _one(job_definition_id: str) -> ResponseReturnValue:
    return existing_job_definition(job_definition_id)


def existing_job_definition(job_definition_id: str) -> Shape:
    """The one of this id; raises NotFound."""
    definition_id, _element_id, _kind = work_of(job_definition_id)
    for shape in job_definitions({"processDefinitionId": definition_id}):
        if shape["id"] == job_definition_id:
            return shape
    raise nothing_there()


def job_definitions(sent: Sent) -> Iterable[Shape]:
    """Of the versions that are asked for, so that not all there ever were are read."""
    narrowed = {name: sent.get(other) for name, other in _NARROWED}
    suspended = suspended_job_definitions(db.session())
    for row in found_rows(PROCESS_DEFINITIONS, narrowed):
        process = load_definition(db.session(), row.id).process
        found = {(work.element_id, work.kind): work for work in background_work(process)}
        for work in found.values():
            is_suspended = (row.id, work.element_id, work.kind) in suspended
            yield {**_shape(work, row.id, row.key, row.deployment_id), "suspended": is_suspended}


_NARROWED = (("processDefinitionId", "processDefinitionId"), ("key", "processDefinitionKey"))


def _shape(work: BackgroundWork, definition_id: str, process_key: str, deployment_id: str) -> Shape:
    kind, configuration = TYPES[work.kind, work.at]
    return {
        "id": job_definition_id(definition_id, work.element_id, work.kind),
        "processDefinitionId": definition_id,
        "processDefinitionKey": process_key,
        "jobType": kind,
        "jobConfiguration": configuration,
        "activityId": work.element_id,
        "overridingJobPriority": None,
        "tenantId": None,
        "deploymentId": deployment_id,
    }


add_short_list(blueprint, "", ShortList(job_definitions, _TESTS, _ORDERS), methods=BOTH)
add_reading(blueprint, "/<job_definition_id>", BY_ADDRESS, _one)
