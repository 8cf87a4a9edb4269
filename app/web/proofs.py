"""Checking a password or a code: charged first; passwords outside of any transaction, and a few at a time."""

import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from flask import request

from app.errors import Busy
from app.extensions import db
from app.i18n import N_
from app.operations.passwords import is_right_password
from app.operations.sealed_secrets import SealedSecrets
from app.operations.second_factor import WrongCode, check_code
from app.operations.sign_in import begin_attempt, forgive_attempt
from app.web.current import session_time
from app.web.sealing import sealed_secrets
from app.web.transactions import write_transaction

# A check costs 19 MiB and some 20 ms of a core: half of the cores are left to the pages of others.
AT_ONCE, LONGEST_WAIT_SECONDS = max(1, (os.cpu_count() or 1) // 2), 5.0
MOST_WAITING = 8  # each keeps a thread, of which pages need most
LONGEST_CODE = 64
TOO_MANY = N_("Too many people are signing in at this moment. Try again in a few seconds.")
GIVING_WAY = 5  # a third of what anybody else who wants a core gets
LOWEST = 19  # priority there is


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


def has_proved_code(user_id: str, code: str) -> bool:
    """Whether it is the authenticator's code of this moment, or an unused recovery code; it is used up then.

    Only in views that commit themselves. Raises TooManyAttempts.
    """
    try:
        with charged_attempt(user_id):
            check_code(
                db.session(), user_id, code[:LONGEST_CODE], second_factor_secrets(),
                address=request.remote_addr or "", now=session_time(),
            )  # fmt: skip
    except WrongCode:
        return False
    return True


@contextmanager
def charged_attempt(user_id: str) -> Iterator[None]:
    """Count an attempt at a code first, from wherever it comes; then do what is inside in one transaction."""
    account = f"{user_id}#second-factor"
    with write_transaction():
        begin_attempt(db.session(), account, "", session_time())
    with write_transaction():
        yield
        forgive_attempt(db.session(), account, "")


def second_factor_secrets() -> SealedSecrets:
    """What opens the secrets of the authenticators."""
    return sealed_secrets("second factor")


def _give_way() -> None:
    """Whoever computes for long does so while nobody else wants the cores; Linux alone has priorities of threads."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        # Lower than what the server was started with: nobody but root may raise it.
        os.setpriority(os.PRIO_PROCESS, thread, min(LOWEST, os.getpriority(os.PRIO_PROCESS, thread) + GIVING_WAY))


_checking = ThreadPoolExecutor(AT_ONCE, "passwords", initializer=_give_way)
_places = threading.BoundedSemaphore(AT_ONCE + MOST_WAITING)


def _checked_in_turn(stored: str | None, password: str) -> bool:
    if not _places.acquire(blocking=False):
        raise Busy(TOO_MANY)
    try:
        check = _checking.submit(is_right_password, stored, password)
        try:
            return check.result(LONGEST_WAIT_SECONDS)
        except TimeoutError as error:
            check.cancel()
            raise Busy(TOO_MANY) from error
    finally:
        _places.release()
