"""What people do with their own account: change the password, see and end their sessions."""

import structlog
from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError
from app.extensions import db
from app.models.signed_in_person import sessions_of
from app.operations.passwords import LONGEST, SHORTEST, PasswordRefused
from app.operations.sign_in import TooManyAttempts, end_session, start_session
from app.operations.users import choose_own_password
from app.web.current import current_person, session_time
from app.web.permissions import signed_in
from app.web.proofs import has_proved_password
from app.web.sessions import open_browser_session
from app.web.texts import gettext
from app.web.transactions import commits_itself, write_transaction

blueprint = Blueprint("account", __name__)

log = structlog.get_logger(__name__)


@blueprint.get("/password")
@signed_in
def password() -> ResponseReturnValue:
    """The page to change the own password."""
    return _show_form()


@blueprint.post("/password")
@signed_in
@commits_itself  # the check of the password takes long and needs no database
def change_password() -> ResponseReturnValue:
    """Change it: proves the present one again, ends all sessions, opens a new one here."""
    new = request.form.get("new_password", "")
    if new != request.form.get("new_password_again", ""):
        return _show_form(gettext("The two new passwords differ. Type the new one twice."), 422)
    try:
        if not has_proved_password(current_person().id, request.form.get("password", "")):
            log.warning("password_change_failed", user=current_person().id)
            return _show_form(gettext("The present password is wrong."), 422)
        token = _change(new)
    except (PasswordRefused, TooManyAttempts) as error:
        return _show_form(_text(error), error.http_status)
    answer = redirect(url_for("sign_in.form"))  # which leads on to the inbox
    open_browser_session(answer, token)
    flash(gettext("Your password is changed. You are signed out everywhere else."))
    return answer


@blueprint.get("/sessions")
@signed_in
def sessions() -> ResponseReturnValue:
    """Where the person is signed in."""
    person = current_person()
    return render_template(
        "auth/sessions.html", sessions=sessions_of(db.session(), person.id, session_time()), own=person.token_hash
    )


@blueprint.post("/sessions/end")
@signed_in
def end() -> ResponseReturnValue:
    """End one of the own sessions; of other people's it knows nothing."""
    name = request.form.get("session", "")
    for web_session in sessions_of(db.session(), current_person().id, session_time()):
        if web_session.token_hash.hex() == name:
            end_session(db.session(), web_session.token_hash, current_person().id)
            log.info("session_ended", user=current_person().id)
    return redirect(url_for("account.sessions"))


def _change(new: str) -> str:
    person = current_person()
    with write_transaction():
        choose_own_password(db.session(), person.id, new, now=session_time())
        token = start_session(
            db.session(), person.id, request.user_agent.string, session_time(), second_factor=person.second_factor
        )
    log.info("password_changed", user=person.id)
    return token


def _text(error: AppError) -> str:
    return str(gettext(error.msgid, **error.params))


def _show_form(problem: str | None = None, status: int = 200) -> Response:
    return make_response(
        render_template("auth/password.html", problem=problem, shortest=SHORTEST, longest=LONGEST), status
    )
