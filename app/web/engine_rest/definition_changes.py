"""/process-definition/…: cases started, versions suspended, resumed and deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.i18n import N_
from app.models.program_definitions import PROCESS_DEFINITIONS
from app.models.startable_processes import startable_process
from app.operations.authority import require_starter
from app.operations.case_batches import BatchOrder, changeable_cases, order_batch
from app.operations.definitions import latest_definition_id, load_definition
from app.operations.deployment_removal import delete_definition
from app.operations.process_instances import start_process
from app.operations.suspension import resume_definition, suspend_definition
from app.web.bearers import needs_scope
from app.web.camunda_errors import NotOffered
from app.web.current import current_actor, current_person, current_time
from app.web.engine_rest import cases
from app.web.engine_rest.answers import checked_answers
from app.web.engine_rest.bodies import flag_in, missing_value, object_in, read_body, text_in
from app.web.engine_rest.case_values import variables_of_case
from app.web.engine_rest.definitions import existing
from app.web.engine_rest.lists import found_rows
from app.web.engine_rest.resource import DONE, REASON, resource
from app.web.engine_rest.sites import chosen_site
from app.web.engine_rest.variables import read_variables
from app.web.form_context import start_surroundings
from app.web.permissions import Permission, requires
from app.web.user_task_form import form_definition

blueprint = resource("process_definition_changes", "/process-definition")


@blueprint.post("/<definition_id>/start")
@blueprint.post("/key/<process_key>/start")
@blueprint.post("/key/<process_key>/tenant-id/<site_id>/start")
@blueprint.post("/<definition_id>/submit-form")
@blueprint.post("/key/<process_key>/submit-form")
@blueprint.post("/key/<process_key>/tenant-id/<site_id>/submit-form")
@requires(Permission.START_PROCESS)
@needs_scope("start")
def start(
    definition_id: str | None = None, process_key: str | None = None, site_id: str | None = None
) -> ResponseReturnValue:
    """Start a case, its form filled in: at the site in the address, at one's own, or at the only one where one may."""
    return _start(definition_id or latest_definition_id(db.session(), process_key or ""), site_id, read_body())


@blueprint.put("/<definition_id>/suspended")
@blueprint.put("/key/<process_key>/suspended")
@blueprint.put("/key/<process_key>/tenant-id/<site_id>/suspended")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def suspended(**named: str) -> ResponseReturnValue:
    """Suspend a version or resume it, its open cases as well where asked for."""
    _suspend(existing(**named), read_body())
    return DONE


@blueprint.put("/suspended")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def suspended_of_named() -> ResponseReturnValue:
    """The same for a version, or all versions of a process, that the body names."""
    body = read_body()
    definition_id, process_key = text_in(body, "processDefinitionId"), text_in(body, "processDefinitionKey")
    if definition_id:
        _suspend(existing(definition_id), body)
    elif not process_key:
        raise missing_value("processDefinitionId")
    else:
        for found in _versions(process_key):
            _suspend(found, body)
    return DONE


@blueprint.delete("/<definition_id>")
@requires(Permission.DEPLOY)
@needs_scope("deploy")
def remove(definition_id: str) -> ResponseReturnValue:
    """Delete a version that was deployed alone and from which no case was ever started."""
    delete_definition(db.session(), existing(definition_id).id, actor=current_actor(), now=current_time())
    return DONE


@blueprint.delete("/key/<process_key>")
@blueprint.delete("/key/<process_key>/tenant-id/<site_id>")
@requires(Permission.DEPLOY)
@needs_scope("deploy")
def remove_all(process_key: str, site_id: str | None = None) -> ResponseReturnValue:
    """Delete all versions of a process, or none."""
    existing(process_key=process_key, site_id=site_id)
    for found in _versions(process_key):
        delete_definition(db.session(), found.id, actor=current_actor(), now=current_time())
    return DONE


def _versions(process_key: str) -> Sequence[Any]:
    """All of a process; raises DefinitionNotFound where there is none."""
    existing(process_key=process_key)
    return found_rows(PROCESS_DEFINITIONS, {"key": process_key})


def _suspend(found: Any, body: Mapping[str, Any]) -> None:
    if body.get("executionDate") is not None:
        raise NotOffered("executionDate")
    session, actor, now = db.session(), current_actor(), current_time()
    is_suspending = flag_in(body, "suspended")
    if found.is_suspended != is_suspending:
        change = suspend_definition if is_suspending else resume_definition
        change(session, found.id, REASON, actor=actor, now=now)
    if flag_in(body, "includeProcessInstances") and changeable_cases(session, found.id, actor):
        kind = "suspend" if is_suspending else "resume"
        order_batch(session, BatchOrder(kind, found.id, REASON), actor=actor, now=now)  # type: ignore[arg-type]


def _start(definition_id: str, site_id: str | None, body: Mapping[str, Any]) -> ResponseReturnValue:
    if body.get("startInstructions"):
        raise NotOffered("startInstructions")
    session, now = db.session(), current_time()
    found = load_definition(session, definition_id)
    site_id = start_site(found.key, site_id)
    form = form_definition(found.id, found.process.start_form_key)
    values = checked_answers(
        form,
        {},
        start_surroundings(session, form, site_id, now),
        read_variables(object_in(body, "variables")),
        site_id=site_id,
    )
    case = start_process(
        session, found.key, values, site_id=site_id, business_key=text_in(body, "businessKey"),
        definition_id=found.id, actor=current_actor(), now=now,
    )  # fmt: skip
    shaped = cases.shape(case)
    return {**shaped, "variables": variables_of_case(case.id)} if flag_in(body, "withVariablesInReturn") else shaped


def start_site(process_key: str, wish: str | None) -> str:
    """Where the person starts a process: the site that is named, one's own, or the only one where one may.

    Asked before anything is said about the form. Raises MalformedRequest, and as `require_starter` does.
    """
    startable = startable_process(db.session(), current_person().id, process_key)
    sites = startable.site_ids if startable else ()
    site_id = chosen_site(wish, sites, N_("Say at which site: …/tenant-id/SITE/start."))
    require_starter(db.session(), current_actor(), process_key, site_id)
    return site_id
