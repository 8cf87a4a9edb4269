"""/job, /incident and /batch: what waits, what went wrong, what was ordered for many cases."""

from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models.job_list import open_incident_of_job
from app.models.program_incidents import INCIDENTS
from app.models.program_operating import JOBS, job_definition_id
from app.operations.incidents import retry_incident
from app.operations.job_changes import JobNotFound, change_due_date, recalculate_due_date, run_job_now
from app.web.bearers import needs_scope
from app.web.camunda_errors import NotOffered
from app.web.current import current_actor, current_time, this_request
from app.web.engine_rest.annotations import notes_on_incidents
from app.web.engine_rest.bodies import number_in, read_body
from app.web.engine_rest.incident_shapes import open_incident
from app.web.engine_rest.list_routes import BY_ADDRESS, add_list, add_one, completed
from app.web.engine_rest.lists import found_in
from app.web.engine_rest.missing_rows import no_incident
from app.web.engine_rest.moments import read_kept_moment, write_moment
from app.web.engine_rest.resource import DONE, resource
from app.web.permissions import Permission, requires

blueprint = resource("operating")


@blueprint.get("/job/<job_id>/stacktrace")
@requires(Permission.READ_CASES)
@needs_scope("read")
def stacktrace(job_id: str) -> ResponseReturnValue:
    """Why it failed last."""
    text = found_in(JOBS, job_id, JobNotFound).last_error or ""
    return text, 200, {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.post("/job/<job_id>/execute")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def execute(job_id: str) -> ResponseReturnValue:
    """Let it run at once; the worker does it in its next round."""
    found_in(JOBS, job_id, JobNotFound)
    run_job_now(db.session(), job_id, actor=current_actor(), now=current_time())
    return DONE


@blueprint.put("/job/<job_id>/retries")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def retries(job_id: str) -> ResponseReturnValue:
    """Give one that gave up all its attempts again."""
    found = found_in(JOBS, job_id, JobNotFound)
    refuse_no_retries(read_body())
    if found.state == "dead":
        try_again(job_id)
    return DONE


def refuse_no_retries(body: Mapping[str, Any]) -> None:
    """Raise NotOffered where a job that gave up is to be left without retries."""
    if not number_in(body, "retries"):
        raise NotOffered("retries 0")


def try_again(job_id: str) -> None:
    """Let a job that gave up run: who looks after its case retries its incident, administrators any job."""
    session, actor, now = db.session(), current_actor(), current_time()
    incident_id = open_incident_of_job(session, job_id)
    if incident_id is not None:
        retry_incident(session, incident_id, actor=actor, now=now)
    else:
        run_job_now(session, job_id, actor=actor, now=now)


@blueprint.put("/job/<job_id>/duedate")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def due_date(job_id: str) -> ResponseReturnValue:
    """Let it run at another time; at once where none is given."""
    found_in(JOBS, job_id, JobNotFound)
    given, now = read_body().get("duedate"), current_time()
    run_at = now if given is None else read_kept_moment(given)
    change_due_date(db.session(), job_id, run_at, actor=current_actor(), now=now)
    return DONE


@blueprint.post("/job/<job_id>/duedate/recalculate")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def recalculate(job_id: str) -> ResponseReturnValue:
    """Let a timer be due as its expression says now: counted from when it was made, or from now where asked for."""
    found_in(JOBS, job_id, JobNotFound)
    is_from_creation = this_request().args.get("creationDateBased") != "false"
    session, actor = db.session(), current_actor()
    recalculate_due_date(session, job_id, is_from_creation=is_from_creation, actor=actor, now=current_time())
    return DONE


@blueprint.delete("/incident/<incident_id>")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def resolve_incident(incident_id: str) -> ResponseReturnValue:
    """Look after it: what failed is tried again."""
    found_in(INCIDENTS, incident_id, no_incident)
    retry_incident(db.session(), incident_id, actor=current_actor(), now=current_time())
    return DONE


def _job(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "jobDefinitionId": job_definition_id(row.definition_id, row.element_id, row.kind),
        "dueDate": write_moment(row.run_at),
        "processInstanceId": row.instance_id,
        "executionId": row.execution_id,
        "processDefinitionId": row.definition_id,
        "processDefinitionKey": row.process_key,
        "retries": 0 if row.state == "dead" else max(row.max_attempts - row.attempts, 0),
        "exceptionMessage": row.last_error,
        "failedActivityId": row.element_id if row.last_error else None,
        "suspended": row.is_suspended,
        "priority": 0,
        "tenantId": row.site_id,
        "createTime": write_moment(row.created_at),
    }


add_list(blueprint, "/job", JOBS, _job)
add_one(blueprint, "/job/<job_id>", JOBS, _job, JobNotFound)
add_list(blueprint, "/incident", INCIDENTS, open_incident, methods=BY_ADDRESS, complete=notes_on_incidents)
add_one(blueprint, "/incident/<incident_id>", INCIDENTS, completed(open_incident, notes_on_incidents), no_incident)
