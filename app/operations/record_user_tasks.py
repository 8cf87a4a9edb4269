"""Inbox rows: user tasks opened and closed by a step, with their candidates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, delete, true, update
from sqlalchemy.orm import Session

from app.engine.outcome import ClosedUserTask, OpenedUserTask, Outcome, RaisedIncident
from app.models import Draft, Group, Membership, User, UserTask, UserTaskCandidate
from app.models.prepared import Prepared, table_of
from app.operations.actor import Actor
from app.operations.cases import LONGEST_TITLE, Case
from app.operations.four_eyes import FourEyes, four_eyes_for, nobody_may_do
from app.operations.incident_rows import nobody_can_do
from app.operations.rows import insert_rows
from app.operations.staffing import active_among, staffed_among

NO_DUE_DATE = datetime(9999, 12, 31, tzinfo=UTC)  # sorts behind every due date

_USER_TASK, _CANDIDATE, _DRAFT = table_of(UserTask), table_of(UserTaskCandidate), table_of(Draft)
_USER, _GROUP, _MEMBERSHIP = table_of(User), table_of(Group), table_of(Membership)
_END = Prepared(
    update(_USER_TASK)
    .where(_USER_TASK.c.id == bindparam("user_task_id"))
    .values(
        state=bindparam("new_state"),
        ended_at=bindparam("end"),
        ended_by=bindparam("person"),
        ended_for=bindparam("person_acted_for"),
        revision=_USER_TASK.c.revision + 1,
    )
)
_WITHDRAW = Prepared(
    update(_CANDIDATE)
    .where(_CANDIDATE.c.user_task_id == bindparam("user_task_id"), _CANDIDATE.c.is_claimable == true())
    .values(is_claimable=False)
)
_FORGET_DRAFTS = Prepared(delete(_DRAFT).where(_DRAFT.c.user_task_id == bindparam("user_task_id")))


@dataclass(frozen=True, slots=True)
class Staff:
    """Those whom the user tasks a step opened are meant for and who are really there."""

    users: frozenset[str]
    groups: frozenset[str]
    eyes: FourEyes

    def assignee(self, opened: OpenedUserTask) -> str | None:
        """Who has it from the beginning: the one named, where he is there and does not check his own work."""
        is_there = opened.assignee in self.users and opened.assignee not in self.eyes[opened].barred
        return opened.assignee if is_there else None

    def can_do(self, opened: OpenedUserTask) -> bool:
        return not (
            self.groups.isdisjoint(opened.candidate_groups)
            and self.users.isdisjoint((opened.assignee, *opened.candidate_users))
        )


def staff_for(session: Session, case: Case, outcome: Outcome, actor: Actor) -> Staff:
    """Ask who of those named is there: an expression may name one who left, a small outlet may lack some groups."""
    return Staff(
        _active_users(session, outcome.opened),
        _staffed_groups(session, case, outcome.opened),
        four_eyes_for(session, case, outcome, actor),
    )


def unattended(outcome: Outcome, staff: Staff) -> tuple[RaisedIncident, ...]:
    """An incident for each user task that a step left open and that nobody could ever do."""
    closed = {change.id for change in outcome.closed}
    left = [opened for opened in outcome.opened if opened.id not in closed]
    absent = tuple(_nobody_can_do(opened) for opened in left if not staff.can_do(opened))
    return absent + tuple(
        nobody_may_do(opened) for opened in left if staff.can_do(opened) and staff.eyes[opened].is_nobody_left
    )


def record_user_tasks(
    session: Session, case: Case, outcome: Outcome, staff: Staff, *, actor: Actor, now: datetime
) -> None:
    """Write the inbox rows of a step."""
    insert_rows(session, UserTask, [_row(case, opened, staff.assignee(opened), now) for opened in outcome.opened])
    insert_rows(session, UserTaskCandidate, _candidate_rows(case, outcome.opened, staff))
    _close(session, outcome.closed, actor=actor, now=now)


def _active_users(session: Session, opened: Sequence[OpenedUserTask]) -> frozenset[str]:
    named = {user for user_task in opened for user in (user_task.assignee, *user_task.candidate_users) if user}
    return active_among(session, named)


def _staffed_groups(session: Session, case: Case, opened: Sequence[OpenedUserTask]) -> frozenset[str]:
    return staffed_among(session, {group for one in opened for group in one.candidate_groups}, case.site_id)


def _nobody_can_do(opened: OpenedUserTask) -> RaisedIncident:
    named = (opened.assignee, *opened.candidate_users, *opened.candidate_groups)
    return nobody_can_do(opened.id, opened.element_id, opened.name, [name for name in named if name])


def _row(case: Case, opened: OpenedUserTask, assignee: str | None, now: datetime) -> dict[str, object]:
    return {
        "id": opened.id,
        "instance_id": case.id,
        "execution_id": opened.execution_id,
        "site_id": case.site_id,
        "definition_id": case.definition_id,
        "process_key": case.process_key,
        "case_number": case.case_number,
        "title": (opened.title or case.title)[:LONGEST_TITLE],
        "element_id": opened.element_id,
        "name": opened.name,
        "form_key": opened.form_key,
        "lane": opened.lane,
        "state": "open",
        "assignee_id": assignee,
        "priority": opened.priority,
        "due_at": opened.due_at,
        "due_sort": opened.due_at or NO_DUE_DATE,
        "follow_up_at": opened.follow_up_at,
        "created_at": now,
        "claimed_at": now if assignee else None,
        "not_performer_of": " ".join(opened.not_performer_of) or None,
        "clock_id": opened.clock_id,
        "revision": 1,
    }


def _candidate_rows(case: Case, opened: Sequence[OpenedUserTask], staff: Staff) -> list[dict[str, object]]:
    return [
        {
            "user_task_id": user_task.id,
            "kind": kind,
            "candidate_id": candidate,
            "site_id": case.site_id,
            "is_claimable": staff.assignee(user_task) is None,
            "due_sort": user_task.due_at or NO_DUE_DATE,
            "follow_up_at": user_task.follow_up_at,
        }
        for user_task in opened
        for kind, candidates in (
            ("group", user_task.candidate_groups),
            ("user", (*user_task.candidate_users, *staff.eyes[user_task].second_pairs)),
        )
        for candidate in dict.fromkeys(candidates)
    ]


def _close(session: Session, closed: Sequence[ClosedUserTask], *, actor: Actor, now: datetime) -> None:
    if not closed:
        return
    ends = [
        {
            "user_task_id": change.id,
            "new_state": change.state,
            "end": now,
            "person": actor.user_id,
            "person_acted_for": actor.on_behalf_of,
        }
        for change in closed
    ]
    _END.change_all(session, ends)
    _WITHDRAW.change_all(session, ends)
    _FORGET_DRAFTS.change_all(session, ends)
