"""A user task as the operations see it, and what is said when somebody else was quicker."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.i18n import N_
from app.models import UserTask, UserTaskCandidate
from app.operations.cases import UserTaskNotFound


@dataclass(frozen=True, slots=True)
class UserTaskRow:
    """What operations need of a user task."""

    id: str
    instance_id: str
    site_id: str
    element_id: str
    name: str
    state: str
    assignee_id: str | None
    claimed_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    revision: int


class UserTaskChanged(Conflict):
    """Somebody changed the user task while this person worked on it.

    `current` is the user task as it is now, `submitted` what this person sent: the page shows both.
    """

    def __init__(
        self, msgid: str, current: UserTaskRow, submitted: Mapping[str, object] | None = None, **params: object
    ) -> None:
        super().__init__(msgid, **params)
        self.current = current
        self.submitted = dict(submitted or {})


class UserTaskAlreadyCompleted(UserTaskChanged):
    """Somebody else has completed the user task."""


class UserTaskCancelled(UserTaskChanged):
    """The case went another way and no longer needs the user task."""


class UserTaskAssignedToOther(UserTaskChanged):
    """The user task is in somebody else's hands."""


_COLUMNS = [getattr(UserTask, field.name) for field in fields(UserTaskRow)]


def read_user_task(session: Session, user_task_id: str) -> UserTaskRow:
    """The user task as it is now; raises UserTaskNotFound. Lock its case first."""
    row = session.execute(select(*_COLUMNS).where(UserTask.id == user_task_id)).one_or_none()
    if row is None:
        raise UserTaskNotFound
    return UserTaskRow(*tuple(row))


def refuse_ended(user_task: UserTaskRow, submitted: Mapping[str, object] | None = None) -> None:
    """Raise UserTaskAlreadyCompleted or UserTaskCancelled unless the user task is open."""
    if user_task.state == "completed":
        raise UserTaskAlreadyCompleted(
            N_("%(user)s has already completed this user task."), user_task, submitted, user=user_task.ended_by
        )
    if user_task.state == "cancelled":
        raise UserTaskCancelled(N_("The case no longer needs this user task."), user_task, submitted)


def assigned_to_other(user_task: UserTaskRow, submitted: Mapping[str, object] | None = None) -> Conflict:
    """The error that says who has the user task."""
    return UserTaskAssignedToOther(
        N_("%(user)s has this user task."), user_task, submitted, user=user_task.assignee_id
    )


def set_assignee(session: Session, user_task: UserTaskRow, assignee_id: str | None, now: datetime) -> None:
    """Put the user task into a person's hands, or back to its candidates (None); raises its revision."""
    change = update(UserTask).where(UserTask.id == user_task.id, UserTask.revision == user_task.revision)
    claimed_at = now if assignee_id else None
    session.execute(
        change.values(assignee_id=assignee_id, claimed_at=claimed_at, revision=user_task.revision + 1),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        update(UserTaskCandidate)
        .where(UserTaskCandidate.user_task_id == user_task.id)
        .values(is_claimable=assignee_id is None),
        execution_options={"synchronize_session": False},
    )
