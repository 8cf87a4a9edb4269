"""Whose inbox it is: the values that every view of it needs, read by one statement, and one more for substitutes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.models.inbox_views import StandInShape, membership_values, stand_in_values
from app.models.organisation import Membership, Site, User
from app.models.prepared import Prepared, placed, table_of
from app.models.stand_ins import StandIn, find_stand_ins, stands_in_now
from app.models.visibility import AUDITORS

DEFAULT_ZONE = "Asia/Shanghai"

Memberships = Collection[tuple[str, str]]  # (group id, site id)

_USER, _MEMBERSHIP, _SITE = table_of(User), table_of(Membership), table_of(Site)
_READER = Prepared(
    select(_MEMBERSHIP.c.group_id, _MEMBERSHIP.c.site_id, _SITE.c.zone, stands_in_now())
    .select_from(_USER)
    .outerjoin(_MEMBERSHIP, _MEMBERSHIP.c.user_id == _USER.c.id)
    .outerjoin(_SITE, _SITE.c.id == _USER.c.home_site_id)
    .where(_USER.c.id == bindparam("user_id"))
)


@dataclass(frozen=True, slots=True)
class InboxReader:
    """The values of a person's views; `stand_ins` are those whose work the person does now, `shapes` theirs."""

    values: dict[str, object]
    stand_ins: tuple[StandIn, ...]
    shapes: tuple[StandInShape, ...]


def inbox_reader(session: Session, user_id: str, now: datetime) -> InboxReader:
    """The person, the groups by site, how far the person's today reaches, and whom the person stands in for."""
    rows = _READER.rows(session, {"user_id": user_id, "now": now})
    memberships = [(group, site) for group, site, *_ in rows if group is not None]
    zone = ZoneInfo(rows[0][2] or DEFAULT_ZONE) if rows else ZoneInfo(DEFAULT_ZONE)
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    values: dict[str, object] = {
        "user_id": user_id,
        "now": now,
        "today": midnight.astimezone(UTC),
        "tomorrow": (midnight + timedelta(days=1)).astimezone(UTC),
        **membership_values(memberships),
    }
    stand_ins = find_stand_ins(session, user_id, now) if rows and rows[0][3] else ()
    shapes = []
    for number, one in enumerate(stand_ins):
        claiming = _claiming(one, memberships)
        values |= stand_in_values(number, one, claiming)
        processes = len(placed("covered", one.processes)) if one.processes else 0
        shapes.append(StandInShape(len(claiming), processes, is_only_new=one.opened_from is not None))
    return InboxReader(values, stand_ins, tuple(shapes))


def _claiming(one: StandIn, own: Memberships) -> list[tuple[str, str]]:
    """In which groups the principal may claim what the person may not: auditors of a site change nothing there."""
    audited = {site for group, site in (*one.memberships, *own) if group == AUDITORS}
    return sorted((group, site) for group, site in one.memberships - set(own) if site not in audited)
