"""What administrators do about the sign-in of others: end all sessions, forget wrong passwords, hand out a link."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import Conflict
from app.i18n import N_
from app.operations.actor import Actor
from app.operations.administration import OwnAccount, require_account_administrator
from app.operations.password_links import new_link_token, store_password_link
from app.operations.reasons import stated_reason
from app.operations.sign_in import end_sessions_of, forget_attempts, hash_token
from app.operations.users import existing_user, record_of_user


class UserDisabled(Conflict):
    """Who is disabled cannot sign in, with whatever password."""


def end_all_sessions(session: Session, user_id: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Sign a user out everywhere, at once. Raises UnknownUser, NotAllowed, InvalidInput (reason)."""
    require_account_administrator(session, actor, existing_user(session, user_id))
    reason = stated_reason(reason)
    end_sessions_of(session, user_id)
    record_of_user(session, "user_signed_out_everywhere", user_id, actor, now, reason=reason)


def unlock_user(session: Session, user_id: str, *, actor: Actor, now: datetime) -> None:
    """Let a user who typed wrong passwords try again at once. Raises UnknownUser, NotAllowed."""
    require_account_administrator(session, actor, existing_user(session, user_id))
    forget_attempts(session, user_id)
    record_of_user(session, "user_unlocked", user_id, actor, now)


def make_password_link(session: Session, user_id: str, *, actor: Actor, now: datetime) -> str:
    """A token with which the user chooses a new password, to be handed over in person. It is stored nowhere.

    Raises UnknownUser, NotAllowed, OwnAccount, UserDisabled.
    """
    user = existing_user(session, user_id)
    require_account_administrator(session, actor, user)
    if user_id == actor.user_id:
        raise OwnAccount(N_("Change your own password on the page of your account."))
    if not user.is_active:
        raise UserDisabled(N_("This account is disabled. Enable it first."))
    token = new_link_token()
    store_password_link(session, user_id, hash_token(token), actor=actor, now=now)
    return token
