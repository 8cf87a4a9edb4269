"""Tokens with which programs of a person come in, and whose they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, ForeignKey, LargeBinary, String, bindparam, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.database import Base, UtcDateTime
from app.models.organisation import Group, Membership, User
from app.models.prepared import Prepared, table_of
from app.models.second_factor import SecondFactor
from app.models.signed_in_person import Person, person_of, select_person

USED_EVERY = timedelta(minutes=10)  # how exactly the last use is known


class ApiToken(Base):
    """A random token of a person, for programs. Only its hash is kept; scopes are parted by blanks."""

    __tablename__ = "api_token"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class TokenBearer:
    """Whose token it is, and what may be done with it."""

    person: Person
    token_id: str
    token_name: str
    scopes: frozenset[str]
    last_used_at: datetime | None


_TOKEN, _USER, _GROUP, _FACTOR = table_of(ApiToken), table_of(User), table_of(Group), table_of(SecondFactor)
_OF_GROUPS = table_of(Membership).alias()
_HAS_FACTOR = exists().where(_FACTOR.c.user_id == _USER.c.id, _FACTOR.c.confirmed_at.is_not(None))
_MUST_HAVE_FACTOR = exists().where(
    _OF_GROUPS.c.user_id == _USER.c.id, _GROUP.c.id == _OF_GROUPS.c.group_id, _GROUP.c.requires_second_factor
)
_LIVE_TOKEN = Prepared(
    select_person(
        _TOKEN, _TOKEN.c.id, _TOKEN.c.name, _TOKEN.c.scopes, _TOKEN.c.last_used_at, _TOKEN.c.created_at,
        _HAS_FACTOR.label("has_factor"), _MUST_HAVE_FACTOR.label("must_have_factor"),
    ).where(_TOKEN.c.token_hash == bindparam("token_hash"), _TOKEN.c.expires_at > bindparam("now"))
)  # fmt: skip


def find_token_bearer(engine: Engine, token_hash: bytes, now: datetime) -> TokenBearer | None:
    """Whose live token this is: neither expired nor of a disabled user. Revoked tokens have no row."""
    rows = _LIVE_TOKEN.rows_alone(engine, {"token_hash": token_hash, "now": now})
    if not rows:
        return None
    token_id, name, scopes, last_used_at, created_at, has_factor, must_have_factor = rows[0][-7:]
    # Made in a session that had passed it; where a group demands one since, the person sets it up first.
    second_factor = "missing" if must_have_factor and not has_factor else ""
    last_seen_at = last_used_at or created_at
    person = person_of(rows, token_hash=token_hash, last_seen_at=last_seen_at, second_factor=second_factor)
    return TokenBearer(person, token_id, name, frozenset(scopes.split()), last_used_at)


def tokens_of(session: Session, user_id: str) -> list[ApiToken]:
    """The tokens of a user, the newest first, expired ones among them."""
    return list(
        session.scalars(select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.created_at.desc()))
    )
