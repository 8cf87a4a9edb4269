"""The second factor: asked for at sign-in, set up and removed by each person (W16, W26, W27)."""

import segno
import structlog
from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from pyotp import TOTP
from werkzeug.wrappers import Response

from app.errors import AppError
from app.extensions import db
from app.operations import second_factor as factors
from app.operations.sign_in import TooManyAttempts, end_session, start_session
from app.web.current import current_actor, current_person, session_time
from app.web.permissions import signed_in
from app.web.proofs import LONGEST_CODE, charged_attempt, has_proved_code, second_factor_secrets
from app.web.reauthentication import recent_sign_in_required
from app.web.redirects import safe_next
from app.web.sessions import open_browser_session
from app.web.texts import gettext
from app.web.transactions import commits_itself, write_transaction

blueprint = Blueprint("second_factor", __name__)

ISSUER = "Aftercare"

log = structlog.get_logger(__name__)


@blueprint.get("/second-factor")
@signed_in
def form() -> ResponseReturnValue:
    """Ask for the code."""
    if current_person().second_factor != "awaited":
        return redirect(safe_next(request.args.get("next")))
    return render_template("auth/second_factor.html", next=safe_next(request.args.get("next"), ""))


@blueprint.post("/second-factor")
@signed_in
@commits_itself  # the attempt is charged whatever becomes of the rest
def check() -> ResponseReturnValue:
    """Check the code and go on in a new session."""
    person, wish = current_person(), request.form.get("next")
    if person.second_factor != "awaited":
        return redirect(safe_next(wish))
    try:
        is_right = has_proved_code(person.id, _code())
        problem: AppError | None = None if is_right else factors.WrongCode()
    except TooManyAttempts as error:
        problem = error
    if problem is not None:
        log.warning("second_factor_failed", user=person.id)
        return _refused("auth/second_factor.html", problem, next=safe_next(wish, ""))
    log.info("second_factor_passed", user=person.id)
    return _in_new_session(redirect(safe_next(wish)))


@blueprint.get("/account/second-factor")
@signed_in
def set_up() -> ResponseReturnValue:
    """The authenticator of the person: what there is, or how to set one up."""
    person = current_person()
    if factors.has_second_factor(db.session(), person.id):
        return render_template(
            "auth/second_factor_present.html", left=factors.recovery_codes_left(db.session(), person.id)
        )
    return render_template("auth/second_factor_set_up.html", next=_wish(), **_picture())


@blueprint.post("/account/second-factor/begin")
@signed_in
def begin() -> ResponseReturnValue:
    """Make the secret that the phone will share."""
    factors.begin_set_up(db.session(), current_person().id, second_factor_secrets(), now=session_time())
    return redirect(url_for("second_factor.set_up", next=_wish() or None), 303)


@blueprint.post("/account/second-factor")
@signed_in
@commits_itself  # the attempt is charged whatever becomes of the rest
def confirm() -> ResponseReturnValue:
    """The first right code: show the recovery codes, this once."""
    person = current_person()
    try:
        with charged_attempt(person.id):
            codes = factors.confirm_set_up(
                db.session(), person.id, _code(), second_factor_secrets(), now=session_time()
            )
    except (factors.WrongCode, TooManyAttempts) as error:
        return _refused("auth/second_factor_set_up.html", error, next=_wish(), **_picture())
    log.info("second_factor_set_up", user=person.id)
    return _in_new_session(make_response(render_template("auth/recovery_codes.html", codes=codes, next=_wish())))


@blueprint.post("/account/second-factor/recovery-codes")
@signed_in
@recent_sign_in_required
def codes() -> ResponseReturnValue:
    """New recovery codes."""
    new = factors.renew_recovery_codes(db.session(), current_person().id, now=session_time())
    return render_template("auth/recovery_codes.html", codes=new)


@blueprint.post("/account/second-factor/remove")
@signed_in
@recent_sign_in_required
@commits_itself  # the session ends in a second transaction, and another begins
def remove() -> ResponseReturnValue:
    """Remove the authenticator; whose group demands one must set up another at once."""
    with write_transaction():
        factors.remove_second_factor(db.session(), current_person().id, actor=current_actor(), now=session_time())
    log.info("second_factor_removed", user=current_person().id)
    flash(gettext("The authenticator is removed."))
    return _in_new_session(redirect(url_for("second_factor.set_up"), 303))


def _wish() -> str:
    """Where to go on afterwards, where somebody came from a page that leads on."""
    return safe_next(request.values.get("next"), "")


def _code() -> str:
    return request.form.get("code", "")[:LONGEST_CODE]


def _refused(template: str, error: AppError, **values: object) -> Response:
    problem = gettext(error.msgid, **error.params)
    return make_response(render_template(template, problem=problem, **values), error.http_status)


def _picture() -> dict[str, object]:
    """The secret as text and as a picture for the phone's camera; nothing before set-up has begun."""
    person = current_person()
    secret = factors.secret_to_confirm(db.session(), person.id, second_factor_secrets())
    if secret is None:
        return {"secret": "", "picture": ""}
    address = TOTP(secret).provisioning_uri(name=person.id, issuer_name=ISSUER)
    # Black on white in every theme: cameras expect it. The library writes the drawing, none of it is typed by people.
    picture = segno.make(address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True)
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    return {"secret": " ".join(groups), "picture": Markup(picture)}  # noqa: S704


def _in_new_session(answer: Response) -> Response:
    """Whoever holds the old token gains nothing by the new rights."""
    person = current_person()
    with write_transaction():
        end_session(db.session(), person.token_hash, person.id)
        has_factor = factors.has_second_factor(db.session(), person.id)
        state = "passed" if has_factor else factors.wanted_of_session(db.session(), person.id)
        token = start_session(db.session(), person.id, request.user_agent.string, session_time(), second_factor=state)
    open_browser_session(answer, token)
    return answer
