"""The inbox: pages and counts of a person's user tasks, flat in time however many are open.

Every view is a union of index scans that each stop after a page; nothing is sorted or counted as a whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.i18n import N_
from app.models.inbox_reader import InboxReader, inbox_reader
from app.models.inbox_views import SIZE, VIEW_PARTS, VIEWS, Ids, Shape, View
from app.models.prepared import Prepared, placed
from app.models.search import begin_search, instances_found, word_values
from app.models.user_task import UserTask

__all__ = ["VIEWS", "InboxPage", "InboxRow", "View", "counts_by_process", "inbox_counts", "inbox_page"]

COUNTED_EXACTLY = 1000  # above it people read "1,000+"
LONGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class InboxRow:
    """What a list shows of a user task; `title` is the case's, unless the diagram gives it one."""

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
    not_performer_of: str | None
    clock_id: str | None
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

    Arguments: search, what a person typed to find cases by; after, the cursor of the page before.
    Raises InvalidInput for a cursor that is none.
    """
    size = min(max(limit, 1), LONGEST_PAGE)
    reader = inbox_reader(session, user_id, now)
    if view == "for_others" and not reader.stand_ins:
        return InboxPage((), None)
    values = reader.values | {"size": size + 1}
    values |= _process_value(process_key) | (_read_cursor(after) if after else {})
    if search and search.strip():
        looked_for = _search_values(session, search)
        if not looked_for:
            return InboxPage((), None)
        values |= looked_for
    found = _page_statement(view, _shape(values, reader)).rows(session, values)
    rows = tuple(InboxRow(*row[1:]) for row in found[:size])
    return InboxPage(rows, _write_cursor(found[size - 1][0], rows[-1].id) if len(found) > size else None)


def inbox_counts(session: Session, user_id: str, now: datetime, *, process_key: str | None = None) -> dict[View, int]:
    """How many user tasks each view holds, exact to 1,000; 1,001 stands for more."""
    return counts_for(session, inbox_reader(session, user_id, now), process_key=process_key)


def counts_for(session: Session, reader: InboxReader, *, process_key: str | None = None) -> dict[View, int]:
    """The same for a person whose inbox was asked for already."""
    values = reader.values | {"size": COUNTED_EXACTLY + 1} | _process_value(process_key)
    shape = _shape(values, reader, is_ordered=False)
    [counts] = _counts_statement(shape).rows(session, values)
    return {"for_others": 0, **dict(zip(_counted(shape), counts, strict=True))}


def counts_by_process(session: Session, user_id: str, view: View, now: datetime) -> dict[str, int]:
    """Process key -> how many of the view's user tasks belong to it; of a view of more than 1,000, some of them."""
    reader = inbox_reader(session, user_id, now)
    if view == "for_others" and not reader.stand_ins:
        return {}
    values = reader.values | {"size": COUNTED_EXACTLY + 1}
    return dict(_process_counts_statement(view, _shape(values, reader, is_ordered=False)).rows(session, values))


@lru_cache(maxsize=256)
def _page_statement(view: View, shape: Shape) -> Prepared:
    ids = _distinct(VIEW_PARTS[view](shape)).subquery()
    is_latest_first = view == "done"
    order = [ids.c.sort.desc(), ids.c.id.desc()] if is_latest_first else [ids.c.sort, ids.c.id]
    picked = select(ids).order_by(*order).limit(SIZE).subquery()
    order = [picked.c.sort.desc(), picked.c.id.desc()] if is_latest_first else [picked.c.sort, picked.c.id]
    columns = [getattr(UserTask, field.name) for field in fields(InboxRow)]
    return Prepared(select(picked.c.sort, *columns).join(UserTask, UserTask.id == picked.c.id).order_by(*order))


@lru_cache(maxsize=256)
def _ids_statement(view: View, shape: Shape) -> Select[str]:
    parts = VIEW_PARTS[view](shape)
    if len(parts) == 1:
        ids = parts[0].subquery()
        return select(ids.c.id)
    union = union_all(*parts).subquery()
    return select(union.c.id).distinct().limit(SIZE)


@lru_cache(maxsize=64)
def _counts_statement(shape: Shape) -> Prepared:
    views = (_ids_statement(view, shape).subquery() for view in _counted(shape))
    return Prepared(select(*(select(func.count()).select_from(view).scalar_subquery() for view in views)))


def _counted(shape: Shape) -> Sequence[View]:
    """Who stands in for nobody has nothing in the view for others, and pays nothing for it."""
    return VIEWS if shape.stand_ins else [view for view in VIEWS if view != "for_others"]


@lru_cache(maxsize=64)
def _process_counts_statement(view: View, shape: Shape) -> Prepared:
    ids = _ids_statement(view, shape).subquery()
    counted = select(UserTask.process_key, func.count().label("number")).join(ids, ids.c.id == UserTask.id)
    return Prepared(counted.group_by(UserTask.process_key).order_by(UserTask.process_key))


def _distinct(parts: Sequence[Ids]) -> Ids:
    """A user task may be open to several groups of one person."""
    if len(parts) == 1:
        return parts[0]
    union = union_all(*parts).subquery()
    return select(union.c.id, union.c.sort).distinct()


def _process_value(process_key: str | None) -> dict[str, object]:
    return {"process_key": process_key} if process_key else {}


def _search_values(session: Session, typed: str) -> dict[str, object]:
    """The cases found, or, where many are to be expected, the words to compare each with; empty: there are none."""
    search = begin_search(session, typed)
    if search is None:
        return {}
    if not search.is_rare:
        return word_values(search)
    found = instances_found(session, search)
    return {**placed("case", found)} if found else {}


def _shape(values: Mapping[str, object], reader: InboxReader, *, is_ordered: bool = True) -> Shape:
    return Shape(
        memberships=sum(name.startswith("group_") for name in values),
        has_process="process_key" in values,
        words=sum(name.startswith("word_") for name in values),
        cases=sum(name.startswith("case_") for name in values),
        has_position="after_id" in values,
        is_ordered=is_ordered,
        stand_ins=reader.shapes,
    )


def _write_cursor(sort: datetime, row_id: str) -> str:
    return f"{sort.isoformat()}~{row_id}"


def _read_cursor(cursor: str) -> dict[str, object]:
    moment, _, row_id = cursor.partition("~")
    try:
        sort = datetime.fromisoformat(moment)
    except ValueError as error:
        raise InvalidInput(N_("This place in the list does not exist. Go back to its beginning.")) from error
    if sort.tzinfo is None or not row_id:
        raise InvalidInput(N_("This place in the list does not exist. Go back to its beginning."))
    return {"after_sort": sort, "after_id": row_id}
