"""Programs that come with a token instead of a cookie: whose it is, and what it may do (W63)."""

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from flask import Request, g

from app.database import writing
from app.errors import Busy, NotAllowed
from app.extensions import db
from app.i18n import N_
from app.models.api_token import USED_EVERY, TokenBearer, find_token_bearer
from app.models.signed_in_person import Person
from app.operations.actor import NamedProgram
from app.operations.api_tokens import note_token_use
from app.operations.sign_in import hash_token
from app.web.answers import API_PATH, ENGINE_PATH
from app.web.basic_passwords import person_of_basic
from app.web.current import session_time

SCHEME = "Bearer "
LONGEST = 400
MARK = "aftercare_scope"
View = TypeVar("View", bound=Callable[..., Any])

log = structlog.get_logger(__name__)


class ScopeMissing(NotAllowed):
    """The token was made for less than this."""


def takes_no_cookie(asking: Request) -> bool:
    """Whether only a token or a password lets somebody in here: what a browser sends by itself does not count."""
    return asking.path.startswith(f"{ENGINE_PATH}/")


def bearer_of(asking: Request) -> Person | None:
    """The person of the request's token, where the address is one for programs; never from the address itself.

    On /engine-rest also of the name and password in the header, where the settings allow it. Raises TooManyAttempts.
    """
    sent = asking.headers.get("Authorization", "")
    if not asking.path.startswith((f"{API_PATH}/", f"{ENGINE_PATH}/")) or len(sent) > LONGEST:
        return None
    if not sent.startswith(SCHEME):
        return person_of_basic(asking) if takes_no_cookie(asking) else None
    now = session_time()
    found = find_token_bearer(db.engine, hash_token(sent.removeprefix(SCHEME).strip()), now)
    if found is None:
        log.warning("api_token_refused")
        return None
    g.token_scopes = found.scopes
    g.program = NamedProgram(found.token_name, found.token_id)
    if found.last_used_at is None or now - found.last_used_at >= USED_EVERY:
        _note_use(found)
    return found.person


def needs_scope(scope: str) -> Callable[[View], View]:
    """A token must have been made for this; who is signed in with a browser has all scopes."""

    def mark(view: View) -> View:
        setattr(view, MARK, scope)
        return view

    return mark


def has_scope(scope: str | None) -> bool:
    """Whether the request's token was made for this; who comes without a token has all scopes."""
    scopes: frozenset[str] | None = g.get("token_scopes")
    return scopes is None or scope in scopes


def refuse_missing_scope(view: Callable[..., Any]) -> None:
    """Raise ScopeMissing where the request's token was made for less than the view does."""
    if not has_scope(getattr(view, MARK, None)):
        log.warning("api_scope_missing", view=getattr(view, "__name__", ""))
        raise ScopeMissing(N_("This token was not made for this. Make one with the scope that is needed."))


def _note_use(bearer: TokenBearer) -> None:
    try:
        with writing(1):
            note_token_use(db.session(), bearer.token_id, session_time())
            db.session.commit()
    except Busy:
        db.session.rollback()
        log.info("token_use_not_noted", token_id=bearer.token_id)
