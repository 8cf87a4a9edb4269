"""Accounts of users: changed, disabled, enabled again."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.i18n import N_
from app.models.organisation import Membership
from app.operations.actor import Actor
from app.operations.administration import (
    ADMINISTRATORS,
    OwnAccount,
    refuse_without_administrator,
    require_account_administrator,
    require_administrator,
)
from app.operations.changed_fields import changed_fields
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.second_factor import remove_second_factor
from app.operations.sign_in import end_sessions_of
from app.operations.users import checked_account, existing_user, record_of_user

PERSONAL = ("display_name", "email")


def change_account(
    session: Session,
    user_id: str,
    *,
    display_name: str,
    email: str | None,
    locale: str,
    home_site_id: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Change what is known of a person; name and address are kept in the history under the person's own key.

    Arguments: locale, "" for the browser's. Raises UnknownUser, InvalidInput, NotAllowed, NotFound (site).
    """
    user = existing_user(session, user_id)
    require_account_administrator(session, actor, user)
    account = checked_account(session, display_name, email, locale, home_site_id)
    if home_site_id is not None:
        require_administrator(session, actor, {home_site_id})
    changes = changed_fields(user, account)
    if not changes:
        return
    session.flush()
    personal = {name: change for name, change in changes.items() if name in PERSONAL}
    others = {name: change for name, change in changes.items() if name not in PERSONAL}
    event = Event(
        "user_changed",
        {"user": user_id, "changes": others},
        personal=personal or None,
        subject_id=subject_of_user(user_id) if personal else None,
    )
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now)


def disable_user(session: Session, user_id: str, *, reason: str | None = None, actor: Actor, now: datetime) -> None:
    """The user can no longer sign in and is signed out everywhere; what he did keeps his name.

    Raises UnknownUser, NotAllowed, OwnAccount, LastAdministrator.
    """
    user = existing_user(session, user_id)
    require_account_administrator(session, actor, user)
    if user_id == actor.user_id:
        raise OwnAccount(N_("You cannot disable your own account. Another administrator can."))
    if not user.is_active:
        return
    user.is_active = False
    end_sessions_of(session, user_id)
    administered = select(Membership.site_id).where(
        Membership.user_id == user_id, Membership.group_id == ADMINISTRATORS
    )
    refuse_without_administrator(session, set(session.scalars(administered)))
    record_of_user(session, "user_disabled", user_id, actor, now, reason=reason)


def enable_user(session: Session, user_id: str, *, reason: str | None = None, actor: Actor, now: datetime) -> None:
    """The user can sign in again. Raises UnknownUser, NotAllowed."""
    user = existing_user(session, user_id)
    require_account_administrator(session, actor, user)
    if not user.is_active:
        user.is_active = True
        session.flush()
        record_of_user(session, "user_enabled", user_id, actor, now, reason=reason)


def reset_second_factor(
    session: Session, user_id: str, *, reason: str | None = None, actor: Actor, now: datetime
) -> None:
    """Somebody has lost phone and recovery codes: the authenticator counts no more, and all sessions end.

    Raises UnknownUser, NotAllowed, OwnAccount.
    """
    user = existing_user(session, user_id)
    require_account_administrator(session, actor, user)
    if user_id == actor.user_id:
        raise OwnAccount(N_("Remove your own authenticator on the page of your account."))
    remove_second_factor(session, user_id, reason=reason, actor=actor, now=now)
    end_sessions_of(session, user_id)


def subject_of_user(user_id: str) -> str:
    """Under which key the history keeps what is personal about a user."""
    return hashlib.sha256(f"user:{user_id}".encode()).hexdigest()[:32]
