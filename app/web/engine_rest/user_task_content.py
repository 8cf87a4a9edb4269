"""/task/{id}/…: its form, its candidates, what people and programs wrote and added about it."""

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from app.errors import NotFound
from app.extensions import db
from app.i18n import N_
from app.models.case_content import Attachment, Comment
from app.models.case_content_queries import attachments_of, comments_of, visible_attachment, visible_comment
from app.models.program_user_tasks import candidates_of
from app.operations.attachments import AttachmentNotFound, remove_attachment
from app.operations.comments import CommentNotFound, write_comment
from app.operations.definitions import load_definition
from app.web.bearers import needs_scope
from app.web.body_limits import receives_files
from app.web.camunda_errors import MalformedRequest, NotOffered
from app.web.current import current_actor, current_person, current_time, this_request
from app.web.engine_rest.bodies import needed_text, read_body
from app.web.engine_rest.case_values import values_in_scope
from app.web.engine_rest.definitions import form_file
from app.web.engine_rest.moments import write_moment
from app.web.engine_rest.resource import DONE, REASON, resource
from app.web.engine_rest.user_tasks import form_reference
from app.web.engine_rest.variables import write_variables
from app.web.looks import log_look
from app.web.permissions import Permission, requires
from app.web.rate_limits import within_limit
from app.web.receiving_files import receiving_files
from app.web.stored_files import file_answer, stored_content
from app.web.transactions import commits_itself
from app.web.user_task_detail import find_place

blueprint = resource("task_content", "/task/<user_task_id>")


@blueprint.get("/form")
@requires(Permission.WORK)
@needs_scope("read")
def form(user_task_id: str) -> ResponseReturnValue:
    """The key of its form."""
    form_key = find_place(user_task_id).user_task.form_key
    return {"key": form_key, "camundaFormRef": form_reference(form_key), "contextPath": None}


@blueprint.get("/deployed-form")
@requires(Permission.WORK)
@needs_scope("read")
def deployed_form(user_task_id: str) -> ResponseReturnValue:
    """Its form as it was deployed."""
    user_task = find_place(user_task_id).user_task
    return form_file(user_task.definition_id, user_task.form_key)


@blueprint.get("/form-variables")
@requires(Permission.WORK)
@needs_scope("read")
def form_variables(user_task_id: str) -> ResponseReturnValue:
    """What its form asks for, with the values there are; without a form all that it sees."""
    place = find_place(user_task_id)
    log_look(place.instance.customer_id)
    values = values_in_scope(place.instance.id, place.user_task.execution_id)
    found = load_definition(db.session(), place.user_task.definition_id).forms.get(place.user_task.form_key or "")
    names = found.keys if found else values.keys()
    wanted = this_request().args.get("variableNames")
    chosen = names if wanted is None else set(wanted.split(",")) & set(names)
    return write_variables({name: values.get(name) for name in sorted(chosen)})


@blueprint.get("/identity-links")
@requires(Permission.WORK)
@needs_scope("read")
def identity_links(user_task_id: str) -> ResponseReturnValue:
    """Who has it, who delegated it, who may do it."""
    user_task = find_place(user_task_id).user_task
    links = [
        _link(user_id, None, kind)
        for kind, user_id in (("assignee", user_task.assignee_id), ("owner", user_task.owner_id))
        if user_id
    ]
    for kind, found in db.session.execute(candidates_of(user_task_id)):
        links.append(_link(found if kind == "user" else None, found if kind == "group" else None, "candidate"))
    wanted = this_request().args.get("type")
    return [link for link in links if wanted in (None, link["type"])]


@blueprint.get("/comment")
@requires(Permission.READ_CASES)
@needs_scope("read")
def comments(user_task_id: str) -> ResponseReturnValue:
    """What was written about it."""
    place = find_place(user_task_id)
    log_look(place.instance.customer_id)
    return [
        shape_comment(one) for one in comments_of(db.session(), place.instance.id) if one.user_task_id == user_task_id
    ]


@blueprint.get("/comment/<comment_id>")
@requires(Permission.READ_CASES)
@needs_scope("read")
def comment(user_task_id: str, comment_id: str) -> ResponseReturnValue:
    """One comment."""
    log_look(find_place(user_task_id).instance.customer_id)
    found = visible_comment(db.session(), current_person().id, comment_id)
    if found is None or found.user_task_id != user_task_id:
        raise CommentNotFound
    return shape_comment(found)


