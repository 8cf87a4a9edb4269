"""/task/{id}: its dates, its priority and who may take it changed; an escalation of the diagram thrown from it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models.program_user_tasks import USER_TASKS
from app.operations.cases import UserTaskNotFound
from app.operations.user_task_editing import (
    Candidate,
    UserTaskDates,
    add_candidate,
    change_user_task,
    remove_candidate,
)
from app.operations.user_tasks import assign_user_task, escalate_user_task
from app.web.bearers import needs_scope
from app.web.camunda_errors import NotOffered, missing_is
from app.web.current import current_actor, current_time
from app.web.engine_rest.bodies import missing_value, needed_text, number_in, object_in, read_body, text_in
from app.web.engine_rest.lists import found_in
from app.web.engine_rest.moments import read_kept_moment
from app.web.engine_rest.resource import DONE, resource
from app.web.engine_rest.user_task_changes import give_back, refuse_others_than_owners
from app.web.engine_rest.user_tasks import shape
from app.web.engine_rest.variables import read_variables
from app.web.engine_rest.versions import if_match
from app.web.permissions import Permission, requires
from app.web.user_task_detail import find_place

blueprint = resource("task_editing", "/task/<user_task_id>")

# What a user task has from its diagram, its case or its delegation.
FIXED = ("name", "description", "owner", "delegationState", "parentTaskId", "caseInstanceId", "tenantId")


@blueprint.put("")
@requires(Permission.WORK)
@needs_scope("work")
@missing_is(500)
@if_match
def change(user_task_id: str) -> ResponseReturnValue:
    """Give it other dates, another priority, another assignee. What the body does not name stays."""
    found, body = found_in(USER_TASKS, user_task_id, UserTaskNotFound), read_body()
    shown = shape(found)
    for name in FIXED:
        if name in body and body[name] != shown[name]:
            raise NotOffered(f"{name} (PUT /task)")
    session, actor, now = db.session(), current_actor(), current_time()
    priority = number_in(body, "priority")
    dates = UserTaskDates(
        _moment(body, "due", found.due_at),
        _moment(body, "followUp", found.follow_up_at),
        found.priority if priority is None else priority,
    )
    if dates != UserTaskDates(found.due_at, found.follow_up_at, found.priority):
        change_user_task(session, user_task_id, dates, actor=actor, now=now)
    if "assignee" in body and body["assignee"] != found.assignee_id:
        _put_into_hands(user_task_id, text_in(body, "assignee"))
    return DONE


@blueprint.post("/identity-links")
@requires(Permission.WORK)
@needs_scope("work")
@missing_is(500)
@if_match
def add_link(user_task_id: str) -> ResponseReturnValue:
    """Offer it to one more group or person, or put it into somebody's hands."""
    find_place(user_task_id)
    kind, body = _kind_of_link()
    if kind == "assignee":
        _put_into_hands(user_task_id, needed_text(body, "userId"))
    else:
        add_candidate(db.session(), user_task_id, _candidate(body), actor=current_actor(), now=current_time())
    return DONE


@blueprint.post("/identity-links/delete")
@requires(Permission.WORK)
@needs_scope("work")
@missing_is(500)
@if_match
def remove_link(user_task_id: str) -> ResponseReturnValue:
    """Offer it to a group or person no more, or take it out of somebody's hands."""
    place = find_place(user_task_id)
    kind, body = _kind_of_link()
    if kind != "assignee":
        remove_candidate(db.session(), user_task_id, _candidate(body), actor=current_actor(), now=current_time())
    elif place.user_task.assignee_id == needed_text(body, "userId"):
        _put_into_hands(user_task_id, None)
    return DONE


@blueprint.post("/bpmnEscalation")
@requires(Permission.WORK)
@needs_scope("work")
@missing_is(500)
@if_match
def escalate(user_task_id: str) -> ResponseReturnValue:
    """Let it throw an escalation that the diagram catches; as with errors that is for owners of cases alone."""
    place, body = find_place(user_task_id), read_body()
    refuse_others_than_owners(place.instance.site_id)
    code, values = needed_text(body, "escalationCode"), read_variables(object_in(body, "variables"))
    escalate_user_task(db.session(), user_task_id, code, values, actor=current_actor(), now=current_time())
    return DONE


def _kind_of_link() -> tuple[str, Mapping[str, Any]]:
    body = read_body()
    kind = needed_text(body, "type")
    if kind not in ("assignee", "candidate"):
        raise NotOffered(f"{kind:.40} (identity-links)")
    return kind, body


def _candidate(body: Mapping[str, Any]) -> Candidate:
    user_id, group_id = text_in(body, "userId"), text_in(body, "groupId")
    if user_id:
        return Candidate("user", user_id)
    if not group_id:
        raise missing_value("userId")
    return Candidate("group", group_id)


def _put_into_hands(user_task_id: str, person_id: str | None) -> None:
    if person_id is None:
        give_back(user_task_id)
    else:
        assign_user_task(db.session(), user_task_id, person_id, actor=current_actor(), now=current_time())


def _moment(body: Mapping[str, Any], name: str, otherwise: datetime | None) -> datetime | None:
    """What the body says, None among it; to the millisecond, so that what was read and sent back changes nothing."""
    if name not in body:
        return otherwise
    if body[name] is None:
        return None
    sent = read_kept_moment(body[name])
    is_same = otherwise is not None and otherwise.replace(microsecond=otherwise.microsecond // 1000 * 1000) == sent
    return otherwise if is_same else sent
