"""Files of cases: added, downloaded, looked at as small pictures, removed."""

from dataclasses import dataclass

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.errors import AppError, InvalidInput, NotFound
from app.extensions import db
from app.files import FileRefused
from app.i18n import N_
from app.models.case_content import Attachment
from app.models.case_content_queries import pages_of, visible_attachment
from app.models.case_details import visible_instance
from app.operations.attachments import AttachmentNotFound, remove_attachment
from app.web.answers import wants_json, wants_partial
from app.web.body_limits import receives_files
from app.web.content_places import back_to, existing_case, named_user_task
from app.web.current import current_actor, current_person, current_time
from app.web.file_list import FileList, file_list
from app.web.looks import log_look
from app.web.permissions import Permission, requires
from app.web.rate_limits import within_limit
from app.web.receiving_files import receiving_files
from app.web.stored_files import file_answer, stored_content
from app.web.texts import gettext, ngettext
from app.web.transactions import commits_itself

blueprint = Blueprint("attachments", __name__)

MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not added, and why."""

    name: str
    message: str
    status: int


@blueprint.get("/cases/<instance_id>/files/list")
@requires(Permission.READ_CASES)
def listing(instance_id: str) -> str:
    """The list alone: pages ask for it when something changed."""
    return _section(instance_id)


@blueprint.post("/cases/<instance_id>/files")
@requires(Permission.WORK)
@receives_files
@commits_itself  # receiving takes as long as the sender's line: the files are stored first, their rows written then
def add(instance_id: str) -> ResponseReturnValue:
    """Add the files that were sent; each is added or refused for itself."""
    within_limit("upload")
    existing_case(instance_id)
    user_task_id = named_user_task()
    uploads = [upload for upload in request.files.getlist("file") if upload.filename]
    if not uploads:
        raise InvalidInput(N_("Choose a file first."))
    if len(uploads) > MOST_AT_ONCE:
        raise FileRefused(N_("Add at most %(most)s files at a time."), most=MOST_AT_ONCE)
    refused = []
    for upload in uploads:
        try:
            receiving_files().receive(upload, instance_id, user_task_id)
        except AppError as refusal:
            db.session.rollback()
            message = gettext(refusal.msgid, **refusal.params)
            refused.append(Refused(upload.filename or "", message, refusal.http_status))
    return _answer(instance_id, len(uploads) - len(refused), refused, user_task_id)


@blueprint.get("/attachments/<attachment_id>")
@requires(Permission.READ_CASES)
def download(attachment_id: str) -> Response:
    """The file itself, to be saved."""
    attachment = _given_out(attachment_id)
    content = stored_content(attachment.stored_name, attachment.subject_id)
    return file_answer(content, attachment.media_type, attachment.size, attachment.original_name)


@blueprint.get("/attachments/<attachment_id>/preview/<int:page>")
@requires(Permission.READ_CASES)
def preview(attachment_id: str, page: int) -> Response:
    """A picture of the file: 0 is the small one, then its first pages."""
    attachment = _existing(attachment_id)
    pages = pages_of(db.session(), [attachment.id]).get(attachment.id, [])
    found = next((entry for entry in pages if entry.number == page), None)
    if found is None or attachment.state != "available":
        raise NotFound(N_("This file has no such page to look at."))
    return file_answer(stored_content(found.stored_name, attachment.subject_id), found.media_type, found.size)


@blueprint.post("/attachments/<attachment_id>/remove")
@requires(Permission.WORK)
def remove(attachment_id: str) -> ResponseReturnValue:
    """Destroy the file; the history keeps its name and hash."""
    attachment = _existing(attachment_id)
    instance_id, reason = attachment.case_id, request.form.get("reason", "")
    try:
        remove_attachment(db.session(), attachment_id, reason, actor=current_actor(), now=current_time())
    except InvalidInput as refusal:
        if not wants_partial():
            raise
        db.session.rollback()
        message = gettext(refusal.msgid, **refusal.params)
        return make_response(_section(instance_id, {attachment_id: message}), refusal.http_status)
    if wants_partial():
        return _section(instance_id)
    flash(gettext("The file was removed."), "message")
    return redirect(back_to(instance_id, named_user_task(), "files"), 303)


def _answer(instance_id: str, added: int, refused: list[Refused], user_task_id: str | None) -> ResponseReturnValue:
    if wants_json():
        answer = jsonify(
            added=added,
            refused=[{"name": file.name, "message": file.message} for file in refused],
            message=refused[0].message if refused else gettext("Added"),
        )
        return answer, refused[0].status if refused and not added else 200
    if added:
        flash(ngettext("One file was added.", "%(num)d files were added.", added), "message")
    for file in refused:
        flash(f"{file.name}: {file.message}", "error")
    return redirect(back_to(instance_id, user_task_id, "files"), 303)


def _existing(attachment_id: str) -> Attachment:
    found = visible_attachment(db.session(), current_person().id, attachment_id)
    if found is None:
        raise AttachmentNotFound
    return found


def _given_out(attachment_id: str) -> Attachment:
    """The file, once it is written down who looks at it."""
    asked_for = _existing(attachment_id)
    if asked_for.instance_id is None:
        log_look(asked_for.subject_id)
    else:
        case = visible_instance(db.session(), current_person().id, asked_for.instance_id)
        log_look(case.customer_id if case else None)
    found = _existing(attachment_id)
    if found.state == "pending":
        raise NotFound(N_("This file is still being checked for viruses. Try again in a minute."))
    if found.state != "available":
        raise NotFound(N_("This file is not given out: it was removed, erased or locked away."))
    return found


def _section(instance_id: str, problems: dict[str, str] | None = None) -> str:
    files: FileList = file_list(existing_case(instance_id), named_user_task(), problems)
    return render_template("cases/_file_rows.html", files=files)
