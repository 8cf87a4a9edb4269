"""Checking a password: charged before, checked outside of any transaction, a few at a time."""

import threading

import structlog
from flask import request

from app.errors import Busy
from app.extensions import db
from app.i18n import N_
from app.operations.passwords import is_right_password
from app.operations.sign_in import begin_attempt, forgive_attempt
from app.web.current import session_time
from app.web.transactions import write_transaction

# A check costs 19 MiB and some 20 ms of a core: more at once would starve the pages of others.
AT_ONCE, LONGEST_WAIT_SECONDS = 2, 5.0
_slots = threading.BoundedSemaphore(AT_ONCE)

log = structlog.get_logger(__name__)


def has_proved_password(user_id: str, password: str) -> bool:
    """Whether the password is the user's; only in views that commit themselves.

    Raises TooManyAttempts, and Busy when too many checks wait.
    """
    address = request.remote_addr or ""
    with write_transaction():
        stored = begin_attempt(db.session(), user_id, address, session_time())
    if not _checked_in_turn(stored, password):
        return False
    with write_transaction():
        forgive_attempt(db.session(), user_id, address)
    return True


def _checked_in_turn(stored: str | None, password: str) -> bool:
    if not _slots.acquire(timeout=LONGEST_WAIT_SECONDS):
        raise Busy(N_("Too many people are signing in at this moment. Try again in a few seconds."))
    try:
        return is_right_password(stored, password)
    finally:
        _slots.release()
