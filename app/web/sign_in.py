"""Signing in and out."""

import structlog
from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.extensions import db
from app.operations.first_run import is_first_run
from app.operations.second_factor import wanted_of_session
from app.operations.sign_in import TooManyAttempts, end_session, start_session
from app.operations.sign_in_places import note_sign_in
from app.operations.users import renew_outdated_hash
from app.web.current import current_person_or_none, session_time
from app.web.permissions import public, signed_in
from app.web.proofs import has_proved_password
from app.web.provider_sign_in import CAME_BY, provider_name
from app.web.rate_limits import within_limit
from app.web.redirects import safe_next
from app.web.sessions import close_browser_session, open_browser_session
from app.web.texts import gettext
from app.web.transactions import commits_itself, write_transaction

blueprint = Blueprint("sign_in", __name__)

log = structlog.get_logger(__name__)


@blueprint.get("/sign-in")
@public
def form() -> ResponseReturnValue:
    """The sign-in page; who is signed in goes on, and where nobody can sign in yet, to the set-up."""
    if current_person_or_none():
        return redirect(safe_next(request.args.get("next")))
    if is_first_run(db.session()):
        return redirect(url_for("first_run.begin"))
    return _show_form()


@blueprint.post("/sign-in")
@public
@commits_itself  # the check of the password takes long and needs no database
def sign_in() -> ResponseReturnValue:
    """Check name and password and open a session."""
    within_limit("sign_in")
    user_id = request.form.get("user_id", "").strip().lower()[:64]
    password = request.form.get("password", "")
    try:
        is_right = has_proved_password(user_id, password)
    except TooManyAttempts as error:
        log.warning("sign_in_throttled", seconds=error.retry_after)
        answer = _show_form(gettext(error.msgid, **error.params), status=error.http_status)
        answer.headers["Retry-After"] = str(error.retry_after)
        return answer
    if not is_right:
        log.warning("sign_in_failed")
        return _show_form(gettext("User name or password is wrong."), status=401)
    return _let_in(user_id, password)


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End the session on the server, and take the cookie away."""
    person = current_person_or_none()
    if person:
        end_session(db.session(), person.token_hash, person.id)
        log.info("signed_out", user=person.id)
    answer = redirect(url_for("sign_in.form", out="provider" if session.get(CAME_BY) else None))
    close_browser_session(answer)
    flash(gettext("You are signed out."))
    return answer


def _let_in(user_id: str, password: str) -> Response:
    before = current_person_or_none()
    with write_transaction():
        if before:
            end_session(db.session(), before.token_hash, before.id)
        renew_outdated_hash(db.session(), user_id, password)
        factor = wanted_of_session(db.session(), user_id)
        token = start_session(db.session(), user_id, request.user_agent.string, session_time(), second_factor=factor)
        note_sign_in(
            db.session(), user_id, request.user_agent.string, request.remote_addr or "", now=session_time()
        )
    log.info("signed_in", user=user_id)
    answer = redirect(safe_next(request.form.get("next")))
    open_browser_session(answer, token)
    return answer


def _show_form(problem: str | None = None, status: int = 200) -> Response:
    return make_response(
        render_template(
            "auth/sign_in.html",
            problem=problem,
            user_id=request.form.get("user_id", ""),
            next=safe_next(request.values.get("next"), ""),
            provider=provider_name(),
        ),
        status,
    )
