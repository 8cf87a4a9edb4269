"""User tasks lent to somebody for an answer: delegated, and resolved with a remark (as Camunda 7 has it).

The owner keeps owning it: only the owner completes it, after the answer.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput, NotAllowed
from app.i18n import N_
from app.operations.acting import holder_acting
from app.operations.actor import Actor
from app.operations.authority import groups_at, is_active_user, refuse_auditor
from app.operations.cases import Case, lock_case_of
from app.operations.four_eyes import refuse_own_work
from app.operations.history import Event, append_events, case_stream
from app.operations.user_task_claims import refusal
from app.operations.user_task_rows import (
    PENDING,
    RESOLVED,
    UserTaskRow,
    read_user_task,
    refuse_ended,
    set_assignee,
)

LONGEST_REMARK = 2000  # characters


class UserTaskNotDelegated(Conflict):
    """Nobody waits for an answer about this user task."""


def delegate_user_task(
    session: Session, user_task_id: str, delegate_id: str, *, question: str = "", actor: Actor, now: datetime
) -> None:
    """Lend a user task to a colleague of the site for an answer; its assignee stays its owner.

    Arguments: question, what the owner wants to know. A delegate may ask somebody else in turn; the answer still goes
    to the owner. Raises NotAllowed, NotFound, InvalidInput, UserTaskAlreadyCompleted, UserTaskCancelled.
    """
    case = lock_case_of(session, user_task_id)
    user_task = read_user_task(session, user_task_id)
    refuse_auditor(groups_at(session, actor.user_id, user_task.site_id))
    acting = holder_acting(session, user_task, actor, now)
    if acting is None:
        raise refusal(session, user_task, actor, N_("Only the person who has this user task may delegate it."))
    refuse_ended(user_task)
    owner_id = user_task.owner_id if user_task.delegation == PENDING else user_task.assignee_id
    _require_delegate(session, user_task, delegate_id, owner_id)
    refuse_own_work(session, user_task, "delegate", delegate_id)
    set_assignee(session, user_task, delegate_id, now, owner_id=owner_id, delegation=PENDING)
    body = {"old_assignee": user_task.assignee_id, "assignee": delegate_id, "owner": owner_id}
    event = _event(case, user_task, "user_task_delegated", body, _checked(question))
    stream = case_stream(case.id)
    append_events(session, stream, [event], actor=acting, now=now, instance_id=case.id, site_id=case.site_id)


def resolve_user_task(
    session: Session, user_task_id: str, *, remark: str = "", actor: Actor, now: datetime
) -> None:
    """Give a delegated user task back to its owner, with the answer; or, as its owner, take it back without one.

    Raises UserTaskNotDelegated, NotAllowed, NotFound, InvalidInput, UserTaskAlreadyCompleted, UserTaskCancelled.
    """
    case = lock_case_of(session, user_task_id)
    user_task = read_user_task(session, user_task_id)
    refuse_auditor(groups_at(session, actor.user_id, user_task.site_id))
    acting = actor if actor.user_id == user_task.owner_id else holder_acting(session, user_task, actor, now)
    if acting is None:
        raise refusal(session, user_task, actor, N_("Only who was asked may give this user task back."))
    refuse_ended(user_task)
    if user_task.delegation != PENDING or user_task.owner_id is None:
        raise UserTaskNotDelegated(N_("Nobody waits for an answer about this user task."))
    text = _checked(remark)
    if not text and acting.holder_id == user_task.assignee_id:
        raise InvalidInput(N_("Write your answer for the owner of the task."), fields={"remark": N_("Write it here.")})
    owner_id = user_task.owner_id
    set_assignee(session, user_task, owner_id, now, owner_id=owner_id, delegation=RESOLVED)
    body = {"old_assignee": user_task.assignee_id, "assignee": owner_id}
    event = _event(case, user_task, "user_task_resolved", body, text)
    stream = case_stream(case.id)
    append_events(session, stream, [event], actor=acting, now=now, instance_id=case.id, site_id=case.site_id)


def _require_delegate(session: Session, user_task: UserTaskRow, delegate_id: str, owner_id: str | None) -> None:
    groups = groups_at(session, delegate_id, user_task.site_id)
    if not is_active_user(session, delegate_id) or not groups:
        raise NotAllowed(N_("“%(user)s” does not work at this site."), user=delegate_id)
    refuse_auditor(groups)
    if delegate_id in (user_task.assignee_id, owner_id):
        raise InvalidInput(N_("Choose somebody else: this person has the task already."))


def _checked(text: str) -> str:
    if len(text.strip()) > LONGEST_REMARK:
        raise InvalidInput(N_("This is too long: 2,000 characters at most."))
    return text.strip()


def _event(case: Case, user_task: UserTaskRow, event_type: str, body: Mapping[str, object], text: str) -> Event:
    """What people write about a case may be about its customer: it is kept under the customer's key."""
    return Event(
        event_type,
        body,
        element_id=user_task.element_id,
        activity_id=user_task.id,
        personal={"remark": text} if text else None,
        subject_id=case.subject_id,
    )
