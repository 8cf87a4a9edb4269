"""Saved views of the inbox, as the people find them who own them or with whose group they are shared."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import String, bindparam, select, union_all
from sqlalchemy.orm import Session

from app.models.inbox_views import View
from app.models.organisation import Membership, User
from app.models.prepared import Prepared, table_of
from app.models.saved_filter import SavedFilter


@dataclass(frozen=True, slots=True)
class SavedView:
    """A question to the inbox under a name: whoever asks it gets an answer of their own.

    Shared with a group at a site where `group_id` and `site_id` are given.
    """

    id: str
    owner_id: str
    name: str
    view: View
    process_key: str | None
    search: str
    group_id: str | None
    site_id: str | None


_FILTER, _MEMBERSHIP, _USER = table_of(SavedFilter), table_of(Membership), table_of(User)
_COLUMNS = [_FILTER.c[field.name] for field in fields(SavedView)]
_READER = bindparam("reader_id", type_=String())
_OWN = select(*_COLUMNS).where(_FILTER.c.owner_id == _READER, _FILTER.c.view.is_not(None))
_SHARED = (
    select(*_COLUMNS)
    .join(
        _MEMBERSHIP,
        (_MEMBERSHIP.c.group_id == _FILTER.c.group_id) & (_MEMBERSHIP.c.site_id == _FILTER.c.site_id),
    )
    .where(_MEMBERSHIP.c.user_id == _READER, _FILTER.c.owner_id != _READER, _FILTER.c.view.is_not(None))
)
_SEEN = union_all(_OWN, _SHARED).subquery()
_OF_READER = Prepared(select(_SEEN).order_by(_SEEN.c.name, _SEEN.c.id))
_START = Prepared(select(_SEEN).join(_USER, _USER.c.start_filter_id == _SEEN.c.id).where(_USER.c.id == _READER))


def sharing_of(saved: SavedView | SavedFilter) -> tuple[str, str] | None:
    """The group and the site, where it is shared."""
    return (saved.group_id, saved.site_id) if saved.group_id and saved.site_id else None


def saved_views(session: Session, reader_id: str) -> Sequence[SavedView]:
    """A person's own and those shared with a group the person is in, by name."""
    return [SavedView(*row) for row in _OF_READER.rows(session, {"reader_id": reader_id})]


def start_view(session: Session, reader_id: str) -> SavedView | None:
    """The one the person wants to begin with, while the person may see it."""
    row = _START.first(session, {"reader_id": reader_id})
    return SavedView(*row) if row else None


def views_shared_at(session: Session, site_ids: Collection[str]) -> Sequence[SavedView]:
    """Everything shared at these sites, for their administrators."""
    query = select(*_COLUMNS).where(_FILTER.c.site_id.in_(site_ids), _FILTER.c.view.is_not(None))
    return [SavedView(*row) for row in session.execute(query.order_by(_FILTER.c.name, _FILTER.c.id))]


def groups_with_members(session: Session, site_ids: Collection[str]) -> list[tuple[str, str]]:
    """(group, site) of all groups somebody is in at these sites."""
    pair = (_MEMBERSHIP.c.group_id, _MEMBERSHIP.c.site_id)
    query = select(*pair).where(_MEMBERSHIP.c.site_id.in_(site_ids)).distinct().order_by(*reversed(pair))
    return [(group, site) for group, site in session.execute(query)]
