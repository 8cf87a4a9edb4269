"""/process-instance/…: cases ended, suspended, moved; what the web lets owners of cases do."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask.typing import ResponseReturnValue

from app.engine import CancelActivity, Instruction, StartAfter, StartBefore
from app.extensions import db
from app.models.program_activities import activities_open_in
from app.models.program_cases import PROCESS_INSTANCES
from app.operations.case_changes import modify_case
from app.operations.process_instances import cancel_instance
from app.operations.suspension import resume_case, suspend_case
from app.web.bearers import needs_scope
from app.web.camunda_errors import NotOffered, missing_is
from app.web.current import current_actor, current_time
from app.web.engine_rest.bodies import (
    flag_in,
    missing_value,
    needed_text,
    objects_in,
    read_body,
    text_in,
    texts_in,
)
from app.web.engine_rest.cases import open_case
from app.web.engine_rest.lists import found_ids, queried_rows
from app.web.engine_rest.resource import DONE, REASON, resource
from app.web.permissions import Permission, requires

blueprint = resource("process_instance_changes", "/process-instance")


_BY_DEFINITION = ("processDefinitionId", "processDefinitionKey")
_CHOICES = ("processInstanceIds", *_BY_DEFINITION, "processInstanceQuery")


@blueprint.delete("/<instance_id>")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def end(instance_id: str) -> ResponseReturnValue:
    """Cancel a case: everything open in it is withdrawn, its history stays."""
    open_case(instance_id)
    cancel_instance(db.session(), instance_id, REASON, actor=current_actor(), now=current_time())
    return DONE


@blueprint.put("/<instance_id>/suspended")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
@missing_is(500)
def suspended(instance_id: str) -> ResponseReturnValue:
    """Suspend a case or resume it."""
    _suspend([instance_id], read_body())
    return DONE


@blueprint.put("/suspended")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
@missing_is(500)
def suspended_of_many() -> ResponseReturnValue:
    """The same for several: named by their ids, by their definition, or found by a query."""
    body = read_body()
    others = sorted(name for name, value in body.items() if value and name not in (*_CHOICES, "suspended"))
    if others:
        raise NotOffered(f"{others[0]:.60} (suspended)")
    chosen = texts_in(body, "processInstanceIds")
    for name in _BY_DEFINITION:
        if body.get(name):
            chosen += found_ids(PROCESS_INSTANCES, {name: body[name]})
    chosen += [row.id for row in queried_rows(PROCESS_INSTANCES, body, "processInstanceQuery")]
    if not chosen:
        raise missing_value("processInstanceIds")
    _suspend(sorted(set(chosen)), body)
    return DONE


@blueprint.post("/<instance_id>/modification")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
@missing_is(500)
def modification(instance_id: str) -> ResponseReturnValue:
    """Withdraw open activities and start others."""
    open_case(instance_id)
    body = read_body()
    instructions = [made for entry in objects_in(body, "instructions") for made in _instructions(instance_id, entry)]
    reason = text_in(body, "annotation") or REASON
    modify_case(
        db.session(), instance_id, instructions, reason, revision=None, actor=current_actor(), now=current_time()
    )
    return DONE


def _suspend(instance_ids: Iterable[str], body: Mapping[str, Any]) -> None:
    is_suspending = flag_in(body, "suspended")
    change = suspend_case if is_suspending else resume_case
    for instance_id in instance_ids:
        if open_case(instance_id).is_suspended != is_suspending:
            change(db.session(), instance_id, REASON, actor=current_actor(), now=current_time())


def _instructions(instance_id: str, entry: Mapping[str, Any]) -> Iterable[Instruction]:
    if entry.get("variables"):
        raise NotOffered("variables of an instruction")
    kind, scope_id = needed_text(entry, "type"), text_in(entry, "ancestorActivityInstanceId")
    if kind == "startBeforeActivity":
        return [StartBefore(needed_text(entry, "activityId"), scope_id)]
    if kind == "startAfterActivity":
        return [StartAfter(needed_text(entry, "activityId"), scope_id)]
    if kind != "cancel" or entry.get("transitionInstanceId"):
        raise NotOffered(kind)
    activity_id = text_in(entry, "activityInstanceId")
    if activity_id:
        return [CancelActivity(activity_id)]
    element_id = needed_text(entry, "activityId")
    found = activities_open_in(db.session(), instance_id)
    return [CancelActivity(row.id) for row in found if row.element_id == element_id]
