"""Signing in with an account of another provider, and linking one's own (W28).

The provider sends the browser back to a page that changes nothing; its form, sent at once by a script or by hand,
does. So what comes from outside passes the same fences as everything else.
"""

import hmac
from dataclasses import asdict

import structlog
from flask import (
    Blueprint,
    Flask,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.config import Config
from app.connectors import ConnectorFailed
from app.connectors.open_id import Attempt, Identity, IdentityRefused, OpenIdProvider
from app.connectors.outgoing_guard import AddressRefused, OutgoingGuard, host_and_port
from app.errors import AppError, NotFound
from app.extensions import db
from app.i18n import N_
from app.operations.external_identities import (
    IdentityUnknown,
    identities_of,
    link_identity,
    unlink_identity,
    user_of_identity,
)
from app.operations.provider_groups import follow_provider_groups
from app.operations.second_factor import wanted_of_session
from app.operations.sign_in import end_session, start_session
from app.operations.sign_in_places import note_sign_in
from app.web.current import current_actor, current_person, current_person_or_none, current_time, session_time
from app.web.permissions import public, signed_in
from app.web.rate_limits import within_limit
from app.web.reauthentication import recent_sign_in_required
from app.web.redirects import safe_next
from app.web.sessions import open_browser_session
from app.web.texts import gettext
from app.web.transactions import commits_itself, write_transaction

blueprint = Blueprint("provider_sign_in", __name__)

CAME_BY = "by_provider"  # in the page cookie: the session was opened by the provider
KEPT = "provider"  # in the page cookie: the sign-in under way
GOOD_FOR_SECONDS = 600
LONGEST = 4000  # of what the provider sends in the address
SIGN_IN_PATH = "/sign-in"
RETURN_PATH = "/sign-in/provider/back"

log = structlog.get_logger(__name__)


class ProviderAway(AppError):
    """The provider does not answer, or with an error of its own."""

    http_status = 503

    def __init__(self) -> None:
        super().__init__(N_("The other provider does not answer. Try again later, or sign in with your password."))


def configure_provider(app: Flask, config: Config) -> None:
    """Keep the provider of the settings, where there is one."""
    app.extensions["provider"] = None
    app.extensions["signed_out_at"] = config.public_url + SIGN_IN_PATH
    if config.oidc:
        hosts = frozenset({host_and_port(config.oidc.issuer), *config.outgoing_hosts})
        guard = OutgoingGuard(hosts, may_reach_loopback=not config.is_production)
        app.extensions["provider"] = OpenIdProvider(config.oidc, guard, config.public_url + RETURN_PATH)


def provider_name() -> str:
    """What people read on the button; empty where there is no provider."""
    provider: OpenIdProvider | None = current_app.extensions["provider"]
    return provider.settings.name if provider else ""


@blueprint.get("/sign-in/provider")
@public
def begin() -> ResponseReturnValue:
    """Send the browser to the provider; who is signed in links the account instead."""
    provider, attempt = _provider(), Attempt.begin()
    try:
        address = provider.address_to_sign_in(attempt)
    except (ConnectorFailed, AddressRefused, IdentityRefused) as error:
        log.warning("provider_failed", detail=str(getattr(error, "detail", error)))
        raise ProviderAway from error
    wish, now = safe_next(request.args.get("next"), ""), session_time().timestamp()
    session[KEPT] = {**asdict(attempt), "next": wish, "at": now}
    return redirect(address)


@blueprint.get(RETURN_PATH)
@public
def back() -> ResponseReturnValue:
    """Where the provider sends the browser: a form that goes on by itself."""
    person = current_person_or_none()
    given = {name: request.args.get(name, "")[:LONGEST] for name in ("code", "state", "iss", "error")}
    action = url_for("provider_sign_in.link") if person else url_for("provider_sign_in.sign_in")
    return render_template("auth/provider_back.html", given=given, action=action, provider=_provider().settings.name)


@blueprint.post("/sign-in/provider")
@public
@commits_itself  # the provider is asked in between
def sign_in() -> ResponseReturnValue:
    """Open a session for whom the account is linked to; the second factor is asked for as always."""
    within_limit("sign_in")
    try:
        identity, wish = _proved_identity()
        with write_transaction():
            user_id = user_of_identity(db.session(), identity)
            listed = _provider().settings.groups
            follow_provider_groups(db.session(), user_id, identity.groups, listed, now=session_time())
            factor = wanted_of_session(db.session(), user_id)
            before = current_person_or_none()
            if before:
                end_session(db.session(), before.token_hash, before.id)
            token = start_session(
                db.session(), user_id, request.user_agent.string, session_time(), second_factor=factor
            )
            note_sign_in(
                db.session(), user_id, request.user_agent.string, request.remote_addr or "", now=session_time()
            )
    except (IdentityRefused, IdentityUnknown, ProviderAway) as error:
        return _refused(error)
    log.info("signed_in", user=user_id, by="provider")
    answer = redirect(safe_next(wish), 303)
    open_browser_session(answer, token)
    session[CAME_BY] = True
    return answer


@blueprint.get("/sign-in/provider/out")
@public
def out() -> ResponseReturnValue:
    """End the session at the provider, too; the one here has ended."""
    provider = _provider()
    try:
        address = provider.address_to_sign_out(current_app.extensions["signed_out_at"])
    except (ConnectorFailed, AddressRefused, IdentityRefused) as error:
        log.warning("provider_failed", detail=str(getattr(error, "detail", error)))
        raise ProviderAway from error
    return redirect(address or url_for("sign_in.form"))


@blueprint.get("/account/provider")
@signed_in
def own() -> ResponseReturnValue:
    """The accounts that may sign in as oneself."""
    identities = identities_of(db.session(), current_person().id)
    return render_template("auth/provider.html", identities=identities, provider=provider_name())


@blueprint.post("/account/provider")
@signed_in
@recent_sign_in_required  # another way in is a dangerous thing
@commits_itself  # the provider is asked in between
def link() -> ResponseReturnValue:
    """Link the account that the provider has just shown."""
    try:
        identity, _wish = _proved_identity()
        with write_transaction():
            link_identity(db.session(), current_person().id, identity, actor=current_actor(), now=current_time())
    except AppError as error:
        return _refused(error)
    flash(gettext("The account is linked. You can sign in with it."))
    return redirect(url_for("provider_sign_in.own"), 303)


@blueprint.post("/account/provider/unlink")
@signed_in
@recent_sign_in_required
def unlink() -> ResponseReturnValue:
    """Let it sign in no more."""
    identity = Identity(request.form.get("issuer", ""), request.form.get("subject", ""))
    unlink_identity(db.session(), current_person().id, identity, actor=current_actor(), now=current_time())
    flash(gettext("The account is not linked any more."))
    return redirect(url_for("provider_sign_in.own"), 303)


def _proved_identity() -> tuple[Identity, str]:
    """Whom the provider's code is about, and where to go on; the sign-in under way is over with it.

    Raises IdentityRefused, ProviderAway.
    """
    provider, kept = _provider(), session.pop(KEPT, None)
    if not isinstance(kept, dict) or session_time().timestamp() - kept["at"] > GOOD_FOR_SECONDS:
        raise IdentityRefused("no sign-in is under way in this browser")
    if not hmac.compare_digest(request.form.get("state", "").encode(), kept["state"].encode()):
        raise IdentityRefused("the state is not the one of this browser")
    if request.form.get("iss", "") not in ("", provider.settings.issuer):  # RFC 9207
        raise IdentityRefused("the answer names another issuer")
    if request.form.get("error") or not request.form.get("code"):
        raise IdentityRefused(f"the provider says: {request.form.get('error', '')[:80]}")
    attempt = Attempt(kept["state"], kept["nonce"], kept["verifier"])
    try:
        return provider.identity(attempt, request.form["code"]), kept["next"]
    except (ConnectorFailed, AddressRefused) as error:
        log.warning("provider_failed", detail=str(error))
        raise ProviderAway from error


def _provider() -> OpenIdProvider:
    provider: OpenIdProvider | None = current_app.extensions["provider"]
    if provider is None:
        raise NotFound(N_("Signing in with another provider is not set up here."))
    return provider


def _refused(error: AppError) -> Response:
    log.warning("provider_sign_in_refused", reason=type(error).__name__, detail=getattr(error, "detail", ""))
    text = render_template("auth/provider_refused.html", problem=gettext(error.msgid, **error.params))
    return make_response(text, error.http_status)
