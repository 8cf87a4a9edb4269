"""A user task with its case, as a person who may see them finds them: plain values, read by one statement."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import String, bindparam, exists, or_, select, true
from sqlalchemy.orm import Session

from app.models.organisation import Membership
from app.models.prepared import Prepared, table_of
from app.models.process_instance import ProcessInstance
from app.models.user_task import UserTask, UserTaskCandidate
from app.models.visibility import AUDITORS, is_visible_to


@dataclass(frozen=True, slots=True)
class SeenUserTask:
    """What pages and forms ask of a user task."""

    id: str
    instance_id: str
    execution_id: str
    process_key: str
    site_id: str
    definition_id: str
    element_id: str
    name: str
    title: str
    form_key: str | None
    state: str
    assignee_id: str | None
    owner_id: str | None
    delegation: str | None
    priority: int
    due_at: datetime | None
    follow_up_at: datetime | None
    created_at: datetime
    ended_by: str | None
    not_performer_of: str | None
    clock_id: str | None
    revision: int


@dataclass(frozen=True, slots=True)
class SeenCase:
    """What they ask of its case."""

    id: str
    site_id: str
    definition_id: str
    process_key: str
    case_number: str
    title: str
    state: str
    is_suspended: bool
    customer_id: str | None
    vehicle_id: str | None
    visit_id: str | None
    comment_count: int
    file_count: int


@dataclass(frozen=True, slots=True)
class Place:
    """A user task and its case, both visible to the person."""

    user_task: SeenUserTask
    instance: SeenCase


AnyCase = ProcessInstance | SeenCase

# Under a name of its own: the rule of visibility looks at all user tasks of the case.
_USER_TASK = table_of(UserTask).alias("seen_user_task")
_MEMBERSHIP, _CANDIDATE = table_of(Membership), table_of(UserTaskCandidate)
_OF_USER_TASK = [_USER_TASK.c[field.name] for field in fields(SeenUserTask)]
_OF_CASE = [getattr(ProcessInstance, field.name) for field in fields(SeenCase)]
_READER = bindparam("reader_id", type_=String())
_PLACE = Prepared(
    select(*_OF_USER_TASK, *_OF_CASE)
    .join(ProcessInstance, ProcessInstance.id == _USER_TASK.c.instance_id)
    .where(_USER_TASK.c.id == bindparam("user_task_id"), is_visible_to(_READER))
)
_IS_CANDIDATE = exists().where(
    _CANDIDATE.c.user_task_id == _USER_TASK.c.id,
    or_(
        (_CANDIDATE.c.kind == "user") & (_CANDIDATE.c.candidate_id == _READER),
        (_CANDIDATE.c.kind == "group")
        & exists().where(
            _MEMBERSHIP.c.user_id == _READER,
            _MEMBERSHIP.c.site_id == _CANDIDATE.c.site_id,
            _MEMBERSHIP.c.group_id == _CANDIDATE.c.candidate_id,
        ),
    ),
)
_CAN_DO_NOW = [
    _USER_TASK.c.state == "open",
    or_(_USER_TASK.c.follow_up_at.is_(None), _USER_TASK.c.follow_up_at <= bindparam("now")),
    or_(_USER_TASK.c.assignee_id == _READER, _USER_TASK.c.assignee_id.is_(None) & _IS_CANDIDATE),
    ~exists().where(
        _MEMBERSHIP.c.user_id == _READER,
        _MEMBERSHIP.c.site_id == _USER_TASK.c.site_id,
        _MEMBERSHIP.c.group_id == AUDITORS,
    ),
]
_CAN_DO = Prepared(select(true()).where(_USER_TASK.c.id == bindparam("user_task_id"), *_CAN_DO_NOW))
_FIRST_OF_CASE = Prepared(
    select(_USER_TASK.c.id)
    .where(_USER_TASK.c.instance_id == bindparam("instance_id"), *_CAN_DO_NOW)
    .order_by(_USER_TASK.c.created_at, _USER_TASK.c.id)
    .limit(1)
)


def find_visible_place(session: Session, reader_id: str, user_task_id: str) -> Place | None:
    """The user task with its case, where it exists and this person may see it."""
    row = _PLACE.first(session, {"reader_id": reader_id, "user_task_id": user_task_id})
    if row is None:
        return None
    return Place(SeenUserTask(*row[: len(_OF_USER_TASK)]), SeenCase(*row[len(_OF_USER_TASK) :]))


def can_do_now(session: Session, reader_id: str, user_task_id: str, now: datetime) -> bool:
    """Whether a person may work on a user task at this moment: it is open and awake, and theirs or free for them."""
    values = {"reader_id": reader_id, "user_task_id": user_task_id, "now": now}
    return _CAN_DO.first(session, values) is not None


def first_for(session: Session, reader_id: str, instance_id: str, now: datetime) -> str | None:
    """The first user task of a case that a person may work on at this moment."""
    row = _FIRST_OF_CASE.first(session, {"reader_id": reader_id, "instance_id": instance_id, "now": now})
    return str(row[0]) if row else None


def assignee_of(session: Session, user_task_id: str) -> str | None:
    """In whose hands a user task is, whether or not the asker may see it (any more)."""
    return session.scalar(select(UserTask.assignee_id).where(UserTask.id == user_task_id))
