"""The discussion of a case: written, changed, and the people who can be mentioned in it."""

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.errors import AppError, Conflict, InvalidInput
from app.extensions import db
from app.models.case_content_queries import people_who_see, visible_comment
from app.operations.comments import CommentNotFound, edit_comment, write_comment
from app.web.answers import wants_partial
from app.web.content_places import back_to, existing_case, named_user_task
from app.web.current import current_actor, current_person, current_time
from app.web.discussion_view import Typed, discussion_of
from app.web.permissions import Permission, requires
from app.web.texts import gettext

blueprint = Blueprint("comments", __name__)

LONGEST_SEARCH = 60  # characters of a name


@blueprint.get("/cases/<instance_id>/discussion/list")
@requires(Permission.READ_CASES)
def listing(instance_id: str) -> str:
    """The comments alone: pages ask for them when something changed."""
    discussion = discussion_of(existing_case(instance_id), named_user_task())
    return render_template("cases/_comments.html", discussion=discussion)


@blueprint.post("/cases/<instance_id>/discussion")
@requires(Permission.WORK)
def add(instance_id: str) -> ResponseReturnValue:
    """Write a comment."""
    existing_case(instance_id)
    user_task_id, text = named_user_task(), request.form.get("text", "")
    try:
        write_comment(
            db.session(), instance_id, text, user_task_id=user_task_id, actor=current_actor(), now=current_time()
        )
    except (InvalidInput, Conflict) as refusal:
        return _refused(instance_id, user_task_id, "", text, refusal)
    return _done(instance_id, user_task_id)


@blueprint.post("/comments/<comment_id>")
@requires(Permission.WORK)
def edit(comment_id: str) -> ResponseReturnValue:
    """Word a comment of one's own anew."""
    comment = visible_comment(db.session(), current_person().id, comment_id)
    if comment is None:
        raise CommentNotFound
    instance_id, user_task_id, text = comment.instance_id, named_user_task(), request.form.get("text", "")
    try:
        edit_comment(db.session(), comment_id, text, actor=current_actor(), now=current_time())
    except (InvalidInput, Conflict) as refusal:
        return _refused(instance_id, user_task_id, comment_id, text, refusal)
    return _done(instance_id, user_task_id)


@blueprint.get("/cases/<instance_id>/people")
@requires(Permission.READ_CASES)
def people(instance_id: str) -> Response:
    """Who can be mentioned: people who may see the case, by a piece of their name (W03)."""
    words = request.args.get("q", "")[:LONGEST_SEARCH].strip()
    found = people_who_see(db.session(), existing_case(instance_id).id, words=words)
    return jsonify(people=[{"id": user_id, "name": name} for user_id, name in found])


def _done(instance_id: str, user_task_id: str | None) -> ResponseReturnValue:
    if wants_partial():
        return _section(instance_id, user_task_id)
    return redirect(back_to(instance_id, user_task_id, "discussion"), 303)


def _refused(
    instance_id: str, user_task_id: str | None, comment_id: str, text: str, refusal: AppError
) -> ResponseReturnValue:
    """The section again with everything typed in it, and why it was not taken."""
    db.session.rollback()
    problem = gettext(refusal.msgid, **refusal.params)
    return make_response(_section(instance_id, user_task_id, Typed(comment_id, text, problem)), refusal.http_status)


def _section(instance_id: str, user_task_id: str | None, typed: Typed | None = None) -> str:
    """Without a script it is a page of its own, enough to go on from."""
    template = "cases/_discussion.html" if wants_partial() else "cases/discussion_page.html"
    instance = existing_case(instance_id)
    back = back_to(instance_id, user_task_id, "discussion")
    return render_template(
        template, discussion=discussion_of(instance, user_task_id, typed), instance=instance, back_url=back
    )
