"""Who belongs to a session cookie, with the groups and sites that decide what they may do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Engine, FromClause, Select, bindparam, exists, select
from sqlalchemy.orm import Session

from app.models.organisation import Membership, Site, User
from app.models.prepared import Prepared, Record, table_of
from app.models.second_factor import SecondFactor
from app.models.sign_in import WebSession

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
DEFAULT_ZONE = "Asia/Shanghai"
_USER, _SITE, _MEMBERSHIP, _SESSION = table_of(User), table_of(Site), table_of(Membership), table_of(WebSession)


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in person as plain values, good for one request. `memberships` are (group id, site id)."""

    id: str
    display_name: str
    locale: str
    theme: str
    home_site_id: str | None
    zone: ZoneInfo
    must_change_password: bool
    memberships: frozenset[tuple[str, str]]
    token_hash: bytes
    last_seen_at: datetime
    second_factor: str  # of the session: see WebSession

    @property
    def is_authenticated(self) -> bool:
        """The word by which Flask-Login tells a person from nobody."""
        return True

    @property
    def groups(self) -> frozenset[str]:
        return frozenset(group for group, _ in self.memberships)

    def sites_in(self, groups: Collection[str]) -> frozenset[str]:
        """The sites where the person is in one of these groups."""
        return frozenset(site for group, site in self.memberships if group in groups)


_OF_PERSON = (
    _USER.c.id, _USER.c.display_name, _USER.c.locale, _USER.c.theme, _USER.c.home_site_id, _SITE.c.zone,
    _USER.c.must_change_password, _MEMBERSHIP.c.group_id, _MEMBERSHIP.c.site_id,
)  # fmt: skip


def select_person(proof: FromClause, *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Whom a row of `proof`, a table with `user_id`, lets in: one row for each membership, or one without any.

    A row gives what `person_of` wants, then `columns`. Nobody is let in whose account is disabled.
    """
    return (
        select(*_OF_PERSON, *columns)
        .select_from(proof)
        .join(_USER, _USER.c.id == proof.c.user_id)
        .outerjoin(_SITE, _SITE.c.id == _USER.c.home_site_id)
        .outerjoin(_MEMBERSHIP, _MEMBERSHIP.c.user_id == _USER.c.id)
        .where(_USER.c.is_active)
    )


def person_of(rows: Sequence[Record], *, token_hash: bytes, last_seen_at: datetime, second_factor: str) -> Person:
    """The person of the rows, one at least, that a `select_person` gave."""
    user_id, display_name, locale, theme, home_site_id, zone, must_change_password = rows[0][:7]
    return Person(
        id=user_id,
        display_name=display_name,
        locale=locale,
        theme=theme,
        home_site_id=home_site_id,
        zone=ZoneInfo(zone or DEFAULT_ZONE),
        must_change_password=must_change_password,
        memberships=frozenset((row[7], row[8]) for row in rows if row[7] is not None),
        token_hash=token_hash,
        last_seen_at=last_seen_at,
        second_factor=second_factor,
    )


# Every request asks this.
_LIVE_SESSION = Prepared(
    select_person(_SESSION, _SESSION.c.last_seen_at, _SESSION.c.second_factor).where(
        _SESSION.c.token_hash == bindparam("token_hash"),
        _SESSION.c.last_seen_at > bindparam("seen_after"),
        _SESSION.c.created_at > bindparam("created_after"),
    )
)


def find_signed_in_person(engine: Engine, token_hash: bytes, now: datetime) -> Person | None:
    """The person of a live session: neither idle for 30 minutes, nor older than 12 hours, nor of a disabled user."""
    limits = {"token_hash": token_hash, "seen_after": now - IDLE, "created_after": now - ABSOLUTE}
    rows = _LIVE_SESSION.rows_alone(engine, limits)
    if not rows:
        return None
    last_seen_at, second_factor = rows[0][-2:]
    return person_of(rows, token_hash=token_hash, last_seen_at=last_seen_at, second_factor=second_factor)


def proof_of_session(session: Session, token_hash: bytes) -> tuple[bool, bool, datetime | None]:
    """Whether the session's user has a password, has an authenticator, and when either was proved last."""
    has_code = exists().where(SecondFactor.user_id == User.id, SecondFactor.confirmed_at.is_not(None))
    query = (
        select(User.password_hash.is_not(None), has_code, WebSession.authenticated_at)
        .join_from(WebSession, User, User.id == WebSession.user_id)
        .where(WebSession.token_hash == token_hash)
    )
    row = session.execute(query).first()
    return (bool(row[0]), bool(row[1]), row[2]) if row else (False, False, None)


def sessions_of(session: Session, user_id: str, now: datetime) -> list[WebSession]:
    """The live sessions of a user, the one used last first."""
    return list(
        session.scalars(
            select(WebSession)
            .where(
                WebSession.user_id == user_id,
                WebSession.last_seen_at > now - IDLE,
                WebSession.created_at > now - ABSOLUTE,
            )
            .order_by(WebSession.last_seen_at.desc())
        )
    )
