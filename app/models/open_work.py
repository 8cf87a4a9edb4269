"""What is open in a person's name: asked before the person leaves, and listed while it is handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.models.api_token import tokens_of
from app.models.hand_over import HandOverItem
from app.models.organisation import Membership, User
from app.models.process_instance import ProcessInstance
from app.models.sign_in import WebSession
from app.models.substitution import Substitution
from app.models.user_task import Draft, UserTask, UserTaskCandidate
from app.models.visibility import is_visible_to

LISTED = 500


@dataclass(frozen=True, slots=True)
class OpenWork:
    """Numbers of what is open in a person's name; `substitutions` of either side, now or to come."""

    assigned: int
    asked_of_others: int
    named: int
    drafts: int
    sessions: int
    tokens: int
    substitutions: int


@dataclass(frozen=True, slots=True)
class HandOverRow:
    """What became of one user task; `title` is the case's and may be shown to who `can_see` it."""

    user_task_id: str
    instance_id: str
    definition_id: str
    element_id: str
    name: str
    case_number: str
    title: str
    state: str
    to_id: str | None
    refusal: str
    can_see: bool


def open_work(session: Session, user_id: str, now: datetime) -> OpenWork:
    """How much of what is open in a person's name."""
    is_open = UserTask.state == "open"

    def count(*conditions: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(UserTask).where(is_open, *conditions)) or 0

    drafts = select(func.count()).select_from(Draft).join(UserTask, UserTask.id == Draft.user_task_id)
    sessions = select(func.count()).select_from(WebSession).where(WebSession.user_id == user_id)
    return OpenWork(
        assigned=count(UserTask.assignee_id == user_id),
        asked_of_others=count(UserTask.owner_id == user_id, UserTask.assignee_id != user_id),
        named=count(_names(user_id), UserTask.assignee_id.is_(None)),
        drafts=session.scalar(drafts.where(Draft.user_id == user_id, is_open)) or 0,
        sessions=session.scalar(sessions) or 0,
        tokens=len(tokens_of(session, user_id)),
        substitutions=len(substitutions_of(session, user_id, now)),
    )


def substitutions_of(session: Session, user_id: str, now: datetime) -> list[str]:
    """The substitutions that are not over and in which a person is on either side."""
    is_side = or_(Substitution.principal_id == user_id, Substitution.substitute_id == user_id)
    return list(session.scalars(select(Substitution.id).where(is_side, Substitution.ends_at > now)))


def open_user_tasks_of(session: Session, user_id: str) -> list[tuple[str, str]]:
    """(id, site) of the open user tasks that are a person's or name the person, the most urgent first."""
    is_mine = or_(UserTask.assignee_id == user_id, UserTask.owner_id == user_id, _names(user_id))
    query = (
        select(UserTask.id, UserTask.site_id)
        .where(UserTask.state == "open", is_mine)
        .order_by(UserTask.due_sort, UserTask.id)
    )
    return [(user_task_id, site_id) for user_task_id, site_id in session.execute(query)]


def groups_left_empty(session: Session, user_id: str) -> list[tuple[str, str, int]]:
    """(group, site, open user tasks nobody has) of the groups in which nobody else could sign in."""
    other = aliased(Membership)
    others = (
        select(other.user_id)
        .join(User, User.id == other.user_id)
        .where(
            other.group_id == Membership.group_id,
            other.site_id == Membership.site_id,
            other.user_id != user_id,
            User.is_active,
        )
    )
    waiting = (
        select(func.count())
        .select_from(UserTaskCandidate)
        .where(
            UserTaskCandidate.kind == "group",
            UserTaskCandidate.candidate_id == Membership.group_id,
            UserTaskCandidate.site_id == Membership.site_id,
            UserTaskCandidate.is_claimable,
        )
        .scalar_subquery()
    )
    query = select(Membership.group_id, Membership.site_id, waiting).where(
        Membership.user_id == user_id, ~others.exists()
    )
    return [(group, site, count) for group, site, count in session.execute(query)]


def hand_over_rows(session: Session, hand_over_id: str, reader_id: str) -> Sequence[HandOverRow]:
    """The user tasks of a hand-over: those still to do first, then those that were refused."""
    shown = aliased(UserTask)  # the rule of visibility asks the table itself
    query = (
        select(
            shown.id, shown.instance_id, shown.definition_id, shown.element_id, shown.name, shown.case_number,
            shown.title, HandOverItem.state, HandOverItem.to_id, HandOverItem.refusal,
            is_visible_to(reader_id),
        )
        .join(shown, shown.id == HandOverItem.user_task_id)
        .join(ProcessInstance, ProcessInstance.id == shown.instance_id)
        .where(HandOverItem.hand_over_id == hand_over_id)
        .order_by(HandOverItem.state.desc(), shown.case_number, shown.id)
        .limit(LISTED)
    )  # fmt: skip
    return [HandOverRow(*row) for row in session.execute(query)]


def hand_over_counts(session: Session, hand_over_id: str) -> dict[str, int]:
    """How many user tasks of a hand-over are in which state."""
    query = (
        select(HandOverItem.state, func.count())
        .where(HandOverItem.hand_over_id == hand_over_id)
        .group_by(HandOverItem.state)
    )
    return dict(session.execute(query).all())


def _names(user_id: str) -> ColumnElement[bool]:
    return exists().where(
        UserTaskCandidate.user_task_id == UserTask.id,
        UserTaskCandidate.kind == "user",
        UserTaskCandidate.candidate_id == user_id,
    )
