"""The inbox: pages and counts of a person's user tasks, flat in time however many are open.

Every view is a union of index scans that each stop after a page; nothing is sorted or counted as a whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, union_all
from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.i18n import N_
from app.models.inbox_views import VIEW_PARTS, VIEWS, Cut, Ids, Reader, View
from app.models.organisation import Membership, Site, User
from app.models.process_instance import ProcessInstance
from app.models.user_task import UserTask

__all__ = ["VIEWS", "InboxPage", "InboxRow", "View", "inbox_counts", "inbox_page"]

COUNTED_EXACTLY = 1000  # above it people read "1,000+"
LONGEST_PAGE = 200
DEFAULT_ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class InboxRow:
    """What a list shows of a user task; `title` is the case's."""

    id: str
    instance_id: str
    site_id: str
    definition_id: str
    process_key: str
    case_number: str
    title: str
    element_id: str
    name: str
    form_key: str | None
    lane: str | None
    state: str
    assignee_id: str | None
    priority: int
    due_at: datetime | None
    follow_up_at: datetime | None
    created_at: datetime
    claimed_at: datetime | None
    ended_at: datetime | None
    revision: int


@dataclass(frozen=True, slots=True)
class InboxPage:
    """One page of a view; `next_cursor` is what to pass as `after` for the next one, None at the end."""

    rows: tuple[InboxRow, ...]
    next_cursor: str | None


def inbox_page(
    session: Session,
    user_id: str,
    view: View,
    *,
    now: datetime,
    process_key: str | None = None,
    search: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> InboxPage:
    """A page of a view, by due date (`done`: latest first).

    Arguments: search, a part of case number, title or business key; after, the cursor of the page before.
    Raises InvalidInput for a cursor that is none.
    """
    reader = _reader(session, user_id, now)
    size = min(max(limit, 1), LONGEST_PAGE)
    cut = Cut(size + 1, _filters(process_key, search), after=_read_cursor(after) if after else None)
    ids = _distinct(VIEW_PARTS[view](reader, cut)).subquery()
    is_latest_first = view == "done"
    order = [ids.c.sort.desc(), ids.c.id.desc()] if is_latest_first else [ids.c.sort, ids.c.id]
    picked = select(ids).order_by(*order).limit(size + 1).subquery()
    order = [picked.c.sort.desc(), picked.c.id.desc()] if is_latest_first else [picked.c.sort, picked.c.id]
    columns = [getattr(UserTask, field.name) for field in fields(InboxRow)]
    statement = select(picked.c.sort, *columns).join(UserTask, UserTask.id == picked.c.id).order_by(*order)
    found = session.execute(statement).all()
    rows = tuple(InboxRow(*row[1:]) for row in found[:size])
    return InboxPage(rows, _write_cursor(found[size - 1][0], rows[-1].id) if len(found) > size else None)


def open_view(session: Session, user_id: str, view: View, now: datetime, limit: int) -> Select[str]:
    """Ids of the first user tasks of a view, in no order: for figures about it."""
    cut = Cut(limit, is_ordered=False)
    ids = _distinct(VIEW_PARTS[view](_reader(session, user_id, now), cut)).subquery()
    return select(ids.c.id).limit(limit)


def inbox_counts(session: Session, user_id: str, now: datetime, *, process_key: str | None = None) -> dict[View, int]:
    """How many user tasks each view holds, exact to 1,000; 1,001 stands for more."""
    reader = _reader(session, user_id, now)
    cut = Cut(COUNTED_EXACTLY + 1, _filters(process_key, None), is_ordered=False)
    counts = []
    for view in VIEWS:
        ids = _distinct(VIEW_PARTS[view](reader, cut)).subquery()
        capped = select(ids.c.id).limit(COUNTED_EXACTLY + 1).subquery()
        counts.append(select(func.count()).select_from(capped).scalar_subquery())
    return dict(zip(VIEWS, session.execute(select(*counts)).one(), strict=True))


def _reader(session: Session, user_id: str, now: datetime) -> Reader:
    memberships = session.execute(
        select(Membership.group_id, Membership.site_id).where(Membership.user_id == user_id)
    ).all()
    home = select(Site.zone).join(User, User.home_site_id == Site.id).where(User.id == user_id)
    zone = ZoneInfo(session.scalar(home) or DEFAULT_ZONE)
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = (midnight + timedelta(days=1)).astimezone(UTC)
    groups = tuple((group, site) for group, site in memberships)
    return Reader(user_id, groups, now, today=(midnight.astimezone(UTC), tomorrow))


def _filters(process_key: str | None, search: str | None) -> tuple[ColumnElement[bool], ...]:
    filters: list[ColumnElement[bool]] = []
    if process_key:
        filters.append(UserTask.process_key == process_key)
    if search and (words := search.strip()):
        has_business_key = exists().where(
            ProcessInstance.id == UserTask.instance_id, ProcessInstance.business_key.icontains(words, autoescape=True)
        )
        filters.append(
            or_(
                UserTask.case_number.icontains(words, autoescape=True),
                UserTask.title.icontains(words, autoescape=True),
                has_business_key,
            )
        )
    return tuple(filters)


def _distinct(parts: Sequence[Ids]) -> Ids:
    """A user task may be open to several groups of one person."""
    union = union_all(*parts).subquery()
    return select(union.c.id, union.c.sort).distinct()


def _write_cursor(sort: datetime, row_id: str) -> str:
    return f"{sort.isoformat()}~{row_id}"


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    moment, _, row_id = cursor.partition("~")
    try:
        position = datetime.fromisoformat(moment)
    except ValueError as error:
        raise InvalidInput(N_("This place in the list does not exist. Go back to its beginning.")) from error
    if position.tzinfo is None or not row_id:
        raise InvalidInput(N_("This place in the list does not exist. Go back to its beginning."))
    return position, row_id
