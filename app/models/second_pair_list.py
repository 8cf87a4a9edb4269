"""Second pairs of eyes as their page lists them, and among whom they are chosen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, true
from sqlalchemy.orm import Session

from app.models.four_eyes import SecondPairOfEyes
from app.models.organisation import Membership, User
from app.models.visibility import AUDITORS


@dataclass(frozen=True, slots=True)
class SecondPairRow:
    """Somebody who helps a site out."""

    site_id: str
    user_id: str
    name: str
    named_by: str
    named_at: datetime


def second_pairs_at(session: Session, site_ids: Collection[str]) -> list[SecondPairRow]:
    """The second pairs of some sites."""
    row = SecondPairOfEyes
    query = (
        select(row.site_id, row.user_id, User.display_name.label("name"), row.named_by, row.named_at)
        .join(User, User.id == row.user_id)
        .where(row.site_id.in_(site_ids))
        .order_by(row.site_id, User.display_name)
    )
    return [SecondPairRow(**found._asdict()) for found in session.execute(query)]


def people_elsewhere(session: Session, site_id: str) -> Sequence[tuple[str, str]]:
    """(id, name) of the people who work, but not at this site; no auditors."""
    mine = exists().where(Membership.user_id == User.id)
    statement = select(User.id, User.display_name).where(
        User.is_active == true(),
        mine,
        ~mine.where(Membership.site_id == site_id),
        ~mine.where(Membership.group_id == AUDITORS),
    )
    return [(user_id, name) for user_id, name in session.execute(statement.order_by(User.display_name, User.id))]
