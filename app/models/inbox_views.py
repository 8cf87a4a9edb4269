"""The views of the inbox: each is a sequence of index scans whose union it is, every scan cut to a page.

Statements are built once per shape (view, number of memberships, kinds of filters) and executed with values:
building one takes longer than answering it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    exists,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.database import UtcDateTime
from app.models.prepared import placed, places
from app.models.process_instance import ProcessInstance
from app.models.search import holds_words
from app.models.search_index import SearchCase
from app.models.stand_ins import StandIn
from app.models.user_task import UserTask, UserTaskCandidate

View = Literal[
    "mine", "claimable", "overdue", "due_today", "started_by_me", "done", "sleeping", "delegated", "for_others"
]
VIEWS: tuple[View, ...] = get_args(View)

Ids = Select[str, Any]  # id of the user task, and what the view is sorted by

USER_ID = bindparam("user_id", type_=String())
NOW = bindparam("now", type_=UtcDateTime())
TODAY, TOMORROW = bindparam("today", type_=UtcDateTime()), bindparam("tomorrow", type_=UtcDateTime())
PROCESS_KEY = bindparam("process_key", type_=String())
AFTER_SORT, AFTER_ID = bindparam("after_sort", type_=UtcDateTime()), bindparam("after_id", type_=String())
SIZE = bindparam("size", type_=Integer())
# Written into the statement, not bound: a partial index is only used where its condition is seen.
_OPEN: ColumnElement[str] = literal_column("'open'")
_PENDING: ColumnElement[str] = literal_column("'pending'")


@dataclass(frozen=True, slots=True)
class StandInShape:
    """Somebody whose work the person does: how many groups at sites, how many processes (0: all), only new work."""

    memberships: int
    processes: int
    is_only_new: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """What the text of a statement depends on; the values come with its execution.

    memberships: how many groups at sites the person has. words, cases: of a search, either how many cases it found,
    or, where many are to be expected, how many words each case is compared with. is_ordered: false where only a
    number is wanted.
    """

    memberships: int
    has_process: bool = False
    words: int = 0
    cases: int = 0
    has_position: bool = False
    is_ordered: bool = True
    stand_ins: tuple[StandInShape, ...] = ()


def membership_values(memberships: Sequence[tuple[str, str]], whose: str = "") -> dict[str, str]:
    """The values of the places that `Shape.memberships` makes."""
    groups = {f"{whose}group_{number}": group for number, (group, _) in enumerate(memberships)}
    return groups | {f"{whose}site_{number}": site for number, (_, site) in enumerate(memberships)}


def stand_in_values(number: int, one: StandIn, memberships: Sequence[tuple[str, str]]) -> dict[str, object]:
    """The values of the places that a `StandInShape` makes; memberships, those in which the principal may claim."""
    values: dict[str, object] = {f"principal_{number}": one.principal_id}
    values |= membership_values(memberships, f"principal_{number}_")
    values |= placed(f"covered_{number}", one.processes) if one.processes else {}
    return values | ({f"opened_from_{number}": one.opened_from} if one.opened_from else {})


def _mine(shape: Shape, *conditions: ColumnElement[bool]) -> Sequence[Ids]:
    statement = select(UserTask.id.label("id"), UserTask.due_sort.label("sort")).where(
        UserTask.assignee_id == USER_ID, UserTask.state == "open", _is_awake(UserTask.follow_up_at), *conditions
    )
    return [_cut(statement, shape, UserTask.due_sort, UserTask.id)]


def _claimable(shape: Shape, *conditions: ColumnElement[bool]) -> Sequence[Ids]:
    """One scan of the candidate index per membership: an OR over them would sort everything.

    That index holds all that is asked; the user tasks themselves are only looked at for filters.
    """
    sort, user_task_id = UserTaskCandidate.due_sort, UserTaskCandidate.user_task_id
    statement = select(user_task_id.label("id"), sort.label("sort")).where(
        UserTaskCandidate.is_claimable == true(), _is_awake(UserTaskCandidate.follow_up_at), *conditions
    )
    if shape.has_process or shape.words or shape.cases:
        statement = statement.join(UserTask, UserTask.id == user_task_id)
    return [
        _cut(statement.where(*who), shape, sort, user_task_id)
        for who in _candidates(shape)
    ]


def _overdue(shape: Shape) -> Sequence[Ids]:
    return [*_mine(shape, UserTask.due_sort < NOW), *_claimable(shape, UserTaskCandidate.due_sort < NOW)]


def _due_today(shape: Shape) -> Sequence[Ids]:
    own, candidate = UserTask.due_sort, UserTaskCandidate.due_sort
    return [
        *_mine(shape, own >= TODAY, own < TOMORROW),
        *_claimable(shape, candidate >= TODAY, candidate < TOMORROW),
    ]


def _started_by_me(shape: Shape) -> Sequence[Ids]:
    statement = (
        select(UserTask.id.label("id"), UserTask.due_sort.label("sort"))
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(ProcessInstance.started_by == USER_ID, UserTask.state == "open")
    )
    return [_cut(statement, shape, UserTask.due_sort, UserTask.id)]


def _done(shape: Shape) -> Sequence[Ids]:
    statement = select(UserTask.id.label("id"), UserTask.ended_at.label("sort")).where(
        UserTask.ended_by == USER_ID, UserTask.state == "completed", *_filters(shape)
    )
    if shape.has_position:
        statement = statement.where(tuple_(UserTask.ended_at, UserTask.id) < tuple_(AFTER_SORT, AFTER_ID))
    if shape.is_ordered:
        statement = statement.order_by(UserTask.ended_at.desc(), UserTask.id.desc())
    return [_part(statement)]


def _sleeping(shape: Shape) -> Sequence[Ids]:
    """Waiting for their follow-up date: few among many, so read by that date's own index."""
    own = [UserTaskCandidate.user_task_id == UserTask.id, UserTaskCandidate.is_claimable == true()]
    # Membership by membership: a join with them makes SQLite walk through all candidates for each user task.
    is_candidate = or_(
        *(
            exists().where(*own, *who)
            for who in _candidates(shape)
        )
    )
    statement = select(UserTask.id.label("id"), UserTask.due_sort.label("sort")).where(
        UserTask.state == _OPEN,
        UserTask.follow_up_at > NOW,
        or_(UserTask.assignee_id == USER_ID, is_candidate),
    )
    return [_cut(statement, shape, UserTask.due_sort, UserTask.id)]


