"""The session cookie and who it belongs to.

Two cookies. The *session* cookie holds a random token; its row on the server decides who is signed in. Flask's own
signed cookie (the *page* cookie) holds the form token and messages only, so nobody gains anything by forging it.
Over HTTPS both carry the `__Host-` prefix and Secure. Browsers refuse that prefix over plain HTTP, so on the loopback
address, the one place where plain HTTP is allowed, the names have no prefix.
"""

import hmac
from datetime import timedelta

import structlog
from flask import Flask, Request, current_app, g, request, session
from werkzeug.wrappers import Response

from app.config import Config
from app.database import writing
from app.errors import Busy
from app.extensions import db, login
from app.models.signed_in_person import ABSOLUTE, Person, find_signed_in_person
from app.operations.sign_in import hash_token, touch_session
from app.web.current import session_time

SESSION_NAME, PAGE_NAME = "aftercare-session", "aftercare-page"
SECURE_PREFIX = "__Host-"
CSRF_FIELD = "csrf_token"
TOUCHED_EVERY = timedelta(minutes=1)
# What a page does by itself does not keep an unattended session alive: requests with this header, and its stream.
BACKGROUND_HEADER = "X-Background"
BACKGROUND_ENDPOINT = "events.events"

log = structlog.get_logger(__name__)


def configure_cookies(app: Flask, config: Config) -> None:
    """Set the attributes of Flask's own cookie and where the signed-in person comes from."""
    prefix = SECURE_PREFIX if config.is_https else ""
    app.config.update(
        AFTERCARE_SESSION_COOKIE=prefix + SESSION_NAME,
        SESSION_COOKIE_NAME=prefix + PAGE_NAME,
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_PROTECTION=None,
    )
    login.init_app(app)
    login.request_loader(_load_person)


def open_browser_session(response: Response, token: str) -> None:
    """Give the browser the token of a session just opened, and a fresh form token bound to it."""
    session.clear()
    session[CSRF_FIELD] = _form_token(token)
    response.set_cookie(
        current_app.config["AFTERCARE_SESSION_COOKIE"],
        token,
        max_age=ABSOLUTE,
        path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def close_browser_session(response: Response) -> None:
    """Take both cookies away."""
    session.clear()
    response.delete_cookie(
        current_app.config["AFTERCARE_SESSION_COOKIE"],
        path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def bind_form_token() -> None:
    """Before each request: the form token of a signed-in browser is the one derived from its session."""
    token = request.cookies.get(current_app.config["AFTERCARE_SESSION_COOKIE"])
    if token and not hmac.compare_digest(str(session.get(CSRF_FIELD, "")), _form_token(token)):
        session[CSRF_FIELD] = _form_token(token)


def token_hash_of(asking: Request) -> bytes | None:
    """The stored form of the request's session token."""
    token = asking.cookies.get(current_app.config["AFTERCARE_SESSION_COOKIE"])
    return hash_token(token) if token else None


def _form_token(token: str) -> str:
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, b"form:" + token.encode(), "sha256").hexdigest()


def _load_person(asking: Request) -> Person | None:
    token_hash = token_hash_of(asking)
    if token_hash is None or "person_asked_for" in g:
        return None  # asked for already: the database failed, and the error page must not ask it again
    g.person_asked_for = True
    now = session_time()
    person = g.person = find_signed_in_person(db.session(), token_hash, now)
    # A person is plain values: end the reading, so that a view which writes begins its transaction as a writer.
    db.session.rollback()
    is_background = BACKGROUND_HEADER in asking.headers or asking.endpoint == BACKGROUND_ENDPOINT
    if person and not is_background and now - person.last_seen_at >= TOUCHED_EVERY:
        _touch(person)
    return person


def _touch(person: Person) -> None:
    try:
        with writing(1):
            touch_session(db.session(), person.token_hash, session_time())
            db.session.commit()
    except Busy:
        db.session.rollback()
        log.info("session_not_touched", user=person.id)
