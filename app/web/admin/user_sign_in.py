"""Where a person is signed in, and what helps who cannot sign in (W20, W29)."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.connectors.open_id import Identity
from app.errors import AppError
from app.extensions import db
from app.models import User
from app.models.api_token import tokens_of
from app.models.signed_in_person import sessions_of
from app.operations.administration import require_account_administrator
from app.operations.api_tokens import revoke_api_token
from app.operations.external_identities import identities_of, link_identity, unlink_identity
from app.operations.password_links import VALID_FOR, password_link_path
from app.operations.user_sign_in import end_all_sessions, make_password_link
from app.web.admin.reach import person_at_my_sites
from app.web.current import current_actor, current_person, current_time, session_time
from app.web.permissions import Permission, requires
from app.web.provider_sign_in import provider_name
from app.web.reauthentication import recent_sign_in_required
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, answer_form, attempt, typed

blueprint = Blueprint("user_sign_in", __name__, url_prefix="/admin/users/<user_id>/sign-in")


@blueprint.get("")
@requires(Permission.ADMINISTER)
def show(user_id: str) -> ResponseReturnValue:
    """The sessions of a person."""
    return _page(_changeable(user_id))


@blueprint.post("/end")
@requires(Permission.ADMINISTER)
@recent_sign_in_required
def end(user_id: str) -> ResponseReturnValue:
    """Sign the person out everywhere."""
    user = _changeable(user_id)
    refusal = attempt(
        lambda: end_all_sessions(db.session(), user_id, typed("reason"), actor=current_actor(), now=current_time())
    )
    return answer_form(
        refusal, gettext("The person is signed out everywhere."), url_for("user_sign_in.show", user_id=user_id),
        lambda why: _page(user, why),
    )  # fmt: skip


@blueprint.post("/password-link")
@requires(Permission.ADMINISTER)
@recent_sign_in_required
def password_link(user_id: str) -> ResponseReturnValue:
    """A link to choose a new password, shown this once."""
    name = _changeable(user_id).display_name
    token = make_password_link(db.session(), user_id, actor=current_actor(), now=session_time())
    # From the settings: the host of a request may be anybody's.
    address = current_app.extensions["surroundings"].public_url + password_link_path(token)
    minutes = int(VALID_FOR.total_seconds() // 60)
    return render_template("admin/link_once.html", user_id=user_id, name=name, address=address, minutes=minutes)


@blueprint.post("/identities")
@requires(Permission.ADMINISTER)
@recent_sign_in_required
def link(user_id: str) -> ResponseReturnValue:
    """Let an account at the other provider sign in as this person, or no more."""
    user, provider = _changeable(user_id), current_app.extensions["provider"]
    change = unlink_identity if request.form.get("wanted") == "unlink" else link_identity
    issuer = typed("issuer") if change is unlink_identity or provider is None else provider.settings.issuer
    refusal = attempt(
        lambda: change(
            db.session(), user_id, Identity(issuer, typed("subject")), actor=current_actor(), now=current_time()
        )
    )
    return answer_form(
        refusal, gettext("The linked accounts are changed."), url_for("user_sign_in.show", user_id=user_id),
        lambda why: _page(user, why, posted="identity"),
    )  # fmt: skip


@blueprint.post("/tokens/revoke")
@requires(Permission.ADMINISTER)
@recent_sign_in_required
def revoke_token(user_id: str) -> ResponseReturnValue:
    """Let one of the person's programs in no more."""
    _changeable(user_id)
    revoke_api_token(db.session(), user_id, typed("token"), actor=current_actor(), now=session_time())
    flash(gettext("The token is revoked. It lets nobody in any more."))
    return redirect(url_for("user_sign_in.show", user_id=user_id), 303)


def _changeable(user_id: str) -> User:
    user = person_at_my_sites(user_id)
    require_account_administrator(db.session(), current_actor(), user)
    return user


def _page(user: User, refusal: AppError | None = None, *, posted: str = "sessions") -> ResponseReturnValue:
    forms = {
        name: TypedForm(refusal=refusal if name == posted else None, is_posted=name == posted)
        for name in ("sessions", "identity")
    }
    text = render_template(
        "admin/user_sign_in.html",
        user=user, forms=forms, sessions=sessions_of(db.session(), user.id, session_time()), provider=provider_name(),
        tokens=tokens_of(db.session(), user.id), identities=identities_of(db.session(), user.id),
        is_oneself=user.id == current_person().id,
    )  # fmt: skip
    return text, refusal.http_status if refusal else 200
