"""Substitutions as pages list them, and among whom a substitute is chosen."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.models.organisation import Membership, User
from app.models.process_definition import ProcessDefinition
from app.models.substitution import Substitution, SubstitutionProcess

LISTED = 200


@dataclass(frozen=True, slots=True)
class SubstitutionRow:
    """A substitution with the names of both; no processes are all."""

    id: str
    principal_id: str
    principal_name: str
    substitute_id: str
    substitute_name: str
    first_day: date
    last_day: date
    starts_at: datetime
    ends_at: datetime
    includes_open: bool
    reason: str | None
    named_by: str
    ended_by: str | None
    processes: tuple[str, ...]

    def is_over(self, now: datetime) -> bool:
        return self.ends_at <= now

    def is_in_force(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at


def substitutions_of(session: Session, user_id: str) -> list[SubstitutionRow]:
    """Those in which a person is one of the two, the newest first."""
    return _rows(session, or_(Substitution.principal_id == user_id, Substitution.substitute_id == user_id))


def substitutions_at(session: Session, site_ids: Collection[str]) -> list[SubstitutionRow]:
    """Those of people who work at one of these sites, the newest first."""
    return _rows(session, _works_at(Substitution.principal_id, site_ids))


def process_keys(session: Session) -> list[str]:
    """All processes there are."""
    return sorted(session.scalars(select(ProcessDefinition.key).distinct()))


def _works_at(user_id: InstrumentedAttribute[str], site_ids: Collection[str]) -> ColumnElement[bool]:
    return exists().where(Membership.user_id == user_id, Membership.site_id.in_(site_ids))


def _rows(session: Session, condition: ColumnElement[bool]) -> list[SubstitutionRow]:
    principal, substitute = aliased(User), aliased(User)
    query = (
        select(
            Substitution.id, Substitution.principal_id, principal.display_name.label("principal_name"),
            Substitution.substitute_id, substitute.display_name.label("substitute_name"), Substitution.first_day,
            Substitution.last_day, Substitution.starts_at, Substitution.ends_at, Substitution.includes_open,
            Substitution.reason, Substitution.named_by, Substitution.ended_by,
        )
        .join(principal, principal.id == Substitution.principal_id)
        .join(substitute, substitute.id == Substitution.substitute_id)
        .where(condition)
        .order_by(Substitution.starts_at.desc(), Substitution.id)
        .limit(LISTED)
    )  # fmt: skip
    found = session.execute(query).all()
    keys = select(SubstitutionProcess).where(SubstitutionProcess.substitution_id.in_([row[0] for row in found]))
    processes: dict[str, list[str]] = {}
    for row in session.scalars(keys.order_by(SubstitutionProcess.process_key)):
        processes.setdefault(row.substitution_id, []).append(row.process_key)
    return [SubstitutionRow(**row._asdict(), processes=tuple(processes.get(row.id, ()))) for row in found]
