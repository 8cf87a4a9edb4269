"""The first start (W25): nobody can sign in until the bearer of the printed token makes the first administrator.

Administrator and site are made in one step or not at all; whatever comes after is done by the administrator, in any
order and at any time.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import AppError, InvalidInput
from app.i18n import N_
from app.models import FirstRun
from app.operations.actor import SYSTEM, Actor
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.sign_in import hash_token
from app.operations.sites import create_site
from app.operations.users import NewUser, create_user, has_users

ROW = "only"
TOKEN_BYTES = 16
FIRST_GROUPS = ("admin", "process_owner")


class FirstRunOver(AppError):
    """The product has its administrator: the token is used up."""

    http_status = 410

    def __init__(self) -> None:
        super().__init__(N_("The product is set up already. Sign in, or ask your administrator for an account."))


@dataclass(frozen=True, slots=True)
class FirstThings:
    """The first administrator and the site he begins at; `zone` as in Asia/Shanghai."""

    user_id: str
    display_name: str
    locale: str
    site_id: str
    site_name: str
    zone: str


def issue_first_run_token(session: Session, *, now: datetime) -> str | None:
    """A new token for the first start, which replaces the one before; None once there are users."""
    if has_users(session):
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = session.get(FirstRun, ROW, with_for_update=True) or FirstRun(id=ROW)
    row.token_hash, row.made_at = hash_token(token), now
    session.add(row)
    session.flush()
    return token


def is_first_run(session: Session) -> bool:
    """Whether the product still waits for its first administrator."""
    return not has_users(session)


def is_set_up_unfinished(session: Session) -> bool:
    """Whether an administrator began with the pages of the first start and has not come to their end."""
    row = session.get(FirstRun, ROW)
    return row is not None and row.used_at is not None and row.finished_at is None


def make_first_administrator(
    session: Session, token: str, first: FirstThings, password: str, *, now: datetime
) -> None:
    """Use the token up: make the first site with groups and calendar, and its administrator, who owns the processes.

    Raises FirstRunOver, InvalidInput (PasswordRefused among them).
    """
    row = session.get(FirstRun, ROW, with_for_update=True)
    if row is None or row.used_at is not None or has_users(session):
        raise FirstRunOver
    if not hmac.compare_digest(row.token_hash, hash_token(token.strip())):
        text = N_("This is not the token of the last start. Copy it from where the product was started.")
        raise InvalidInput(text, fields={"token": text})
    create_site(session, first.site_id, first.site_name, zone=first.zone, is_outlet=False, actor=SYSTEM, now=now)
    memberships = tuple((group, first.site_id) for group in FIRST_GROUPS)
    new = NewUser(first.user_id, first.display_name, memberships, must_change_password=False, locale=first.locale)
    create_user(session, new, password, actor=SYSTEM, now=now)
    row.used_at = now
    session.flush()


def finish_set_up(session: Session, *, actor: Actor, now: datetime) -> None:
    """The administrator is done with the first pages; what is left over has its own pages."""
    row = session.get(FirstRun, ROW, with_for_update=True)
    if row is not None and row.used_at is not None and row.finished_at is None:
        row.finished_at = now
        session.flush()
        append_events(session, CONFIGURATION_STREAM, [Event("set_up_finished", {})], actor=actor, now=now)
