"""Whose work a person may do besides their own at this moment."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, bindparam, exists, select
from sqlalchemy.orm import Session

from app.database import UtcDateTime
from app.models.organisation import Membership, User
from app.models.prepared import Prepared, Record, table_of
from app.models.substitution import Substitution, SubstitutionProcess

_SUBSTITUTION, _PROCESS = table_of(Substitution), table_of(SubstitutionProcess)
_MEMBERSHIP, _USER = table_of(Membership), table_of(User)
_NOW = bindparam("now", type_=UtcDateTime())
_IN_FORCE = (
    _SUBSTITUTION.c.substitute_id == bindparam("user_id"),
    _SUBSTITUTION.c.starts_at <= _NOW,
    _SUBSTITUTION.c.ends_at > _NOW,
)
_STAND_INS = Prepared(
    select(
        _SUBSTITUTION.c.id, _SUBSTITUTION.c.principal_id, _USER.c.display_name, _SUBSTITUTION.c.starts_at,
        _SUBSTITUTION.c.includes_open, _SUBSTITUTION.c.last_day, _PROCESS.c.process_key, _MEMBERSHIP.c.group_id,
        _MEMBERSHIP.c.site_id,
    )
    .join(_USER, _USER.c.id == _SUBSTITUTION.c.principal_id)
    .outerjoin(_PROCESS, _PROCESS.c.substitution_id == _SUBSTITUTION.c.id)
    .outerjoin(_MEMBERSHIP, _MEMBERSHIP.c.user_id == _SUBSTITUTION.c.principal_id)
    .where(*_IN_FORCE)
    .order_by(_SUBSTITUTION.c.first_day, _SUBSTITUTION.c.id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody whose work a person does now; empty `processes` are all, `opened_from` None is open work included.

    `memberships` are the principal's (group id, site id).
    """

    principal_id: str
    principal_name: str
    last_day: date
    processes: frozenset[str]
    opened_from: datetime | None
    memberships: frozenset[tuple[str, str]]

    def covers(self, process_key: str, opened_at: datetime) -> bool:
        """Whether a user task is among the work that was handed on."""
        is_meant = not self.processes or process_key in self.processes
        return is_meant and (self.opened_from is None or opened_at >= self.opened_from)

    def groups_at(self, site_id: str) -> frozenset[str]:
        """The principal's groups at a site."""
        return frozenset(group for group, site in self.memberships if site == site_id)


def stands_in_now() -> ColumnElement[bool]:
    """Whether the person `user_id` stands in for anybody at the moment `now`: a column for other statements."""
    return exists().where(*_IN_FORCE).label("stands_in")


def find_stand_ins(session: Session, user_id: str, now: datetime) -> tuple[StandIn, ...]:
    """Whom a person stands in for at this moment; what they were themselves given to do is not handed on."""
    rows: dict[str, list[Record]] = {}
    for row in _STAND_INS.rows(session, {"user_id": user_id, "now": now}):
        rows.setdefault(row[0], []).append(row)
    return tuple(_stand_in(parts) for parts in rows.values())


def _stand_in(rows: list[Record]) -> StandIn:
    _, principal_id, name, starts_at, includes_open, last_day, *_ = rows[0]
    return StandIn(
        principal_id=principal_id,
        principal_name=name,
        last_day=last_day,
        processes=frozenset(row[6] for row in rows if row[6] is not None),
        opened_from=None if includes_open else starts_at,
        memberships=frozenset((row[7], row[8]) for row in rows if row[7] is not None),
    )
