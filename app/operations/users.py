"""Users: made, given passwords and preferences. Memberships decide what they may do."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput, NotFound
from app.i18n import LOCALES, N_
from app.models.organisation import Group, Membership, Site, User
from app.models.prepared import Prepared, table_of
from app.operations.actor import Actor
from app.operations.administration import (
    OwnAccount,
    UnknownSite,
    UnknownUser,
    require_account_administrator,
    require_administrator,
)
from app.operations.changed_fields import required_texts
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.passwords import check_new_password, hash_password, is_hash_outdated
from app.operations.sign_in import end_sessions_of

USER_ID = re.compile(r"[a-z][a-z0-9._-]{1,63}")
THEMES = ("auto", "light", "dark")
EMAIL = re.compile(r"[^@\s<>\"',;]+@[^@\s<>\"',;]+\.[^@\s<>\"',;]+")
LONGEST_DISPLAY_NAME, LONGEST_EMAIL = 120, 254  # characters
NOT_FOR_PEOPLE = ("new", "system")  # a page's address, and the name under which the product itself acts

_USER = table_of(User)
_PREFERENCES = Prepared(select(_USER.c.locale, _USER.c.theme).where(_USER.c.id == bindparam("which")))
_PREFER = Prepared(
    update(_USER)
    .where(_USER.c.id == bindparam("which"))
    .values(locale=bindparam("new_locale"), theme=bindparam("new_theme"))
)


class UserIdTaken(Conflict):
    """Two people cannot share a user name: histories name them by it for ever."""


@dataclass(frozen=True, slots=True)
class NewUser:
    """What is known of a user to create.

    `id` is the name to sign in with and never changes; `memberships` are (group id, site id), whose first site is the
    home site where none is named. Without a locale the browser's language counts until the person chooses one.
    """

    id: str
    display_name: str
    memberships: tuple[tuple[str, str], ...]
    must_change_password: bool = True
    locale: str = ""
    email: str | None = None
    home_site_id: str | None = None


def has_users(session: Session) -> bool:
    """Whether anybody can sign in at all."""
    return session.scalar(select(User.id).limit(1)) is not None


def create_user(session: Session, new: NewUser, password: str, *, actor: Actor, now: datetime) -> User:
    """Create a user who can sign in. Raises UserIdTaken, InvalidInput, NotAllowed, NotFound (group or site)."""
    check_new_password(password, new.id, new.display_name)
    return add_user(session, new, hash_password(password), actor=actor, now=now)


def add_user(session: Session, new: NewUser, password_hash: str, *, actor: Actor, now: datetime) -> User:
    """The same with a password that was hashed before: hashing takes long, and nobody can write meanwhile."""
    checked_user_id(new.id)
    if session.get(User, new.id):
        raise UserIdTaken(N_("There is already a user “%(user_id)s”."), user_id=new.id)
    home_site_id = new.home_site_id or (new.memberships[0][1] if new.memberships else None)
    account = checked_account(session, new.display_name, new.email, new.locale, home_site_id)
    check_memberships(session, new.memberships)
    sites = {site for _, site in new.memberships}
    require_administrator(session, actor, sites | {home_site_id} if home_site_id else sites)
    user = User(
        id=new.id,
        password_hash=password_hash,
        must_change_password=new.must_change_password,
        created_at=now,
        **account,
    )
    session.add(user)
    session.flush()
    session.add_all(Membership(user_id=new.id, group_id=group, site_id=site) for group, site in new.memberships)
    session.flush()
    groups = [f"{group}@{site}" for group, site in new.memberships]
    record_of_user(session, "user_created", new.id, actor, now, groups=groups)
    return user


def choose_own_password(session: Session, user_id: str, new: str, *, now: datetime) -> None:
    """A person who has just proved to know the present password chooses a new one; all sessions end."""
    user = existing_user(session, user_id)
    check_new_password(new, user_id, user.display_name)
    _set(session, user, new, must_change=False)
    record_of_user(session, "user_password_changed", user_id, Actor(user_id), now)


def set_password(session: Session, user_id: str, new: str, *, actor: Actor, now: datetime) -> None:
    """An administrator gives a new password, which its owner must change at the next sign-in.

    Raises UnknownUser, NotAllowed, OwnAccount, PasswordRefused.
    """
    user = existing_user(session, user_id)
    require_account_administrator(session, actor, user)
    if user_id == actor.user_id:
        raise OwnAccount(N_("Change your own password on the page of your account."))
    check_new_password(new, user_id, user.display_name)
    _set(session, user, new, must_change=True)
    record_of_user(session, "user_password_set", user_id, actor, now)


def renew_outdated_hash(session: Session, user_id: str, password: str) -> None:
    """After a sign-in: hash the password anew if the stored hash was made with weaker figures."""
    user = existing_user(session, user_id)
    if user.password_hash and is_hash_outdated(user.password_hash):
        user.password_hash = hash_password(password)


def set_preferences(session: Session, user_id: str, *, locale: str | None = None, theme: str | None = None) -> None:
    """Store language and theme; None leaves as is. Raises InvalidInput for a value that is none of ours."""
    if locale not in (None, *LOCALES) or theme not in (None, *THEMES):
        raise InvalidInput(N_("Choose one of the languages and themes offered."))
    present = _PREFERENCES.first(session, {"which": user_id})
    if present is None:
        raise UnknownUser(user_id)
    wanted = (locale or present[0], theme or present[1])
    if wanted != present:
        _PREFER.change(session, {"which": user_id, "new_locale": wanted[0], "new_theme": wanted[1]})


def record_of_user(
    session: Session,
    event: str,
    user_id: str,
    actor: Actor,
    now: datetime,
    *,
    reason: str | None = None,
    **facts: object,
) -> None:
    """What became of a user, in the history of the configuration."""
    body = {"user": user_id, **facts}
    append_events(session, CONFIGURATION_STREAM, [Event(event, body, reason=reason)], actor=actor, now=now)


def existing_user(session: Session, user_id: str) -> User:
    """The user; raises UnknownUser."""
    user = session.get(User, user_id)
    if user is None:
        raise UnknownUser(user_id)
    return user


def checked_user_id(user_id: str) -> str:
    """A name to sign in with; raises InvalidInput for what cannot be one."""
    if not USER_ID.fullmatch(user_id) or user_id in NOT_FOR_PEOPLE:
        refusal = N_("“%(user_id)s” cannot be a user name: use 2 to 64 lower-case letters, digits, dots or hyphens.")
        raise InvalidInput(refusal, fields={"id": refusal}, user_id=user_id[:80])
    return user_id


def checked_account(
    session: Session, display_name: str, email: str | None, locale: str, home_site_id: str | None
) -> dict[str, str | None]:
    """What an account may say of a person, ready to store. Raises InvalidInput, NotFound (site)."""
    name = required_texts({"display_name": display_name}, LONGEST_DISPLAY_NAME)["display_name"]
    address = (email or "").strip() or None
    if address and (len(address) > LONGEST_EMAIL or not EMAIL.fullmatch(address)):
        refusal = N_("This is not an e-mail address. Correct it or leave it empty.")
        raise InvalidInput(refusal, fields={"email": refusal})
    if locale not in ("", *LOCALES):
        raise InvalidInput(N_("Choose one of the languages and themes offered."))
    if home_site_id is not None and session.get(Site, home_site_id) is None:
        raise UnknownSite(home_site_id)
    return {"display_name": name, "email": address, "locale": locale, "home_site_id": home_site_id}


def check_memberships(session: Session, memberships: Iterable[tuple[str, str]]) -> None:
    """Raise NotFound unless all of these (group id, site id) exist."""
    for group_id, site_id in memberships:
        if session.get(Group, group_id) is None:
            raise NotFound(N_("There is no group “%(group_id)s”."), group_id=group_id)
        if session.get(Site, site_id) is None:
            raise UnknownSite(site_id)


def _set(session: Session, user: User, new: str, *, must_change: bool) -> None:
    user.password_hash = hash_password(new)
    user.must_change_password = must_change
    end_sessions_of(session, user.id)