@blueprint.post("/comment/create")
@requires(Permission.WORK)
@needs_scope("work")
def write(user_task_id: str) -> ResponseReturnValue:
    """Write about it."""
    place, text = find_place(user_task_id), needed_text(read_body(), "message")
    comment_id = write_comment(
        db.session(), place.instance.id, text, user_task_id=user_task_id, actor=current_actor(), now=current_time()
    )
    return shape_comment(db.session.get_one(Comment, comment_id))


@blueprint.get("/attachment")
@requires(Permission.READ_CASES)
@needs_scope("read")
def attachments(user_task_id: str) -> ResponseReturnValue:
    """The files added to it."""
    place = find_place(user_task_id)
    log_look(place.instance.customer_id)
    found = attachments_of(db.session(), place.instance.id)
    return [_attachment(one) for one in found if one.user_task_id == user_task_id and one.state == "available"]


@blueprint.get("/attachment/<attachment_id>")
@requires(Permission.READ_CASES)
@needs_scope("read")
def attachment(user_task_id: str, attachment_id: str) -> ResponseReturnValue:
    """One file."""
    log_look(find_place(user_task_id).instance.customer_id)
    return _attachment(_existing(user_task_id, attachment_id))


@blueprint.get("/attachment/<attachment_id>/data")
@requires(Permission.READ_CASES)
@needs_scope("read")
def attachment_data(user_task_id: str, attachment_id: str) -> Response:
    """Its content."""
    log_look(find_place(user_task_id).instance.customer_id)
    found = _existing(user_task_id, attachment_id)
    if found.state != "available":
        raise NotFound(N_("This file is not given out: it was removed, erased or locked away."))
    content = stored_content(found.stored_name, found.subject_id)
    return file_answer(content, found.media_type, found.size, found.original_name)


@blueprint.post("/attachment/create")
@requires(Permission.WORK)
@needs_scope("work")
@receives_files
@commits_itself  # the file is stored first, its row written then
def add(user_task_id: str) -> ResponseReturnValue:
    """Add a file."""
    within_limit("upload")
    place, sent = find_place(user_task_id), this_request()
    upload = sent.files.get("content")
    if upload is None:
        if sent.form.get("url"):
            raise NotOffered("url (attachment)")
        raise MalformedRequest(N_("Send at least one file."))
    upload.filename = upload.filename or sent.form.get("attachment-name")
    attachment_id = receiving_files().receive(upload, place.instance.id, user_task_id)
    return _attachment(db.session.get_one(Attachment, attachment_id))


@blueprint.delete("/attachment/<attachment_id>")
@requires(Permission.WORK)
@needs_scope("work")
def remove(user_task_id: str, attachment_id: str) -> ResponseReturnValue:
    """Destroy a file; the history keeps its name and hash."""
    find_place(user_task_id)
    _existing(user_task_id, attachment_id)
    remove_attachment(db.session(), attachment_id, REASON, actor=current_actor(), now=current_time())
    return DONE


def _existing(user_task_id: str, attachment_id: str) -> Attachment:
    found = visible_attachment(db.session(), current_person().id, attachment_id)
    if found is None or found.user_task_id != user_task_id:
        raise AttachmentNotFound
    return found


def _link(user_id: str | None, group_id: str | None, kind: str) -> dict[str, Any]:
    return {"userId": user_id, "groupId": group_id, "type": kind}


def shape_comment(found: Comment) -> dict[str, Any]:
    """A comment as clients know it."""
    return {
        "links": [],
        "id": found.id,
        "userId": found.author_id,
        "taskId": found.user_task_id,
        "processInstanceId": found.instance_id,
        "time": write_moment(found.written_at),
        "message": found.text,
        "removalTime": None,
        "rootProcessInstanceId": found.instance_id,
    }


def _attachment(found: Attachment) -> dict[str, Any]:
    return {
        "links": [],
        "id": found.id,
        "name": found.original_name,
        "description": None,
        "taskId": found.user_task_id,
        "type": found.media_type,
        "url": None,
        "createTime": write_moment(found.uploaded_at),
        "removalTime": None,
        "rootProcessInstanceId": found.instance_id,
    }
