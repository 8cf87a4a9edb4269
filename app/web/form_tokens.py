"""The form token: it proves that an unsafe request was sent by a page of ours, opened by the same browser (W14).

Who is signed in has the one token that follows from the session; before that it is a random one in the page cookie.
"""

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

import structlog
from flask import Request, current_app, request, session

from app.errors import AppError
from app.i18n import N_
from app.web.bearers import takes_no_cookie
from app.web.permissions import SAFE_METHODS, is_public
from app.web.sessions import session_token_of_browser

FIELD = "csrf_token"
HEADER = "X-CSRFToken"

log = structlog.get_logger(__name__)


class FormTokenRefused(AppError):
    """The form token is missing, or belongs to another session."""

    http_status = 400

    def __init__(self) -> None:
        super().__init__(
            N_("This page belongs to an earlier sign-in. Copy what you typed, reload the page and try again.")
        )


def form_token() -> str:
    """For pages: the form token of this browser."""
    if session_token := session_token_of_browser(request):
        return _derived(session_token)
    if FIELD not in session:
        session[FIELD] = secrets.token_urlsafe(32)
    return str(session[FIELD])


def refuse_without_form_token(asking: Request) -> None:
    """Before each request: an unsafe one needs the token. Raises FormTokenRefused."""
    if asking.method in SAFE_METHODS or not asking.endpoint or takes_no_cookie(asking):
        return
    session_token = session_token_of_browser(asking)
    if session_token is None and not is_public(asking.endpoint):
        return  # nobody is signed in: that is what they will be told
    # The header first: then a body with files is not read before it is known who sends it.
    sent = asking.headers.get(HEADER) or asking.form.get(FIELD) or ""
    expected = _derived(session_token) if session_token else str(session.get(FIELD, ""))
    is_right = bool(expected) and hmac.compare_digest(sent.encode(), expected.encode())
    if not is_right and not (session_token and _is_of_earlier_key(session_token, sent)):
        _refuse("wrong token" if sent else "no token")
    if asking.is_secure and not _comes_from_here(asking):
        _refuse("wrong referrer")


def _comes_from_here(asking: Request) -> bool:
    parts = urlsplit(asking.referrer or "")
    return (parts.scheme, parts.netloc) == ("https", asking.host)


def _is_of_earlier_key(session_token: str, sent: str) -> bool:
    """Whether the page was opened before the secret key was changed."""
    keys = current_app.config["SECRET_KEY_FALLBACKS"]
    return any(hmac.compare_digest(sent.encode(), _derived(session_token, key).encode()) for key in keys)


def _derived(session_token: str, secret_key: str | None = None) -> str:
    """A keyed hash (BLAKE2, RFC 7693, 2.9): an HMAC of OpenSSL is as safe and costs three times as much."""
    key = hashlib.blake2b((secret_key or current_app.config["SECRET_KEY"]).encode(), person=b"form").digest()
    return hashlib.blake2b(session_token.encode(), key=key, digest_size=32).hexdigest()


def _refuse(reason: str) -> None:
    log.warning("form_token_refused", reason=reason, endpoint=request.endpoint)
    raise FormTokenRefused
