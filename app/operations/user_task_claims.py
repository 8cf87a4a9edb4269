"""Whose hands a user task is in: claimed, given back, assigned. None of this touches the engine."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import NotAllowed
from app.i18n import N_
from app.models.queries_user_task import is_candidate
from app.models.visibility import can_see_instance
from app.operations.acting import candidate_acting, holder_acting
from app.operations.actor import Actor
from app.operations.authority import LEADERS, groups_at, is_active_user, refuse_auditor
from app.operations.cases import Case, UserTaskNotFound, lock_case_of
from app.operations.four_eyes import refuse_own_work
from app.operations.history import Event, append_events, case_stream
from app.operations.incident_rows import NOBODY_CAN_DO, resolve_incidents, settle_case
from app.operations.user_task_rows import (
    UserTaskRow,
    assigned_to_other,
    read_user_task,
    refuse_delegated,
    refuse_ended,
    set_assignee,
)


def claim_user_task(session: Session, user_task_id: str, *, actor: Actor, now: datetime) -> None:
    """Take a user task nobody has; having it already is no error. Who stands in for somebody takes it for them.

    Raises UserTaskAssignedToOther (says who), UserTaskAlreadyCompleted, UserTaskCancelled, NotAllowed, NotFound.
    """
    case = lock_case_of(session, user_task_id)
    user_task = read_user_task(session, user_task_id)
    claim_locked(session, case, user_task, actor=actor, now=now)


def claim_locked(session: Session, case: Case, user_task: UserTaskRow, *, actor: Actor, now: datetime) -> None:
    """The same for a caller that holds the lock of the case and has read the user task."""
    acting = require_candidate(session, user_task, actor, now)
    refuse_ended(user_task)
    if user_task.assignee_id == acting.holder_id:
        return
    if user_task.assignee_id is not None:
        raise assigned_to_other(user_task)
    refuse_own_work(session, user_task, "claim", acting.user_id, acting.on_behalf_of)
    set_assignee(session, user_task, acting.holder_id, now)
    _tell(session, case, user_task, "user_task_claimed", {"assignee": acting.holder_id}, actor=acting, now=now)


def unclaim_user_task(session: Session, user_task_id: str, *, actor: Actor, now: datetime) -> None:
    """Give a user task back to its candidates; the person's draft stays.

    Its assignee may do so, who stands in for the assignee, and whoever leads at its site. Raises as `claim_user_task`.
    """
    case = lock_case_of(session, user_task_id)
    user_task = read_user_task(session, user_task_id)
    groups = groups_at(session, actor.user_id, user_task.site_id)
    refuse_auditor(groups)
    acting = actor if groups & LEADERS else holder_acting(session, user_task, actor, now)
    if acting is None:
        raise refusal(session, user_task, actor, N_("Only the person who has this user task may give it back."))
    refuse_ended(user_task)
    if user_task.assignee_id is None:
        return
    refuse_delegated(user_task, acting.holder_id)
    set_assignee(session, user_task, None, now)
    body = {"old_assignee": user_task.assignee_id}
    _tell(session, case, user_task, "user_task_unclaimed", body, actor=acting, now=now)


def assign_user_task(
    session: Session, user_task_id: str, assignee_id: str, *, reason: str | None = None, actor: Actor, now: datetime
) -> None:
    """Put a user task into another person's hands.

    Its assignee, or who stands in for the assignee, may hand it over to another candidate; whoever leads at its site
    may give it to anybody there.
    Raises as `claim_user_task`.
    """
    case = lock_case_of(session, user_task_id)
    user_task = read_user_task(session, user_task_id)
    groups = groups_at(session, actor.user_id, user_task.site_id)
    refuse_auditor(groups)
    is_leader = bool(groups & LEADERS)
    acting = actor if is_leader else holder_acting(session, user_task, actor, now)
    if acting is None:
        raise refusal(session, user_task, actor, N_("Only the person who has this user task may hand it over."))
    refuse_ended(user_task)
    refuse_delegated(user_task, acting.holder_id)
    _require_assignable(session, user_task, assignee_id, is_leader=is_leader)
    if user_task.assignee_id == assignee_id:
        return
    refuse_own_work(session, user_task, "assign", assignee_id)
    set_assignee(session, user_task, assignee_id, now)
    if case.state == "incident":  # nobody could do it; now somebody can
        resolve_incidents(session, case.id, now=now, activity_ids=[user_task.id], kind=NOBODY_CAN_DO)
        settle_case(session, case)
    body = {"old_assignee": user_task.assignee_id, "assignee": assignee_id}
    _tell(session, case, user_task, "user_task_assigned", body, reason=reason, actor=acting, now=now)


def require_candidate(session: Session, user_task: UserTaskRow, actor: Actor, now: datetime) -> Actor:
    """The actor, with whom they act for; raises unless one of the two may do the user task.

    Strangers do not even learn that it exists.
    """
    acting = candidate_acting(session, user_task, actor, now)
    if acting is None:
        raise refusal(session, user_task, actor, N_("This user task is not meant for you or one of your groups."))
    return acting


def refusal(session: Session, user_task: UserTaskRow, actor: Actor, msgid: str) -> Exception:
    """NotAllowed with this text; UserTaskNotFound for those who may not even see the case."""
    if can_see_instance(session, actor.user_id, user_task.instance_id):
        return NotAllowed(msgid)
    return UserTaskNotFound()


def _require_assignable(session: Session, user_task: UserTaskRow, assignee_id: str, *, is_leader: bool) -> None:
    groups = groups_at(session, assignee_id, user_task.site_id)
    is_named = not groups and is_candidate(session, assignee_id, user_task.id, groups)  # a second pair of eyes
    if not is_active_user(session, assignee_id) or not (groups or is_named):
        raise NotAllowed(N_("“%(user)s” does not work at this site."), user=assignee_id)
    refuse_auditor(groups)
    if not is_leader and not is_candidate(session, assignee_id, user_task.id, groups):
        raise NotAllowed(N_("This user task is not meant for “%(user)s”."), user=assignee_id)


def _tell(
    session: Session,
    case: Case,
    user_task: UserTaskRow,
    event_type: str,
    body: Mapping[str, object],
    *,
    reason: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    event = Event(event_type, body, element_id=user_task.element_id, activity_id=user_task.id, reason=reason)
    stream = case_stream(case.id)
    append_events(session, stream, [event], actor=actor, now=now, instance_id=case.id, site_id=case.site_id)
