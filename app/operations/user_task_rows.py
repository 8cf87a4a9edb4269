"""A user task as the operations see it, and what is said when somebody else was quicker."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.i18n import N_
from app.models import UserTask, UserTaskCandidate
from app.models.prepared import Prepared, table_of
from app.operations.cases import UserTaskNotFound


@dataclass(frozen=True, slots=True)
class UserTaskRow:
    """What operations need of a user task."""

    id: str
    instance_id: str
    process_key: str
    site_id: str
    element_id: str
    name: str
    state: str
    assignee_id: str | None
    owner_id: str | None
    delegation: str | None
    created_at: datetime
    claimed_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    not_performer_of: str | None
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


class UserTaskDelegated(UserTaskChanged):
    """The user task was delegated: whoever has it owes its owner an answer and does nothing else with it."""


PENDING, RESOLVED = "pending", "resolved"  # of a delegation, as Camunda 7 calls them

_USER_TASK, _CANDIDATE = table_of(UserTask), table_of(UserTaskCandidate)
_READ = Prepared(
    select(*(_USER_TASK.c[field.name] for field in fields(UserTaskRow))).where(
        _USER_TASK.c.id == bindparam("user_task_id")
    )
)
_ASSIGN = Prepared(
    update(_USER_TASK)
    .where(_USER_TASK.c.id == bindparam("user_task_id"))
    .values(
        assignee_id=bindparam("new_assignee"),
        claimed_at=bindparam("new_claimed_at"),
        owner_id=bindparam("new_owner"),
        delegation=bindparam("new_delegation"),
        revision=_USER_TASK.c.revision + 1,
    )
)
_OFFER = Prepared(
    update(_CANDIDATE)
    .where(
        _CANDIDATE.c.user_task_id == bindparam("of_user_task"),
        _CANDIDATE.c.is_claimable != bindparam("can_be_claimed"),
    )
    .values(is_claimable=bindparam("can_be_claimed"))
)


def read_user_task(session: Session, user_task_id: str) -> UserTaskRow:
    """The user task as it is now; raises UserTaskNotFound. Lock its case first."""
    row = _READ.first(session, {"user_task_id": user_task_id})
    if row is None:
        raise UserTaskNotFound
    return UserTaskRow(*row)


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
    return UserTaskAssignedToOther(N_("%(user)s has this user task."), user_task, submitted, user=user_task.assignee_id)


def refuse_delegated(user_task: UserTaskRow, person_id: str, submitted: Mapping[str, object] | None = None) -> None:
    """Raise UserTaskDelegated where a person has the user task only to give an answer."""
    if user_task.delegation == PENDING and user_task.assignee_id == person_id:
        text = N_("You were asked for an answer. Write it down and give the task back; its owner completes it.")
        raise UserTaskDelegated(text, user_task, submitted)


def set_assignee(
    session: Session,
    user_task: UserTaskRow,
    assignee_id: str | None,
    now: datetime,
    *,
    owner_id: str | None = None,
    delegation: str | None = None,
) -> None:
    """Put the user task into a person's hands, or back to its candidates (None); raises its revision.

    Arguments: owner_id and delegation, whose it stays where the person is only asked for an answer.
    """
    values = {
        "user_task_id": user_task.id,
        "new_assignee": assignee_id,
        "new_claimed_at": now if assignee_id else None,
        "new_owner": owner_id,
        "new_delegation": delegation,
    }
    _ASSIGN.change(session, values)
    _OFFER.change(session, {"of_user_task": user_task.id, "can_be_claimed": assignee_id is None})
