"""Accounts at another provider, linked to people of ours by themselves or by an administrator, never by their mail."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.connectors.open_id import LONGEST_SUBJECT, Identity
from app.errors import Conflict, InvalidInput, NotAllowed
from app.i18n import N_
from app.models import ExternalIdentity, User
from app.operations.actor import Actor
from app.operations.administration import require_account_administrator
from app.operations.users import existing_user, record_of_user


class IdentityUnknown(NotAllowed):
    """The provider knows who it is, but nobody here has linked this account."""


class IdentityTaken(Conflict):
    """The account belongs to somebody else here."""


class NoOtherWayIn(Conflict):
    """Without password and without link nobody could sign in as this user."""


def user_of_identity(session: Session, identity: Identity) -> str:
    """The active user that the account is linked to. Raises IdentityUnknown."""
    user_id = session.scalar(
        select(User.id)
        .join(ExternalIdentity, ExternalIdentity.user_id == User.id)
        .where(
            ExternalIdentity.issuer == identity.issuer, ExternalIdentity.subject == identity.subject, User.is_active
        )
    )
    if user_id is None:
        raise IdentityUnknown(
            N_("Nobody here is linked to this account. Sign in with your password and link it under My sessions.")
        )
    return user_id


def identities_of(session: Session, user_id: str) -> list[ExternalIdentity]:
    """The accounts that a user is linked to."""
    query = select(ExternalIdentity).where(ExternalIdentity.user_id == user_id)
    return list(session.scalars(query.order_by(ExternalIdentity.linked_at)))


def link_identity(session: Session, user_id: str, identity: Identity, *, actor: Actor, now: datetime) -> None:
    """Let the account sign in as this user; oneself, or who administers the user, may do so.

    Raises UnknownUser, NotAllowed, InvalidInput, IdentityTaken.
    """
    _require_right(session, user_id, actor)
    if not 0 < len(identity.subject) <= LONGEST_SUBJECT:
        text = N_("Give the name of the account as the provider's administration shows it (its “sub”).")
        raise InvalidInput(text, fields={"subject": text})
    present = session.get(ExternalIdentity, (identity.issuer, identity.subject))
    if present is not None:
        if present.user_id == user_id:
            return
        raise IdentityTaken(N_("This account is linked to somebody else here."))
    session.add(
        ExternalIdentity(
            issuer=identity.issuer, subject=identity.subject, user_id=user_id, linked_by=actor.user_id, linked_at=now
        )
    )
    session.flush()
    record_of_user(session, "identity_linked", user_id, actor, now, issuer=identity.issuer, subject=identity.subject)


def unlink_identity(session: Session, user_id: str, identity: Identity, *, actor: Actor, now: datetime) -> None:
    """The account signs in as this user no more; unlinking what is not linked is no error.

    Raises UnknownUser, NotAllowed, NoOtherWayIn.
    """
    _require_right(session, user_id, actor)
    removed = session.execute(
        delete(ExternalIdentity)
        .where(
            ExternalIdentity.issuer == identity.issuer,
            ExternalIdentity.subject == identity.subject,
            ExternalIdentity.user_id == user_id,
        )
        .returning(ExternalIdentity.user_id)
    ).first()
    if removed is None:
        return
    if existing_user(session, user_id).password_hash is None and not identities_of(session, user_id):
        raise NoOtherWayIn(N_("There is no password to sign in with. Set one first."))
    record_of_user(session, "identity_unlinked", user_id, actor, now, issuer=identity.issuer, subject=identity.subject)


def _require_right(session: Session, user_id: str, actor: Actor) -> None:
    user = existing_user(session, user_id)
    if actor.user_id != user_id:
        require_account_administrator(session, actor, user)
