"""The views of the inbox: each is a sequence of index scans whose union it is, every scan cut to a page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Select, String, Tuple, exists, literal, or_, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from app.database import UtcDateTime
from app.models.organisation import Membership
from app.models.process_instance import ProcessInstance
from app.models.user_task import UserTask, UserTaskCandidate

View = Literal["mine", "claimable", "overdue", "due_today", "started_by_me", "done", "sleeping"]
VIEWS: tuple[View, ...] = get_args(View)

Ids = Select[str, Any]  # id of the user task, and what the view is sorted by
# Written into the statement, not bound: a partial index is only used where its condition is seen.
_OPEN = literal("open", literal_execute=True)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose inbox it is: the person, the groups by site, the clock, and how far the person's today reaches."""

    user_id: str
    memberships: tuple[tuple[str, str], ...]
    now: datetime
    today: tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Cut:
    """Which part of a view is read: filters on the user task, the position to go on from, how many rows."""

    limit: int
    filters: tuple[ColumnElement[bool], ...] = ()
    after: tuple[datetime, str] | None = None
    is_ordered: bool = True


def _mine(reader: Reader, cut: Cut, *conditions: ColumnElement[bool]) -> Sequence[Ids]:
    statement = select(UserTask.id.label("id"), UserTask.due_sort.label("sort")).where(
        UserTask.assignee_id == reader.user_id, UserTask.state == "open", _is_awake(reader), *conditions
    )
    return [_cut(statement, cut, UserTask.due_sort, UserTask.id)]


def _claimable(reader: Reader, cut: Cut, *conditions: ColumnElement[bool]) -> Sequence[Ids]:
    """One scan of the candidate index per membership: an OR over them would sort everything."""
    of_whom = [_is_for("group", group, site) for group, site in reader.memberships]
    of_whom.append(_is_for("user", reader.user_id, None))
    statement = (
        select(UserTaskCandidate.user_task_id.label("id"), UserTaskCandidate.due_sort.label("sort"))
        .join(UserTask, UserTask.id == UserTaskCandidate.user_task_id)
        .where(UserTaskCandidate.is_claimable == true(), _is_awake(reader), *conditions)
    )
    return [
        _cut(statement.where(*who), cut, UserTaskCandidate.due_sort, UserTaskCandidate.user_task_id) for who in of_whom
    ]


def _overdue(reader: Reader, cut: Cut) -> Sequence[Ids]:
    return [
        *_mine(reader, cut, UserTask.due_sort < reader.now),
        *_claimable(reader, cut, UserTaskCandidate.due_sort < reader.now),
    ]


def _due_today(reader: Reader, cut: Cut) -> Sequence[Ids]:
    begin, end = reader.today
    own, candidate = UserTask.due_sort, UserTaskCandidate.due_sort
    return [
        *_mine(reader, cut, own >= begin, own < end),
        *_claimable(reader, cut, candidate >= begin, candidate < end),
    ]


def _started_by_me(reader: Reader, cut: Cut) -> Sequence[Ids]:
    statement = (
        select(UserTask.id.label("id"), UserTask.due_sort.label("sort"))
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(ProcessInstance.started_by == reader.user_id, UserTask.state == "open")
    )
    return [_cut(statement, cut, UserTask.due_sort, UserTask.id)]


def _done(reader: Reader, cut: Cut) -> Sequence[Ids]:
    statement = select(UserTask.id.label("id"), UserTask.ended_at.label("sort")).where(
        UserTask.ended_by == reader.user_id, UserTask.state == "completed", *cut.filters
    )
    if cut.after:
        statement = statement.where(tuple_(UserTask.ended_at, UserTask.id) < _position(cut.after))
    if cut.is_ordered:
        statement = statement.order_by(UserTask.ended_at.desc(), UserTask.id.desc())
    return [_part(statement.limit(cut.limit))]


def _sleeping(reader: Reader, cut: Cut) -> Sequence[Ids]:
    """Waiting for their follow-up date: few among many, so read by that date's own index."""
    own = [UserTaskCandidate.user_task_id == UserTask.id, UserTaskCandidate.is_claimable == true()]
    is_member = exists().where(
        Membership.user_id == reader.user_id,
        Membership.group_id == UserTaskCandidate.candidate_id,
        Membership.site_id == UserTaskCandidate.site_id,
    )
    is_candidate = or_(
        exists().where(*own, *_is_for("user", reader.user_id, None)),
        exists().where(*own, UserTaskCandidate.kind == "group", is_member),
    )
    statement = select(UserTask.id.label("id"), UserTask.due_sort.label("sort")).where(
        UserTask.state == _OPEN,
        UserTask.follow_up_at > reader.now,
        or_(UserTask.assignee_id == reader.user_id, is_candidate),
    )
    return [_cut(statement, cut, UserTask.due_sort, UserTask.id)]


def _is_for(kind: str, candidate_id: str, site_id: str | None) -> list[ColumnElement[bool]]:
    conditions = [UserTaskCandidate.kind == kind, UserTaskCandidate.candidate_id == candidate_id]
    return conditions if site_id is None else [*conditions, UserTaskCandidate.site_id == site_id]


def _is_awake(reader: Reader) -> ColumnElement[bool]:
    return or_(UserTask.follow_up_at.is_(None), UserTask.follow_up_at <= reader.now)


def _cut(statement: Ids, cut: Cut, sort: InstrumentedAttribute[datetime], row_id: InstrumentedAttribute[str]) -> Ids:
    statement = statement.where(*cut.filters)
    if cut.after:
        statement = statement.where(tuple_(sort, row_id) > _position(cut.after))
    if cut.is_ordered:
        statement = statement.order_by(sort, row_id)
    return _part(statement.limit(cut.limit))


def _part(statement: Ids) -> Ids:
    """A statement with an order and a limit of its own, as SQLite wants it inside a union."""
    inner = statement.subquery()
    return select(inner.c.id, inner.c.sort)


def _position(after: tuple[datetime, str]) -> Tuple:
    return tuple_(literal(after[0], UtcDateTime()), literal(after[1], String()))


VIEW_PARTS: Mapping[View, Callable[[Reader, Cut], Sequence[Ids]]] = {
    "mine": _mine,
    "claimable": _claimable,
    "overdue": _overdue,
    "due_today": _due_today,
    "started_by_me": _started_by_me,
    "done": _done,
    "sleeping": _sleeping,
}
