"""A new password for who forgot the old one, by a link that a mail or an administrator brings (W29)."""

import structlog
from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.errors import AppError
from app.extensions import db
from app.operations.password_links import VALID_FOR, PasswordLinkGone, use_password_link, user_of_link
from app.operations.password_mail import request_password_mail
from app.operations.passwords import LONGEST, SHORTEST
from app.operations.sign_in import TooManyAttempts, begin_attempt
from app.web.current import current_time, session_time
from app.web.permissions import public
from app.web.texts import gettext
from app.web.transactions import commits_itself, write_transaction

blueprint = Blueprint("password_reset", __name__, url_prefix="/password")

LONGEST_NAME, LONGEST_TOKEN = 64, 200

log = structlog.get_logger(__name__)


@blueprint.get("/forgotten")
@public
def forgotten() -> ResponseReturnValue:
    """Ask for the user name; without a mail server, say who can help."""
    return _ask_for_name()


@blueprint.post("/forgotten")
@public
@commits_itself  # the attempt is charged whatever becomes of the rest
def send() -> ResponseReturnValue:
    """Have the link sent; the answer is the same whether there is such a user or not."""
    user_id = request.form.get("user_id", "").strip().lower()[:LONGEST_NAME]
    if not _has_mail():
        return _ask_for_name()
    try:
        with write_transaction():
            begin_attempt(db.session(), f"{user_id}#forgotten", _address(), session_time())
            request_password_mail(db.session(), user_id, now=current_time())
    except TooManyAttempts as error:
        answer = _ask_for_name(error)
        answer.headers["Retry-After"] = str(error.retry_after)
        return answer
    log.info("password_link_asked")
    return _ask_for_name(is_sent=True)


@blueprint.get("/link/<token>")
@public
def form(token: str) -> ResponseReturnValue:
    """The form for the new password; looking at it uses nothing up: mail programs look at links as well."""
    try:
        return _ask_for_password(token)
    except PasswordLinkGone as error:
        return _gone(error)


@blueprint.post("/link/<token>")
@public
@commits_itself  # what is refused is shown after its transaction
def choose(token: str) -> ResponseReturnValue:
    """Set it; the person then signs in as always, with the second factor."""
    new = request.form.get("new_password", "")
    try:
        if new != request.form.get("new_password_again", ""):
            return _ask_for_password(token, gettext("The two new passwords differ. Type the new one twice."), 422)
        with write_transaction():
            user_id = use_password_link(db.session(), token[:LONGEST_TOKEN], new, now=session_time())
    except PasswordLinkGone as error:
        return _gone(error)
    except AppError as error:
        return _ask_for_password(token, gettext(error.msgid, **error.params), error.http_status)
    log.info("password_changed_by_link", user=user_id)
    flash(gettext("Your password is changed. Sign in with the new one."))
    return redirect(url_for("sign_in.form"), 303)


def _has_mail() -> bool:
    return current_app.extensions["surroundings"].mail is not None


def _address() -> str:
    """Apart from those of the sign-in: who asks for many links does not lock the others of an address out."""
    return f"{request.remote_addr or ''}#forgotten"


def _ask_for_name(error: AppError | None = None, *, is_sent: bool = False) -> Response:
    text = render_template(
        "auth/forgotten.html",
        problem=gettext(error.msgid, **error.params) if error else None, is_sent=is_sent, has_mail=_has_mail(),
        user_id=request.form.get("user_id", ""), minutes=int(VALID_FOR.total_seconds() // 60),
    )  # fmt: skip
    return make_response(text, error.http_status if error else 200)


def _ask_for_password(token: str, problem: str | None = None, status: int = 200) -> Response:
    user = user_of_link(db.session(), token[:LONGEST_TOKEN], now=session_time())
    text = render_template(
        "auth/password_link.html", token=token, user_id=user.id, problem=problem, shortest=SHORTEST, longest=LONGEST
    )
    return make_response(text, status)


def _gone(error: PasswordLinkGone) -> Response:
    return make_response(render_template("auth/link_gone.html", problem=gettext(error.msgid)), error.http_status)
