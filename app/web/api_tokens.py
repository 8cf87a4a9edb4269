"""A person's own tokens for programs."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError
from app.extensions import db
from app.models.api_token import tokens_of
from app.operations.api_tokens import LIFETIMES, SCOPES, NewToken, create_api_token, revoke_api_token
from app.web.current import current_actor, current_person, session_time
from app.web.permissions import signed_in
from app.web.reauthentication import recent_sign_in_required
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, attempt, typed

blueprint = Blueprint("api_tokens", __name__, url_prefix="/account/tokens")


@blueprint.get("")
@signed_in
def index() -> ResponseReturnValue:
    """The tokens there are, and the form for another."""
    return _page()


@blueprint.post("")
@signed_in
@recent_sign_in_required  # a further way in
def create() -> ResponseReturnValue:
    """Make one, shown this once."""
    days = typed("days")
    new = NewToken(typed("name"), request.form.getlist("scope"), int(days) if days.isascii() and days.isdigit() else 0)
    actor, made = current_actor(), list[str]()
    refusal = attempt(lambda: made.append(create_api_token(db.session(), new, actor=actor, now=session_time())))
    if refusal:
        return _page(refusal)
    return render_template("auth/token_once.html", token=made[0], name=new.name)


@blueprint.post("/revoke")
@signed_in
def revoke() -> ResponseReturnValue:
    """Let one in no more."""
    revoke_api_token(
        db.session(), current_person().id, request.form.get("token", ""), actor=current_actor(), now=session_time()
    )
    flash(gettext("The token is revoked. It lets nobody in any more."))
    return redirect(url_for("api_tokens.index"), 303)


def _page(refusal: AppError | None = None) -> ResponseReturnValue:
    form = TypedForm({"scope": ["read"], "days": "90"}, refusal)
    text = render_template(
        "auth/tokens.html",
        tokens=tokens_of(db.session(), current_person().id), form=form, scopes=SCOPES, now=session_time(),
        lifetimes=[(str(days), gettext("%(count)s days", count=days)) for days in LIFETIMES],
    )  # fmt: skip
    return text, form.status
