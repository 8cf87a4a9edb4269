"""/job/…/suspended and /job-definition/…/suspended: work that waits until a program lets it go on."""

from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models.program_operating import JOBS, work_of
from app.operations.case_batches import changeable_cases
from app.operations.job_changes import JobNotFound
from app.operations.job_suspension import JobDefinition, suspend_job_definition, suspend_jobs_of_cases
from app.web.bearers import needs_scope
from app.web.camunda_errors import NotOffered, missing_is
from app.web.current import current_actor, current_time
from app.web.engine_rest.bodies import flag_in, missing_value, read_body, text_in
from app.web.engine_rest.job_definitions import existing_job_definition, job_definitions
from app.web.engine_rest.lists import Sent, found_in, found_rows
from app.web.engine_rest.resource import DONE, resource
from app.web.permissions import Permission, requires

blueprint = resource("job_suspension")

_BY_DEFINITION = ("processDefinitionId", "processDefinitionKey")
_BY = ("jobDefinitionId", "processInstanceId", *_BY_DEFINITION)
# Definitions belong to the whole company.
_SAYS_NOTHING = "processDefinitionWithoutTenantId"


@blueprint.put("/job/<job_id>/suspended")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def job(job_id: str) -> ResponseReturnValue:
    """Let a job wait, or go on."""
    found_in(JOBS, job_id, JobNotFound)
    _suspend_jobs([job_id], read_body())
    return DONE


@blueprint.put("/job/suspended")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def jobs() -> ResponseReturnValue:
    """The same for all jobs of a case, a definition or a job definition, at the sites where one may change cases."""
    body = read_body()
    _suspend_found({name: text_in(body, name) for name in _chosen(body, _BY, ("suspended",))}, body)
    return DONE


@blueprint.put("/job-definition/<job_definition_id>/suspended")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
@missing_is(500)
def job_definition(job_definition_id: str) -> ResponseReturnValue:
    """Let jobs that are made for an element from now on wait, or no longer; those there are as well if asked for."""
    body = read_body()
    _refuse_later(body)
    existing_job_definition(job_definition_id)
    _suspend_work(job_definition_id, body)
    return DONE


@blueprint.put("/job-definition/suspended")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def job_definitions_of() -> ResponseReturnValue:
    """The same for all elements of a definition, or of all versions of a process."""
    body = read_body()
    _refuse_later(body)
    chosen = _chosen(body, _BY_DEFINITION, ("suspended", "includeJobs"))
    for shape in list(job_definitions({name: text_in(body, name) for name in chosen})):
        _suspend_work(shape["id"], body)
    return DONE


def _chosen(body: Mapping[str, Any], choices: tuple[str, ...], beside: tuple[str, ...]) -> list[str]:
    """The names by which the body says what is meant. Raises MalformedRequest, NotOffered."""
    chosen = [name for name in choices if body.get(name)]
    others = sorted(name for name, value in body.items() if value and name not in (*choices, *beside, _SAYS_NOTHING))
    if others:
        raise NotOffered(f"{others[0]:.60} (suspended)")
    if not chosen:
        raise missing_value(choices[0])
    return chosen


def _refuse_later(body: Mapping[str, Any]) -> None:
    if body.get("executionDate") is not None:
        raise NotOffered("executionDate")


def _suspend_work(job_definition_id: str, body: Mapping[str, Any]) -> None:
    with_jobs = flag_in(body, "includeJobs")
    suspend_job_definition(
        db.session(), JobDefinition(*work_of(job_definition_id)), is_suspended=flag_in(body, "suspended"),
        with_scheduled=with_jobs, actor=current_actor(), now=current_time(),
    )  # fmt: skip
    if with_jobs:
        _suspend_found({"jobDefinitionId": job_definition_id}, body)


def _suspend_found(query: Sent, body: Mapping[str, Any]) -> None:
    rows = found_rows(JOBS, query)
    case_ids = sorted({row.instance_id for row in rows})
    mine = {case_id for case_id, _site_id in changeable_cases(db.session(), None, current_actor(), case_ids)}
    _suspend_jobs([row.id for row in rows if row.instance_id in mine], body)


def _suspend_jobs(job_ids: list[str], body: Mapping[str, Any]) -> None:
    is_suspended, now = flag_in(body, "suspended"), current_time()
    suspend_jobs_of_cases(db.session(), job_ids, is_suspended=is_suspended, actor=current_actor(), now=now)
