"""What leaders change of an open user task besides whose hands it is in: dates, priority, who may take it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput, NotAllowed
from app.i18n import N_
from app.models import UserTask, UserTaskCandidate
from app.models.prepared import run, table_of
from app.operations.actor import Actor
from app.operations.authority import LEADERS, groups_at, is_active_user, refuse_auditor
from app.operations.cases import Case, lock_case_of
from app.operations.history import Event, append_events, case_stream
from app.operations.incident_rows import NOBODY_CAN_DO, resolve_incidents, settle_case
from app.operations.reasons import stated_reason
from app.operations.record_user_tasks import NO_DUE_DATE
from app.operations.rows import upsert_rows
from app.operations.staffing import staffed_among
from app.operations.user_task_claims import refusal
from app.operations.user_task_rows import UserTaskRow, read_user_task, refuse_ended

HIGHEST_PRIORITY = 1_000_000

_USER_TASK, _CANDIDATE = table_of(UserTask), table_of(UserTaskCandidate)
_DATES = _USER_TASK.c["due_at", "follow_up_at", "priority", "clock_id"]


class DueDateOfClock(Conflict):
    """The due date follows a clock of the case: who wants it later pauses the clock."""


@dataclass(frozen=True, slots=True)
class UserTaskDates:
    """When a user task is due, when it shows itself again, and how urgent it is (0 or more, 50 as usual)."""

    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A group or a person by id."""

    kind: Literal["group", "user"]
    id: str


def change_user_task(session: Session, user_task_id: str, dates: UserTaskDates, *, actor: Actor, now: datetime) -> None:
    """Give an open user task other dates and another priority; what is so already changes nothing.

    Whoever leads at its site may. Raises UserTaskAlreadyCompleted, UserTaskCancelled, DueDateOfClock, InvalidInput,
    NotAllowed, UserTaskNotFound.
    """

    def checked(_before: UserTaskDates) -> UserTaskDates:
        if not 0 <= dates.priority <= HIGHEST_PRIORITY:
            text = N_("A priority is a whole number from 0 to %(most)s.")
            raise InvalidInput(text, fields={"priority": text}, most=HIGHEST_PRIORITY)
        return dates

    _change_dates(session, user_task_id, checked, actor, now)


