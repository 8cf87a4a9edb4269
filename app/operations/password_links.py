"""Links to a new password (W29): a random token good for a quarter of an hour, once, and for one account only.

Whoever has one chooses a password and nothing else: signing in still asks for the second factor (W27).
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.errors import AppError
from app.i18n import N_
from app.models import PasswordLink, User
from app.operations.actor import Actor
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.sign_in import hash_token
from app.operations.users import choose_own_password

VALID_FOR = timedelta(minutes=15)
TOKEN_BYTES = 24  # 192 bits


class PasswordLinkGone(AppError):
    """The link was used, replaced by a newer one, or is too old; or there never was one."""

    http_status = 410

    def __init__(self) -> None:
        super().__init__(N_("This link was used before or is too old. Ask for a new one."))


def password_link_path(token: str) -> str:
    """Where in the product the token lets its bearer choose the password."""
    return f"/password/link/{token}"


def new_link_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def store_password_link(session: Session, user_id: str, token_hash: bytes, *, actor: Actor, now: datetime) -> None:
    """Let the token of this hash choose the user's next password; earlier links of the user count no more."""
    session.execute(delete(PasswordLink).where((PasswordLink.user_id == user_id) | (PasswordLink.expires_at <= now)))
    session.add(
        PasswordLink(
            token_hash=token_hash, user_id=user_id, made_by=actor.user_id, created_at=now, expires_at=now + VALID_FOR
        )
    )
    session.flush()
    event = Event("password_link_made", {"user": user_id})
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now)


def user_of_link(session: Session, token: str, *, now: datetime) -> User:
    """Whose link this is. Raises PasswordLinkGone."""
    found = session.scalar(
        select(User)
        .join(PasswordLink, PasswordLink.user_id == User.id)
        .where(PasswordLink.token_hash == hash_token(token), PasswordLink.expires_at > now, User.is_active)
    )
    if found is None:
        raise PasswordLinkGone
    return found


def use_password_link(session: Session, token: str, new: str, *, now: datetime) -> str:
    """Choose a new password and end all sessions; the link is used up. Returns the user.

    Raises PasswordLinkGone, and PasswordRefused: the caller then undoes it, and the link stays good.
    """
    user = user_of_link(session, token, now=now)
    used = session.execute(
        delete(PasswordLink).where(PasswordLink.token_hash == hash_token(token)).returning(PasswordLink.user_id)
    ).first()
    if used is None:  # by somebody quicker
        raise PasswordLinkGone
    session.execute(delete(PasswordLink).where(PasswordLink.user_id == user.id))
    choose_own_password(session, user.id, new, now=now)
    return user.id
