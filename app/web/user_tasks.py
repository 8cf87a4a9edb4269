"""User tasks: the page with form, history and diagram, and everything a person does with one."""

import json
from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.extensions import db
from app.models.user_task_place import assignee_of, find_visible_place
from app.operations.delegation import delegate_user_task, resolve_user_task
from app.operations.drafts import save_draft
from app.operations.failures import StepNotDone, record_failed_step
from app.operations.steps import CaseSuspended
from app.operations.user_task_rows import UserTaskChanged
from app.operations.user_tasks import (
    assign_user_task,
    claim_user_task,
    complete_user_task,
    unclaim_user_task,
)
from app.web.answers import wants_json, wants_partial
from app.web.case_tabs import add_case_tabs
from app.web.current import current_actor, current_person, current_time
from app.web.human_times import clock_time
from app.web.inbox import inbox_list
from app.web.looks import log_look
from app.web.navigation import current_view
from app.web.people_names import actor_names, name_of
from app.web.permissions import Permission, requires
from app.web.texts import gettext
from app.web.transactions import commits_itself, write_transaction
from app.web.user_task_detail import (
    Detail,
    conflict_detail,
    failed_detail,
    find_place,
    suspended_detail,
    user_task_detail,
)
from app.web.user_task_form import bind_user_task
from app.web.user_task_next import next_for_me

blueprint = Blueprint("user_tasks", __name__, url_prefix="/user-tasks")

# Buttons of dynamic lists send the form to see it changed, not to be done with it.
EDITING_BUTTONS = frozenset({"_add", "_remove"})


@blueprint.get("/<user_task_id>")
@requires(Permission.WORK)
def show(user_task_id: str) -> Response:
    """The form, with the customer's facts beside it."""
    return _show(user_task_id, "form")


def _show(user_task_id: str, tab: str) -> Response:
    place = find_place(user_task_id)
    log_look(place.instance.customer_id)
    return _render(user_task_detail(place, tab, is_done="done" in request.args))


add_case_tabs(blueprint, "/<user_task_id>", _show)


@blueprint.post("/<user_task_id>/claim")
@requires(Permission.WORK)
def claim(user_task_id: str) -> ResponseReturnValue:
    """Take it."""
    return _changed(
        user_task_id, lambda: claim_user_task(db.session(), user_task_id, actor=current_actor(), now=current_time())
    )


@blueprint.post("/<user_task_id>/unclaim")
@requires(Permission.WORK)
def unclaim(user_task_id: str) -> ResponseReturnValue:
    """Give it back to its group."""
    find_place(user_task_id)
    return _handed_on(
        user_task_id, lambda: unclaim_user_task(db.session(), user_task_id, actor=current_actor(), now=current_time())
    )


@blueprint.post("/<user_task_id>/assign")
@requires(Permission.WORK)
def assign(user_task_id: str) -> ResponseReturnValue:
    """Put it into another person's hands."""
    find_place(user_task_id)  # leaders may hand out, and see only what is theirs to see
    return _handed_on(
        user_task_id,
        lambda: assign_user_task(
            db.session(), user_task_id, request.form.get("assignee", ""),
            reason=request.form.get("reason") or None, actor=current_actor(), now=current_time(),
        ),
    )  # fmt: skip


@blueprint.post("/<user_task_id>/delegate")
@requires(Permission.WORK)
def delegate(user_task_id: str) -> ResponseReturnValue:
    """Lend it to somebody for an answer."""
    find_place(user_task_id)
    return _handed_on(
        user_task_id,
        lambda: delegate_user_task(
            db.session(), user_task_id, request.form.get("delegate", ""),
            question=request.form.get("question", ""), actor=current_actor(), now=current_time(),
        ),
    )  # fmt: skip


@blueprint.post("/<user_task_id>/resolve")
@requires(Permission.WORK)
def resolve(user_task_id: str) -> ResponseReturnValue:
    """Give it back to its owner with an answer, or take it back as its owner."""
    find_place(user_task_id)
    return _handed_on(
        user_task_id,
        lambda: resolve_user_task(
            db.session(), user_task_id, remark=request.form.get("remark", ""), actor=current_actor(),
            now=current_time(),
        ),
    )  # fmt: skip


@blueprint.post("/<user_task_id>/draft")
@requires(Permission.WORK)
def draft(user_task_id: str) -> ResponseReturnValue:
    """Keep what is typed so far."""
    place, now = find_place(user_task_id), current_time()
    bound = bind_user_task(place.user_task, place.instance, request.form)
    save_draft(
        db.session(), user_task_id, bound.raw(), base_revision=_revision() or 0, actor=current_actor(), now=now
    )
    if wants_json():
        time = clock_time(now, current_person().zone)
        return jsonify(message=gettext("Draft saved %(time)s", time=time))
    return _go_on(user_task_id)


