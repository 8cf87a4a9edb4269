"""…-async of /process-instance, /job/retries, /modification: a change to many cases, made by the worker one by one."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.i18n import N_
from app.models.program_cases import PAST_CASES, PROCESS_INSTANCES
from app.models.program_lists import ProgramList
from app.models.program_operating import JOBS
from app.operations.case_batches import BatchOrder
from app.operations.case_changes import element_instructions, modify_case
from app.operations.case_orders import BatchKind
from app.operations.case_restart import Restart, restart_case
from app.operations.cases import CaseNotFound
from app.operations.encoding import encode_values, feel_values
from app.operations.job_changes import JobNotFound
from app.web.bearers import needs_scope
from app.web.camunda_errors import MalformedRequest, NotOffered, missing_is
from app.web.current import current_actor, current_time
from app.web.engine_rest.batches import ordered
from app.web.engine_rest.bodies import (
    flag_in,
    missing_value,
    needed_text,
    object_in,
    objects_in,
    read_body,
    text_in,
    texts_in,
)
from app.web.engine_rest.cases import open_case
from app.web.engine_rest.definitions import existing
from app.web.engine_rest.lists import found_in, queried_rows, refuse_too_many
from app.web.engine_rest.operating import refuse_no_retries
from app.web.engine_rest.resource import DONE, REASON, resource
from app.web.engine_rest.variables import read_variables
from app.web.permissions import Permission, requires

blueprint = resource("case_orders")

Body = Mapping[str, Any]
QUERIES: tuple[tuple[str, ProgramList], ...] = (
    ("processInstanceQuery", PROCESS_INSTANCES),
    ("historicProcessInstanceQuery", PAST_CASES),
)
WHAT = {"cancel": "cancel", "startBeforeActivity": "start_before", "startAfterActivity": "start_after"}


@blueprint.post("/process-instance/delete")
@blueprint.post("/process-instance/delete-historic-query-based")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def delete() -> ResponseReturnValue:
    """Cancel cases; their history stays."""
    body = read_body()
    return _order("cancel", body, reason=text_in(body, "deleteReason"))


@blueprint.post("/process-instance/job-retries")
@blueprint.post("/process-instance/job-retries-historic-query-based")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def job_retries() -> ResponseReturnValue:
    """Give jobs of cases that gave up all their attempts again."""
    body = read_body()
    refuse_no_retries(body)
    return _order("retry", {**body, "processInstanceIds": body.get("processInstances")})


@blueprint.post("/job/retries")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def retries_of_jobs() -> ResponseReturnValue:
    """The same for jobs that are named or found by a query."""
    body = read_body()
    refuse_no_retries(body)
    jobs = [found_in(JOBS, job_id, JobNotFound) for job_id in texts_in(body, "jobIds")]
    jobs += queried_rows(JOBS, body, "jobQuery")
    if not jobs:
        raise missing_value("jobIds")
    details = {"job_ids": sorted({job.id for job in jobs})}
    return _order("retry", {"processInstanceIds": [job.instance_id for job in jobs]}, details)


@blueprint.post("/process-instance/suspended-async")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def suspended() -> ResponseReturnValue:
    """Suspend cases or resume them."""
    body = read_body()
    return _order("suspend" if flag_in(body, "suspended") else "resume", body)


@blueprint.post("/process-instance/variables-async")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def variables() -> ResponseReturnValue:
    """Set variables of the whole case."""
    body = read_body()
    values = _values(body)
    if not values:
        raise missing_value("variables")
    return _order("variables", body, {"values": values})


@blueprint.post("/process-instance/message-async")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def message() -> ResponseReturnValue:
    """Give a message to each case that waits for it."""
    body = read_body()
    return _order("message", body, {"name": needed_text(body, "messageName"), "values": _values(body)})


@blueprint.post("/process-instance/<instance_id>/modification-async")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
@missing_is(500)
def modification_of_one(instance_id: str) -> ResponseReturnValue:
    """Withdraw open activities of one case and start others, later."""
    open_case(instance_id)
    body = read_body()
    details = {"instructions": _instructions(body)}
    return _order("modify", {"processInstanceIds": [instance_id]}, details, reason=text_in(body, "annotation"))


@blueprint.post("/modification/executeAsync")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def modification_later() -> ResponseReturnValue:
    """The same for many cases of a version."""
    body = read_body()
    details, definition_id = {"instructions": _instructions(body)}, needed_text(body, "processDefinitionId")
    return _order("modify", body, details, reason=text_in(body, "annotation"), definition_id=definition_id)


@blueprint.post("/modification/execute")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def modification_now() -> ResponseReturnValue:
    """The same at once, for all of them or none."""
    body = read_body()
    instructions, definition_id = _instructions(body), needed_text(body, "processDefinitionId")
    session, actor, now = db.session(), current_actor(), current_time()
    for instance_id in _cases(body):
        if open_case(instance_id).definition_id != definition_id:
            raise MalformedRequest(N_("The case %(case)s is of another process definition."), case=instance_id)
        made = element_instructions(session, instance_id, instructions)
        reason = text_in(body, "annotation") or REASON
        modify_case(session, instance_id, made, reason, revision=None, actor=actor, now=now)
    return DONE


@blueprint.post("/process-definition/<definition_id>/restart-async")
@requires(Permission.CHANGE_CASES)
@needs_scope("start")
def restart_later(definition_id: str) -> ResponseReturnValue:
    """Start cases that are over anew."""
    existing(definition_id, None)
    body = read_body()
    wanted = _restart(definition_id, body)
    details = {
        "definition_id": definition_id,
        "places": wanted.places,
        "is_initial": wanted.is_initial,
        "is_without_key": wanted.is_without_business_key,
    }
    return _order("restart", body, details)


@blueprint.post("/process-definition/<definition_id>/restart")
@requires(Permission.CHANGE_CASES)
@needs_scope("start")
def restart_now(definition_id: str) -> ResponseReturnValue:
    """The same at once, for all of them or none."""
    existing(definition_id, None)
    body = read_body()
    wanted = _restart(definition_id, body)
    for instance_id in _cases(body):
        found_in(PAST_CASES, instance_id, CaseNotFound)
        restart_case(db.session(), instance_id, wanted, REASON, actor=current_actor(), now=current_time())
    return DONE


def _restart(definition_id: str, body: Body) -> Restart:
    places = [place for place in _instructions(body) if place[0] != "cancel"]
    if not places:
        raise missing_value("instructions")
    return Restart(definition_id, places, flag_in(body, "initialVariables"), flag_in(body, "withoutBusinessKey"))


def _order(
    kind: BatchKind,
    body: Body,
    details: Mapping[str, object] | None = None,
    *,
    reason: str | None = None,
    definition_id: str | None = None,
) -> ResponseReturnValue:
    return ordered(BatchOrder(kind, definition_id, reason or REASON, instance_ids=_cases(body), details=details))


def _cases(body: Body) -> list[str]:
    """The cases that are named or found by a query. Raises MalformedRequest where there are none or too many."""
    found = texts_in(body, "processInstanceIds") + queried_cases(body)
    if not found:
        raise missing_value("processInstanceIds")
    refuse_too_many(found)
    return list(dict.fromkeys(found))


def queried_cases(body: Body) -> list[str]:
    """The cases that the queries of a body find. Raises MalformedRequest, NotOffered."""
    return [row.id for name, wanted_list in QUERIES for row in queried_rows(wanted_list, body, name)]


def _values(body: Body) -> dict[str, object]:
    return encode_values(feel_values(read_variables(object_in(body, "variables"))))


def _instructions(body: Body) -> Sequence[tuple[str, str]]:
    """What is to be done at which element; for many cases only elements can be named."""
    found: list[tuple[str, str]] = []
    for entry in objects_in(body, "instructions"):
        kind, element_id = needed_text(entry, "type"), text_in(entry, "activityId")
        if kind not in WHAT or not element_id or entry.get("variables"):
            raise NotOffered(f"instruction {kind:.40} without activityId, or with variables")
        found.append((WHAT[kind], element_id))
    if not found:
        raise missing_value("instructions")
    return found
