"""Programs that know a name and a password only (RFC 7617): on /engine-rest, where the settings allow it.

A password is checked once and its proof kept in memory for some minutes: a check costs 20 ms of a core. Whoever has a
second factor makes a token instead, which was made in a session that had passed it.
"""

import hashlib
import hmac
import threading
from datetime import datetime, timedelta

import structlog
from flask import Request, current_app

from app.config import Config
from app.extensions import db
from app.models.password_bearer import find_password_bearer
from app.models.signed_in_person import Person
from app.web.current import session_time
from app.web.proofs import has_proved_password

KEPT = timedelta(minutes=5)
MOST_KEPT = 1000
EXTENSION = "proved_passwords"

log = structlog.get_logger(__name__)


class ProvedPasswords:
    """Keyed hashes of what was right a moment ago, and until when that is good; shared by all threads."""

    def __init__(self) -> None:
        self._until: dict[bytes, datetime] = {}
        self._lock = threading.Lock()

    def knows(self, proof: bytes, now: datetime) -> bool:
        with self._lock:
            until = self._until.get(proof)
            return until is not None and now < until

    def keep(self, proof: bytes, now: datetime) -> None:
        with self._lock:
            if len(self._until) >= MOST_KEPT:
                self._until.clear()
            self._until[proof] = now + KEPT


def challenge() -> str:
    """How who is refused can prove who they are, for WWW-Authenticate."""
    return 'Basic realm="engine-rest", charset="UTF-8"' if _is_allowed() else 'Bearer realm="engine-rest"'


def person_of_basic(asking: Request) -> Person | None:
    """The active person of the name and password in the header. Raises TooManyAttempts, Busy."""
    given = asking.authorization
    if given is None or given.type != "basic" or not _is_allowed():
        return None
    user_id, password = given.username or "", given.password or ""
    if not user_id or not password:
        return None
    found = find_password_bearer(db.engine, user_id, session_time())
    stored = found.password_hash if found else ""
    proved: ProvedPasswords = current_app.extensions.setdefault(EXTENSION, ProvedPasswords())
    proof = _proof(user_id, password, stored)
    if not proved.knows(proof, session_time()):
        # Strangers' passwords are checked as well, so that nobody learns by the clock who is known.
        if not has_proved_password(user_id, password):
            log.warning("basic_password_refused")
            return None
        proved.keep(proof, session_time())
    if found is None or found.has_second_factor:
        log.warning("basic_password_not_enough")
        return None
    return found.person


def _proof(user_id: str, password: str, stored: str) -> bytes:
    """Of the stored hash as well: a changed password is no longer proved."""
    key = hashlib.blake2b(current_app.config["SECRET_KEY"].encode(), person=b"basic").digest()
    return hmac.digest(key, f"{user_id}\n{stored}\n{password}".encode(), "sha256")


def _is_allowed() -> bool:
    config: Config = current_app.extensions["config"]
    return config.basic_auth
