"""What is dangerous is done only by who proved within ten minutes to be the one signed in (W09).

A stale request is answered with a page that asks for the password and then sends the same form again, with everything
that was typed. Marked views cost one statement more; no other view does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from flask import Blueprint, Request, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.errors import AppError, NotAllowed
from app.extensions import db
from app.i18n import N_
from app.models.signed_in_person import proof_of_session
from app.operations.sign_in import TooManyAttempts, confirm_session
from app.web.answers import wants_page
from app.web.current import current_person, session_time
from app.web.permissions import SAFE_METHODS, signed_in
from app.web.proofs import has_proved_code, has_proved_password
from app.web.redirects import here, safe_next
from app.web.texts import gettext
from app.web.transactions import commits_itself, write_transaction

blueprint = Blueprint("reauthentication", __name__)

View = TypeVar("View", bound=Callable[..., Any])
MARK = "aftercare_recent_sign_in"
RECENT = timedelta(minutes=10)
PASSWORD, CODE = "again_password", "again_code"
NOT_REPEATED = (PASSWORD, CODE, "csrf_token")

log = structlog.get_logger(__name__)


class RecentSignInNeeded(NotAllowed):
    """The sign-in is too long ago for this, and who asks cannot be shown a page."""

    def __init__(self) -> None:
        super().__init__(N_("This needs a recent sign-in. Prove that it is you in another tab, then do it again here."))


@dataclass(frozen=True, slots=True)
class Proof:
    """How a person can prove who they are: by password, else by code, else by signing in anew."""

    has_password: bool
    has_code: bool
    is_recent: bool


def recent_sign_in_required(view: View) -> View:
    """Unsafe requests for this view need a proof of at most ten minutes ago; goes below the permission."""
    setattr(view, MARK, True)
    return view


def demand_recent_sign_in(asking: Request) -> Response | None:
    """Before each request: ask again who somebody is, where the view demands it."""
    view = current_app.view_functions.get(asking.endpoint or "")
    if not getattr(view, MARK, False) or asking.method in SAFE_METHODS:
        return None
    proof = _proof()
    if proof.is_recent:
        return None
    if not wants_page():
        raise RecentSignInNeeded
    problem: AppError | str | None = None
    if PASSWORD in request.form or CODE in request.form:
        problem = _problem(proof)
        if problem is None:
            return None
    return _ask(proof, problem, 403)


@blueprint.get("/sign-in/again")
@signed_in
def form() -> ResponseReturnValue:
    """Prove it before anything asks, or in a tab of its own."""
    return _ask(_proof(), None, 200)


@blueprint.post("/sign-in/again")
@signed_in
@commits_itself  # the check of the password takes long and needs no database
def prove() -> ResponseReturnValue:
    """Prove it and go on."""
    proof = _proof()
    problem = _problem(proof)
    if problem is not None:
        return _ask(proof, problem, 422)
    flash(gettext("Thank you. Go on where you were."))
    return redirect(safe_next(request.form.get("next")), 303)


def _proof() -> Proof:
    has_password, has_code, proved_at = proof_of_session(db.session(), current_person().token_hash)
    db.session.rollback()
    return Proof(has_password, has_code, proved_at is not None and session_time() - proved_at < RECENT)


def _problem(proof: Proof) -> AppError | str | None:
    """Check what was sent; None when it was right, and the session is as good as new."""
    person = current_person()
    try:
        if proof.has_password:
            is_right = has_proved_password(person.id, request.form.get(PASSWORD, ""))
        else:
            is_right = proof.has_code and has_proved_code(person.id, request.form.get(CODE, ""))
    except TooManyAttempts as error:
        return error
    if not is_right:
        log.warning("reauthentication_failed", user=person.id)
        return gettext("The password is wrong.") if proof.has_password else gettext("The code is wrong or was used.")
    with write_transaction():
        confirm_session(db.session(), person.token_hash, session_time())
    log.info("reauthenticated", user=person.id)
    return None


def _ask(proof: Proof, problem: AppError | str | None, status: int) -> Response:
    is_own_page = request.endpoint in (f"{blueprint.name}.form", f"{blueprint.name}.prove")
    text = gettext(problem.msgid, **problem.params) if isinstance(problem, AppError) else problem
    page = render_template(
        "auth/again.html",
        proof=proof, problem=text, password=PASSWORD, code=CODE, minutes=int(RECENT.total_seconds() // 60),
        action=url_for("reauthentication.prove") if is_own_page else here(),
        next=safe_next(request.values.get("next"), "") if is_own_page else "",
        typed=[] if is_own_page else _typed(),
        files=sorted(name for name, file in request.files.items(multi=True) if file.filename),
    )  # fmt: skip
    answer = make_response(page, problem.http_status if isinstance(problem, AppError) else status)
    if isinstance(problem, TooManyAttempts):
        answer.headers["Retry-After"] = str(problem.retry_after)
    return answer


def _typed() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_REPEATED]
