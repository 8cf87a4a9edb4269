"""The session cookie and who it belongs to.

Two cookies. The *session* cookie holds a random token; its row on the server decides who is signed in. Flask's own
signed cookie (the *page* cookie) holds messages and, before sign-in, the form token and the language, so nobody gains
anything by forging it.
Over HTTPS both carry the `__Host-` prefix and Secure. Browsers refuse that prefix over plain HTTP, so on the loopback
address, the one place where plain HTTP is allowed, the names have no prefix.
"""

from datetime import timedelta
from typing import cast

import structlog
from flask import Flask, Request, current_app, g, session
from flask_login import current_user
from werkzeug.wrappers import Response

from app.config import Config
from app.database import writing
from app.errors import Busy
from app.extensions import db, login
from app.models.signed_in_person import ABSOLUTE, Person, find_signed_in_person
from app.operations.sign_in import hash_token, touch_session
from app.web.bearers import bearer_of, takes_no_cookie
from app.web.current import session_time
from app.web.languages import CHOSEN_BEFORE_SIGN_IN
from app.web.page_cookie import PageCookie

SESSION_NAME, PAGE_NAME = "aftercare-session", "aftercare-page"
SECURE_PREFIX = "__Host-"
TOUCHED_EVERY = timedelta(minutes=1)
# What a page does by itself does not keep an unattended session alive: requests with this header, and its stream.
BACKGROUND_HEADER = "X-Background"
BACKGROUND_ENDPOINT = "events.events"

log = structlog.get_logger(__name__)


def configure_cookies(app: Flask, config: Config) -> None:
    """Set the names and attributes of both cookies."""
    prefix = SECURE_PREFIX if config.is_https else ""
    app.config.update(
        AFTERCARE_SESSION_COOKIE=prefix + SESSION_NAME,
        SESSION_COOKIE_NAME=prefix + PAGE_NAME,
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_PROTECTION=None,  # the server knows its sessions; addresses of phones change
    )
    login.init_app(app, add_context_processor=False)
    login.request_loader(_load_person)
    app.session_interface = PageCookie()


def open_browser_session(response: Response, token: str) -> None:
    """Give the browser the token of a session just opened; the form token follows from it."""
    chosen = session.get(CHOSEN_BEFORE_SIGN_IN)
    session.clear()
    if chosen:
        session[CHOSEN_BEFORE_SIGN_IN] = chosen
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


def identify(asking: Request) -> Person | None:
    """Before each request: have Flask-Login find out who asks. Later nobody asks the database again.

    So error pages need none.
    """
    g.person = None
    if asking.endpoint != "static" and current_user.is_authenticated:
        g.person = current_user._get_current_object()  # noqa: SLF001  # how werkzeug's proxies are opened
    return cast(Person | None, g.person)


def _load_person(asking: Request) -> Person | None:
    token_hash = None if takes_no_cookie(asking) else token_hash_of(asking)
    if token_hash is None:
        return bearer_of(asking)
    now = session_time()
    person = find_signed_in_person(db.engine, token_hash, now)
    is_background = BACKGROUND_HEADER in asking.headers or asking.endpoint == BACKGROUND_ENDPOINT
    if person and not is_background and now - person.last_seen_at >= TOUCHED_EVERY:
        _touch(person)
    return person


def session_token_of_browser(asking: Request) -> str | None:
    """What the session cookie holds; whether it is anybody's is another question."""
    return asking.cookies.get(current_app.config["AFTERCARE_SESSION_COOKIE"]) or None


def token_hash_of(asking: Request) -> bytes | None:
    """The stored form of the request's session token."""
    token = session_token_of_browser(asking)
    return hash_token(token) if token else None


def _touch(person: Person) -> None:
    try:
        with writing(1):
            touch_session(db.session(), person.token_hash, session_time())
            db.session.commit()
    except Busy:
        db.session.rollback()
        log.info("session_not_touched", user=person.id)
