"""The history of the configuration, the newest first, as far as somebody's sites reach."""

from collections.abc import Collection

from sqlalchemy import or_, select, union
from sqlalchemy.orm import Session

from app.models.history import HistoryEvent
from app.models.organisation import Membership, Site, User
from app.models.paging import ListPage, list_page

STREAM = "configuration"
PAGE = 50


def configuration_page(
    session: Session, site_ids: Collection[str], types: Collection[str], *, actor_id: str = "", after: str | None = None
) -> ListPage:
    """Events of some types at these sites and of the whole company. Raises InvalidInput for a cursor that is none."""
    query = select(
        HistoryEvent.stream_sequence, HistoryEvent.sequence, HistoryEvent.at, HistoryEvent.canonical, HistoryEvent.hash
    ).where(
        HistoryEvent.stream == STREAM,
        HistoryEvent.type.in_(sorted(types)),
        or_(HistoryEvent.site_id.is_(None), HistoryEvent.site_id.in_(sorted(site_ids))),
    )
    if actor_id:
        query = query.where(HistoryEvent.actor_id == actor_id)
    return list_page(session, query, (HistoryEvent.stream_sequence,), after=after, newest_first=True, size=PAGE)


def is_every_site(session: Session, site_ids: Collection[str]) -> bool:
    """Whether these are all sites of the company."""
    return frozenset(session.scalars(select(Site.id))) <= frozenset(site_ids)


def people_of(session: Session, site_ids: Collection[str]) -> frozenset[str]:
    """Everybody who works at one of these sites or is at home there."""
    members = select(Membership.user_id).where(Membership.site_id.in_(site_ids))
    at_home = select(User.id).where(User.home_site_id.in_(site_ids))
    return frozenset(session.scalars(union(members, at_home)))
