"""/task/{id}/…: everything a person does with a user task, done by a program in the person's name."""

from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue

from app.errors import NotAllowed
from app.extensions import db
from app.i18n import N_
from app.operations.delegation import delegate_user_task, resolve_user_task
from app.operations.user_task_rows import assigned_to_other, read_user_task
from app.operations.user_tasks import (
    assign_user_task,
    claim_user_task,
    complete_user_task,
    report_user_task_error,
    unclaim_user_task,
)
from app.web.bearers import needs_scope
from app.web.camunda_errors import missing_is
from app.web.current import current_actor, current_person, current_time
from app.web.engine_rest.answers import checked_answers
from app.web.engine_rest.bodies import flag_in, needed_text, object_in, read_body, text_in
from app.web.engine_rest.case_values import values_in_scope, variables_of_case
from app.web.engine_rest.resource import DONE, resource
from app.web.engine_rest.variables import read_variables
from app.web.engine_rest.versions import if_match
from app.web.form_context import case_surroundings
from app.web.permissions import Permission, requires, sites_with
from app.web.user_task_detail import find_place
from app.web.user_task_form import form_definition

blueprint = resource("task_changes", "/task/<user_task_id>")

TAKEN_BACK = "-"  # Camunda 7 asks for no words where an answer is given


@blueprint.post("/claim")
@requires(Permission.WORK)
@needs_scope("work")
@missing_is(500)
@if_match
def claim(user_task_id: str) -> ResponseReturnValue:
    """Take a free user task; leaders may give it to somebody else so. Without a person it is given back."""
    person_id = text_in(read_body(), "userId")
    if person_id is None:
        return give_back(user_task_id)
    if person_id == current_person().id:
        claim_user_task(db.session(), user_task_id, actor=current_actor(), now=current_time())
        return DONE
    _refuse_taken(user_task_id, person_id)
    assign_user_task(db.session(), user_task_id, person_id, actor=current_actor(), now=current_time())
    return DONE


@blueprint.post("/unclaim")
@requires(Permission.WORK)
@needs_scope("work")
@missing_is(500)
@if_match
def unclaim(user_task_id: str) -> ResponseReturnValue:
    """Give it back to its group."""
    return give_back(user_task_id)


@blueprint.post("/assignee")
@requires(Permission.WORK)
@needs_scope("work")
@missing_is(500)
@if_match
def assignee(user_task_id: str) -> ResponseReturnValue:
    """Put it into somebody's hands, whoever has it now; without a person it is given back."""
    person_id = text_in(read_body(), "userId")
    if person_id is None:
        return give_back(user_task_id)
    find_place(user_task_id)
    assign_user_task(db.session(), user_task_id, person_id, actor=current_actor(), now=current_time())
    return DONE


@blueprint.post("/delegate")
@requires(Permission.WORK)
@needs_scope("work")
@missing_is(500)
@if_match
def delegate(user_task_id: str) -> ResponseReturnValue:
    """Lend it to somebody for an answer."""
    find_place(user_task_id)
    person_id = needed_text(read_body(), "userId")
    delegate_user_task(db.session(), user_task_id, person_id, actor=current_actor(), now=current_time())
    return DONE


@blueprint.post("/resolve")
@requires(Permission.WORK)
@needs_scope("work")
@missing_is(500)
@if_match
def resolve(user_task_id: str) -> ResponseReturnValue:
    """Give it back to its owner."""
    find_place(user_task_id)
    read_body()
    resolve_user_task(db.session(), user_task_id, remark=TAKEN_BACK, actor=current_actor(), now=current_time())
    return DONE


@blueprint.post("/complete")
@blueprint.post("/submit-form")
@requires(Permission.WORK)
@needs_scope("work")
@missing_is(500)
@if_match
def complete(user_task_id: str) -> ResponseReturnValue:
    """Complete it, its form filled in; a free one is claimed on the way."""
    return _complete(user_task_id, read_body())


@blueprint.post("/bpmnError")
@requires(Permission.WORK)
@needs_scope("work")
@if_match
def bpmn_error(user_task_id: str) -> ResponseReturnValue:
    """End it with an error that the diagram knows. Without a form to say so, that is for owners of cases alone."""
    place, body = find_place(user_task_id), read_body()
    refuse_others_than_owners(place.instance.site_id)
    report_user_task_error(
        db.session(), user_task_id, needed_text(body, "errorCode"), text_in(body, "errorMessage") or "",
        read_variables(object_in(body, "variables")), actor=current_actor(), now=current_time(),
    )  # fmt: skip
    return DONE


def refuse_others_than_owners(site_id: str) -> None:
    """Raise NotAllowed for who does not look after the cases of a site."""
    if site_id not in sites_with(current_person(), Permission.CHANGE_CASES):
        raise NotAllowed(N_("Only process owners and administrators may do this."))


def give_back(user_task_id: str) -> ResponseReturnValue:
    """Give a user task back to its group."""
    find_place(user_task_id)
    unclaim_user_task(db.session(), user_task_id, actor=current_actor(), now=current_time())
    return DONE


def _refuse_taken(user_task_id: str, person_id: str) -> None:
    """Claiming, unlike assigning, takes nothing out of somebody's hands."""
    find_place(user_task_id)
    user_task = read_user_task(db.session(), user_task_id)
    if user_task.assignee_id not in (None, person_id):
        raise assigned_to_other(user_task)


def _complete(user_task_id: str, body: Mapping[str, Any]) -> ResponseReturnValue:
    place, now, session = find_place(user_task_id), current_time(), db.session()
    form = form_definition(place.user_task.definition_id, place.user_task.form_key)
    values = checked_answers(
        form,
        values_in_scope(place.instance.id, place.user_task.execution_id),
        case_surroundings(session, form, place.instance, user_task_id, now),
        read_variables(object_in(body, "variables")),
        site_id=place.instance.site_id,
    )
    complete_user_task(
        session, user_task_id, values, revision=None, is_claimed_implicitly=True, actor=current_actor(), now=now
    )
    return variables_of_case(place.instance.id) if flag_in(body, "withVariablesInReturn") else DONE
