"""Tokens for programs: made by a person, shown once, kept as a hash, bounded by scopes and an end (W63)."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput
from app.i18n import N_
from app.identifiers import new_id
from app.models import ApiToken
from app.operations.actor import Actor
from app.operations.administration import require_account_administrator
from app.operations.sign_in import hash_token
from app.operations.users import existing_user, record_of_user

PREFIX = "aft_"  # so that people, and programs that search for leaked secrets, know what it is
TOKEN_BYTES = 32
SCOPES = (
    ("read", N_("Read: who I am, my tasks, the cases and reports I may see")),
    ("work", N_("Work: claim, complete and delegate tasks, write comments, add files")),
    ("start", N_("Start: start cases")),
    ("workers", N_("Workers: fetch and do what diagrams leave to other programs")),
    ("change", N_("Change: messages, signals, variables, cases, jobs, incidents")),
    ("customers", N_("Customers: read, make and correct files of customers and vehicles")),
    ("imports", N_("Imports: upload exports of the dealer system, take them in and back")),
    ("plan", N_("Plan: read, move and call off follow-ups")),
    ("export", N_("Export: take reports and copies of customers' data away as files")),
    ("deploy", N_("Deploy: put diagrams into force")),
    ("administer", N_("Administer: people, groups, sites")),
)
LIFETIMES = (30, 90, 365)  # days
MOST = 20
LONGEST_NAME = 80


class TooManyTokens(Conflict):
    """A person has as many tokens as anybody needs; one has to go first."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """What a person wants of a token: a name to know it by, what it may do, for how many days."""

    name: str
    scopes: Collection[str]
    days: int


def create_api_token(session: Session, new: NewToken, *, actor: Actor, now: datetime) -> str:
    """Make a token for who acts, and return it: this is the only time. Raises InvalidInput, TooManyTokens."""
    name, known = new.name.strip(), {scope for scope, _text in SCOPES}
    if not 0 < len(name) <= LONGEST_NAME:
        text = N_("Give a name of at most 80 characters, such as what the program does.")
        raise InvalidInput(text, fields={"name": text})
    if not new.scopes or not set(new.scopes) <= known:
        text = N_("Choose what the program may do.")
        raise InvalidInput(text, fields={"scope": text})
    if new.days not in LIFETIMES:
        text = N_("Choose how long it is good.")
        raise InvalidInput(text, fields={"days": text})
    count = select(func.count()).select_from(ApiToken).where(ApiToken.user_id == actor.user_id)
    if (session.scalar(count) or 0) >= MOST:
        raise TooManyTokens(N_("You have %(count)s tokens, which is the most. Revoke one first."), count=MOST)
    token, token_id, scopes = PREFIX + secrets.token_urlsafe(TOKEN_BYTES), new_id(), " ".join(sorted(new.scopes))
    expires_at = now + timedelta(days=new.days)
    session.add(
        ApiToken(
            id=token_id, token_hash=hash_token(token), user_id=actor.user_id, name=name, scopes=scopes,
            created_at=now, expires_at=expires_at,
        )
    )  # fmt: skip
    session.flush()
    facts = {"token": token_id, "scopes": scopes, "expires_at": expires_at.isoformat()}
    record_of_user(session, "api_token_created", actor.user_id, actor, now, **facts)
    return token


def revoke_api_token(session: Session, user_id: str, token_id: str, *, actor: Actor, now: datetime) -> None:
    """Let it in no more, from this moment; by its owner or who administers the owner. Revoking none is no error.

    Raises UnknownUser, NotAllowed.
    """
    user = existing_user(session, user_id)
    if actor.user_id != user_id:
        require_account_administrator(session, actor, user)
    gone = session.execute(
        delete(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == user_id).returning(ApiToken.id)
    ).first()
    if gone is not None:
        record_of_user(session, "api_token_revoked", user_id, actor, now, token=token_id)


def note_token_use(session: Session, token_id: str, now: datetime) -> None:
    """It was used."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))