def change_due_date(
    session: Session, user_task_id: str, due_at: datetime, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Give an open user task another due date, for a reason that stands in the history of its case.

    Whoever leads at its site may. Raises as `change_user_task`; InvalidInput without a reason or for a moment gone by.
    """
    why = stated_reason(reason)

    def checked(before: UserTaskDates) -> UserTaskDates:
        if due_at <= now:
            text = N_("Choose a day and time that are still to come.")
            raise InvalidInput(text, fields={"due": text})
        return UserTaskDates(due_at, before.follow_up_at, before.priority)

    _change_dates(session, user_task_id, checked, actor, now, why)


def _change_dates(
    session: Session,
    user_task_id: str,
    wanted: Callable[[UserTaskDates], UserTaskDates],
    actor: Actor,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Arguments: wanted, gives the new dates for those there are; may refuse."""
    case, user_task = _of_leader(session, user_task_id, actor)
    row = run(session, select(*_DATES).where(_USER_TASK.c.id == user_task_id)).one()
    before = UserTaskDates(row.due_at, row.follow_up_at, row.priority)
    dates = wanted(before)
    if dates == before:
        return
    if row.clock_id and dates.due_at != before.due_at:
        raise DueDateOfClock(N_("Its due date is that of a clock of the case. Pause the clock instead."))
    shared = {"due_sort": dates.due_at or NO_DUE_DATE, "follow_up_at": dates.follow_up_at}
    change = update(_USER_TASK).where(_USER_TASK.c.id == user_task_id)
    run(session, change.values(
        **shared, due_at=dates.due_at, priority=dates.priority, revision=_USER_TASK.c.revision + 1
    ))  # fmt: skip
    run(session, update(_CANDIDATE).where(_CANDIDATE.c.user_task_id == user_task_id).values(**shared))
    body: dict[str, object] = {"old": _told(before), "new": _told(dates)}
    _tell(session, case, user_task, "user_task_changed", body, actor, now, reason)


def add_candidate(session: Session, user_task_id: str, candidate: Candidate, *, actor: Actor, now: datetime) -> None:
    """Offer an open user task to one more group or person of its site; having been offered it is no error.

    Whoever leads at its site may. Raises UserTaskAlreadyCompleted, UserTaskCancelled, NotAllowed, UserTaskNotFound.
    """
    case, user_task = _of_leader(session, user_task_id, actor)
    _require_there(session, candidate, user_task.site_id)
    if candidate in _candidates(session, user_task_id):
        return
    columns = _USER_TASK.c["due_sort", "follow_up_at"]
    row = run(session, select(*columns).where(_USER_TASK.c.id == user_task_id)).one()
    offer = {
        "user_task_id": user_task_id, "kind": candidate.kind, "candidate_id": candidate.id,
        "site_id": user_task.site_id, "is_claimable": user_task.assignee_id is None, "due_sort": row.due_sort,
        "follow_up_at": row.follow_up_at,
    }  # fmt: skip
    upsert_rows(session, UserTaskCandidate, [offer], replaced=("is_claimable",))
    if case.state == "incident":
        resolve_incidents(session, case.id, now=now, activity_ids=[user_task_id], kind=NOBODY_CAN_DO)
        settle_case(session, case)
    _tell(session, case, user_task, "user_task_candidate_added", {candidate.kind: candidate.id}, actor, now)


def remove_candidate(session: Session, user_task_id: str, candidate: Candidate, *, actor: Actor, now: datetime) -> None:
    """Offer an open user task to a group or person no more; the last ones stay while nobody has it.

    Whoever leads at its site may. Raises as `add_candidate`; Conflict for the last candidate.
    """
    case, user_task = _of_leader(session, user_task_id, actor)
    found = _candidates(session, user_task_id)
    if candidate not in found:
        return
    if len(found) == 1 and user_task.assignee_id is None:
        raise Conflict(N_("Nobody could do this user task any more. Offer it to somebody else first."))
    run(session, delete(_CANDIDATE).where(
        _CANDIDATE.c.user_task_id == user_task_id,
        _CANDIDATE.c.kind == candidate.kind,
        _CANDIDATE.c.candidate_id == candidate.id,
    ))  # fmt: skip
    _tell(session, case, user_task, "user_task_candidate_removed", {candidate.kind: candidate.id}, actor, now)


def _of_leader(session: Session, user_task_id: str, actor: Actor) -> tuple[Case, UserTaskRow]:
    """The user task and its case, locked, for who leads at its site."""
    case = lock_case_of(session, user_task_id)
    user_task = read_user_task(session, user_task_id)
    groups = groups_at(session, actor.user_id, user_task.site_id)
    refuse_auditor(groups)
    if not groups & LEADERS:
        raise refusal(session, user_task, actor, N_("Only who leads at the site may change this."))
    refuse_ended(user_task)
    return case, user_task


def _candidates(session: Session, user_task_id: str) -> set[Candidate]:
    columns = (_CANDIDATE.c.kind, _CANDIDATE.c.candidate_id)
    rows = run(session, select(*columns).where(_CANDIDATE.c.user_task_id == user_task_id))
    return {Candidate(kind, found) for kind, found in rows}


def _require_there(session: Session, candidate: Candidate, site_id: str) -> None:
    if candidate.kind == "group":
        if not staffed_among(session, {candidate.id}, site_id):
            raise NotAllowed(N_("Nobody at this site is in the group “%(group)s”."), group=candidate.id[:80])
        return
    groups = groups_at(session, candidate.id, site_id)
    if not groups or not is_active_user(session, candidate.id):
        raise NotAllowed(N_("“%(user)s” does not work at this site."), user=candidate.id[:80])
    refuse_auditor(groups)


def _told(dates: UserTaskDates) -> dict[str, object]:
    moments = {"due": dates.due_at, "follow_up": dates.follow_up_at}
    return {name: at and at.isoformat() for name, at in moments.items()} | {"priority": dates.priority}


def _tell(
    session: Session,
    case: Case,
    user_task: UserTaskRow,
    event_type: str,
    body: dict[str, object],
    actor: Actor,
    now: datetime,
    reason: str | None = None,
) -> None:
    event = Event(event_type, body, element_id=user_task.element_id, activity_id=user_task.id, reason=reason)
    stream = case_stream(case.id)
    append_events(session, stream, [event], actor=actor, now=now, instance_id=case.id, site_id=case.site_id)
