"""Who belongs to a session cookie, with the groups and sites that decide what they may do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import LargeBinary, String, bindparam, select
from sqlalchemy.orm import Session

from app.database import UtcDateTime
from app.models.organisation import Membership, Site, User
from app.models.sign_in import WebSession

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
DEFAULT_ZONE = "Asia/Shanghai"
# Made once: building a statement costs more than running it, and every request runs these two.
_LIVE_SESSION = (
    select(User.__table__, Site.zone, WebSession.last_seen_at)
    .select_from(WebSession)
    .join(User, User.id == WebSession.user_id)
    .outerjoin(Site, Site.id == User.home_site_id)
    .where(
        WebSession.token_hash == bindparam("token_hash", type_=LargeBinary()),
        WebSession.last_seen_at > bindparam("seen_after", type_=UtcDateTime()),
        WebSession.created_at > bindparam("created_after", type_=UtcDateTime()),
        User.is_active,
    )
)
_MEMBERSHIPS = select(Membership.group_id, Membership.site_id).where(
    Membership.user_id == bindparam("user_id", type_=String())
)


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

    @property
    def groups(self) -> frozenset[str]:
        return frozenset(group for group, _ in self.memberships)


def find_signed_in_person(session: Session, token_hash: bytes, now: datetime) -> Person | None:
    """The person of a live session: neither idle for 30 minutes, nor older than 12 hours, nor of a disabled user."""
    limits = {"token_hash": token_hash, "seen_after": now - IDLE, "created_after": now - ABSOLUTE}
    row = session.execute(_LIVE_SESSION, limits).one_or_none()
    if row is None:
        return None
    memberships = session.execute(_MEMBERSHIPS, {"user_id": row.id})
    return Person(
        id=row.id,
        display_name=row.display_name,
        locale=row.locale,
        theme=row.theme,
        home_site_id=row.home_site_id,
        zone=ZoneInfo(row.zone or DEFAULT_ZONE),
        must_change_password=row.must_change_password,
        memberships=frozenset((group, site) for group, site in memberships),
        token_hash=token_hash,
        last_seen_at=row.last_seen_at,
    )


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