def _delegated(shape: Shape) -> Sequence[Ids]:
    """Lent to somebody for an answer; they come back to the person by themselves."""
    statement = select(UserTask.id.label("id"), UserTask.due_sort.label("sort")).where(
        UserTask.owner_id == USER_ID, UserTask.delegation == _PENDING, UserTask.state == "open"
    )
    return [_cut(statement, shape, UserTask.due_sort, UserTask.id)]


def _for_others(shape: Shape) -> Sequence[Ids]:
    """What those have or may claim for whom the person stands in, but for what the person may claim anyway."""
    return [part for number, one in enumerate(shape.stand_ins) for part in _for_one(shape, number, one)]


def _for_one(shape: Shape, number: int, one: StandInShape) -> Sequence[Ids]:
    principal: BindParameter[str] = bindparam(f"principal_{number}", type_=String())
    covered: list[ColumnElement[bool]] = [UserTask.state == "open"]
    if one.processes:
        covered.append(UserTask.process_key.in_(places(f"covered_{number}", one.processes)))
    if one.is_only_new:
        covered.append(UserTask.created_at >= bindparam(f"opened_from_{number}", type_=UtcDateTime()))
    sort, user_task_id = UserTaskCandidate.due_sort, UserTaskCandidate.user_task_id
    own = select(UserTask.id.label("id"), UserTask.due_sort.label("sort")).where(
        UserTask.assignee_id == principal, _is_awake(UserTask.follow_up_at), *covered
    )
    claimable = (
        select(user_task_id.label("id"), sort.label("sort"))
        .join(UserTask, UserTask.id == user_task_id)
        .where(UserTaskCandidate.is_claimable == true(), _is_awake(UserTaskCandidate.follow_up_at), *covered)
    )
    return [
        _cut(own, shape, UserTask.due_sort, UserTask.id),
        *(
            _cut(claimable.where(*who), shape, sort, user_task_id)
            for who in _ways(shape, principal, one.memberships, f"principal_{number}_")
        ),
    ]


def _candidates(shape: Shape) -> list[list[ColumnElement[bool]]]:
    """The ways in which a user task may be open to the person."""
    return _ways(shape, USER_ID, shape.memberships)


def _ways(
    shape: Shape, person: BindParameter[str], memberships: int, whose: str = ""
) -> list[list[ColumnElement[bool]]]:
    """The ways in which one may be open to somebody.

    Where a search has named the few cases, the index by candidate must not be begun with: it is not used for an
    expression.
    """
    kind = UserTaskCandidate.kind.concat("") if shape.cases else UserTaskCandidate.kind
    for_groups = [[kind == "group", *_is_group(number, whose)] for number in range(memberships)]
    return [*for_groups, [kind == "user", UserTaskCandidate.candidate_id == person]]


def _is_group(number: int, whose: str) -> list[ColumnElement[bool]]:
    group: BindParameter[str] = bindparam(f"{whose}group_{number}", type_=String())
    site: BindParameter[str] = bindparam(f"{whose}site_{number}", type_=String())
    return [UserTaskCandidate.candidate_id == group, UserTaskCandidate.site_id == site]


def _is_awake(follow_up_at: InstrumentedAttribute[datetime | None]) -> ColumnElement[bool]:
    return or_(follow_up_at.is_(None), follow_up_at <= NOW)


def _filters(shape: Shape) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = [UserTask.process_key == PROCESS_KEY] if shape.has_process else []
    if shape.cases:
        filters.append(UserTask.instance_id.in_(places("case", shape.cases)))
    elif shape.words:
        filters.append(exists().where(SearchCase.instance_id == UserTask.instance_id, *holds_words(shape.words)))
    return filters


def _cut(
    statement: Ids, shape: Shape, sort: InstrumentedAttribute[datetime], row_id: InstrumentedAttribute[str]
) -> Ids:
    statement = statement.where(*_filters(shape))
    if shape.has_position:
        statement = statement.where(tuple_(sort, row_id) > tuple_(AFTER_SORT, AFTER_ID))
    if shape.is_ordered:
        statement = statement.order_by(sort, row_id)
    return _part(statement)


def _part(statement: Ids) -> Ids:
    """Cut to a page; with an order and a limit of its own in brackets, as SQLite wants it inside a union."""
    inner = statement.limit(SIZE).subquery()
    return select(inner.c.id, inner.c.sort)


VIEW_PARTS: Mapping[View, Callable[[Shape], Sequence[Ids]]] = {
    "mine": _mine,
    "claimable": _claimable,
    "overdue": _overdue,
    "due_today": _due_today,
    "started_by_me": _started_by_me,
    "done": _done,
    "sleeping": _sleeping,
    "delegated": _delegated,
    "for_others": _for_others,
}
