"""Signing in and out: throttle, sessions. The password itself is checked between two transactions."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from app.errors import AppError
from app.i18n import N_
from app.models.organisation import User
from app.models.prepared import Prepared, table_of
from app.models.sign_in import SignInThrottle, WebSession
from app.models.signed_in_person import ABSOLUTE, IDLE
from app.operations.rows import insert_if_new

FREE_FAILURES_OF_ACCOUNT = 5  # from one address
FREE_FAILURES_OF_ADDRESS = 50
FIRST_BLOCK = timedelta(seconds=30)
LONGEST_BLOCK = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)
_OF_ADDRESS = "address:"
_THROTTLE = table_of(SignInThrottle)
_FORGET = Prepared(delete(_THROTTLE).where(_THROTTLE.c.key == bindparam("of_key")))


class TooManyAttempts(AppError):
    """Too many wrong sign-ins of this account from this address, or of this address; `retry_after` in seconds."""

    http_status = 429

    def __init__(self, wait: timedelta) -> None:
        self.retry_after = max(1, int(wait.total_seconds()))
        super().__init__(N_("Too many attempts. Wait %(seconds)s seconds and try again."), seconds=self.retry_after)


def begin_attempt(session: Session, user_id: str, address: str, now: datetime) -> str | None:
    """Charge an attempt before the password is checked, so that parallel attempts cannot outrun the count.

    Returns the stored password hash of an active user, None for anybody else. Raises TooManyAttempts.
    """
    counters = [_counter(session, key, now) for key in _throttle_keys(user_id, address)]
    free_at = max(counter.blocked_until or now for counter in counters)
    if free_at > now:
        raise TooManyAttempts(free_at - now)
    for counter, free in zip(counters, (FREE_FAILURES_OF_ACCOUNT, FREE_FAILURES_OF_ADDRESS), strict=True):
        counter.failures += 1
        counter.last_failure_at = now
        if counter.failures >= free:
            counter.blocked_until = now + min(FIRST_BLOCK * 2 ** min(counter.failures - free, 10), LONGEST_BLOCK)
    return session.scalar(select(User.password_hash).where(User.id == user_id, User.is_active))


def forgive_attempt(session: Session, user_id: str, address: str) -> None:
    """The password was right: forget the account's failures and give the address its attempt back."""
    account, of_address = _throttle_keys(user_id, address)
    session.execute(delete(SignInThrottle).where(SignInThrottle.key == account))
    session.execute(
        update(SignInThrottle)
        .where(SignInThrottle.key == of_address)
        .values(failures=SignInThrottle.failures - 1, blocked_until=None)
    )


def forget_attempts(session: Session, user_id: str) -> None:
    """Forget the wrong passwords of an account, wherever they were typed; what is counted for the places stays.

    Rows do not tell names: those of the account are found by the places that were counted with it.
    """
    places = select(SignInThrottle.key).where(SignInThrottle.key.startswith(_OF_ADDRESS))
    addresses = [key.removeprefix(_OF_ADDRESS) for key in session.scalars(places)]
    if addresses:
        _FORGET.change_all(session, [{"of_key": _throttle_keys(user_id, address)[0]} for address in addresses])


def start_session(session: Session, user_id: str, user_agent: str, now: datetime, *, second_factor: str = "") -> str:
    """Open a session and return its token, which is stored nowhere; sweeps sessions that have run out.

    Arguments: second_factor, how the session stands to it (see `WebSession`).
    """
    session.execute(
        delete(WebSession).where((WebSession.last_seen_at <= now - IDLE) | (WebSession.created_at <= now - ABSOLUTE))
    )
    token = secrets.token_urlsafe(32)
    session.add(
        WebSession(
            token_hash=hash_token(token),
            user_id=user_id,
            created_at=now,
            authenticated_at=now,
            last_seen_at=now,
            user_agent=user_agent[:200],
            second_factor=second_factor,
        )
    )
    session.flush()
    return token


def touch_session(session: Session, token_hash: bytes, now: datetime) -> None:
    """The person did something: the idle time begins anew."""
    session.execute(update(WebSession).where(WebSession.token_hash == token_hash).values(last_seen_at=now))


def confirm_session(session: Session, token_hash: bytes, now: datetime) -> None:
    """The person has proved again to be the one signed in."""
    session.execute(update(WebSession).where(WebSession.token_hash == token_hash).values(authenticated_at=now))


def end_session(session: Session, token_hash: bytes, user_id: str) -> None:
    """End one session of a user."""
    session.execute(delete(WebSession).where(WebSession.token_hash == token_hash, WebSession.user_id == user_id))


def end_sessions_of(session: Session, user_id: str) -> None:
    """End all sessions of a user, everywhere, at once."""
    session.execute(delete(WebSession).where(WebSession.user_id == user_id))


def hash_token(token: str) -> bytes:
    """What is stored of a token; it is random, so a plain hash cannot be searched."""
    return hashlib.sha256(token.encode()).digest()


def _throttle_keys(user_id: str, address: str) -> tuple[str, str]:
    # Hashed: what people type into the name field by mistake is often their password.
    account = hashlib.sha256(f"{user_id}\n{address}".encode()).hexdigest()
    return f"account:{account}", f"{_OF_ADDRESS}{address}"


def _counter(session: Session, key: str, now: datetime) -> SignInThrottle:
    insert_if_new(session, SignInThrottle, {"key": key, "failures": 0, "last_failure_at": now})
    counter = session.get_one(SignInThrottle, key, with_for_update=True)
    if counter.last_failure_at < now - FORGOTTEN_AFTER:
        counter.failures, counter.blocked_until = 0, None
    return counter