@blueprint.post("/<user_task_id>/form")
@requires(Permission.WORK)
@commits_itself  # writes nothing: a field changed on which others depend, so the form is shown anew
def form_again(user_task_id: str) -> ResponseReturnValue:
    """The form as it is with what is typed now."""
    place = find_place(user_task_id)
    bound = bind_user_task(place.user_task, place.instance, request.form)
    if wants_partial():
        return render_template("user_tasks/_form_rows.html", bound=bound)
    return _render(user_task_detail(place, "form", bound=bound))


@blueprint.post("/<user_task_id>/complete")
@requires(Permission.WORK)
def complete(user_task_id: str) -> ResponseReturnValue:
    """Check the answers and complete the user task."""
    place = find_place(user_task_id)
    bound = bind_user_task(place.user_task, place.instance, request.form)
    if EDITING_BUTTONS.intersection(request.form):
        return _render(user_task_detail(place, "form", bound=bound))
    if not bound.validate():
        return _render(user_task_detail(place, "form", bound=bound), 422)
    try:
        recorded = complete_user_task(
            db.session(), user_task_id, bound.values(), revision=_revision(), is_claimed_implicitly=True,
            actor=current_actor(), now=current_time(),
        )  # fmt: skip
    except UserTaskChanged as conflict:
        return _refused(user_task_id, conflict, request.form)
    except StepNotDone as failure:
        return _failed(user_task_id, failure)
    except CaseSuspended as refusal:
        return _suspended(user_task_id, refusal)
    following = next_for_me(recorded.opened) or user_task_id
    return _go_on(following, is_done=True)


def _changed(user_task_id: str, change: Callable[[], object]) -> Response:
    """Do it and show the user task as it is now; both versions where somebody else was quicker."""
    try:
        change()
    except UserTaskChanged as conflict:
        return _refused(user_task_id, conflict)
    return _go_on(user_task_id)


def _handed_on(user_task_id: str, change: Callable[[], object]) -> Response:
    """As `_changed`, for what may put it out of one's own sight: then the list says whose it is now."""
    answer = _changed(user_task_id, change)
    if answer.status_code >= HTTPStatus.BAD_REQUEST or _is_visible(user_task_id):
        return answer
    flash(_whose_now(user_task_id))
    inbox_url = url_for("inbox.index", view=current_view())
    if not wants_partial():
        return make_response(redirect(inbox_url, 303))
    return make_response("", 200, {"HX-Redirect": inbox_url})


def _is_visible(user_task_id: str) -> bool:
    return find_visible_place(db.session(), current_person().id, user_task_id) is not None


def _whose_now(user_task_id: str) -> str:
    assignee_id = assignee_of(db.session(), user_task_id)
    if assignee_id is None:
        return gettext("Done. The task is back with its group.")
    return gettext("Done. The task is with %(person)s now.", person=name_of(assignee_id, actor_names([assignee_id])))


def _refused(user_task_id: str, conflict: UserTaskChanged, typed: MultiDict[str, str] | None = None) -> Response:
    """Both versions, with everything typed still in the form; without answers in the request the draft stays in it."""
    db.session.rollback()
    return _render(conflict_detail(find_place(user_task_id), conflict, typed), conflict.http_status)


def _failed(user_task_id: str, failure: StepNotDone) -> Response:
    """The diagram has a fault: an incident for its owner; what was typed is kept as a draft and stays in the form."""
    db.session.rollback()
    place = find_place(user_task_id)
    typed = bind_user_task(place.user_task, place.instance, request.form).raw()
    db.session.rollback()
    with write_transaction():
        record_failed_step(db.session(), failure, draft=typed, actor=current_actor(), now=current_time())
    return _render(failed_detail(find_place(user_task_id), failure, request.form), failure.http_status)


def _suspended(user_task_id: str, refusal: CaseSuspended) -> Response:
    """The case waits for its owner: what was typed is kept as a draft and stays in the form."""
    db.session.rollback()
    place = find_place(user_task_id)
    typed = bind_user_task(place.user_task, place.instance, request.form).raw()
    db.session.rollback()
    with write_transaction():
        save_draft(
            db.session(), user_task_id, typed, base_revision=_revision() or 0, actor=current_actor(), now=current_time()
        )
    return _render(suspended_detail(find_place(user_task_id), refusal, request.form), refusal.http_status)


def _render(detail: Detail, status: int = 200) -> Response:
    if wants_partial() and request.headers.get("HX-Request-Type") == "partial":
        return make_response(render_template("user_tasks/partial.html", detail=detail), status)
    inbox = inbox_list(open_id=detail.head.id)
    return make_response(render_template("inbox/page.html", inbox=inbox, detail=detail), status)


def _go_on(user_task_id: str, *, is_done: bool = False) -> Response:
    """To the page of a user task; htmx swaps it beside the list, which is read anew because something changed."""
    url = url_for("user_tasks.show", user_task_id=user_task_id, view=current_view(), done=1 if is_done else None)
    if not wants_partial():
        return make_response(redirect(url, 303))
    answer = make_response("", 200)
    answer.headers["HX-Location"] = json.dumps({"path": url, "target": "#detail"})
    answer.headers["HX-Trigger"] = "inbox-changed"
    return answer


def _revision() -> int | None:
    return request.form.get("revision", type=int)


