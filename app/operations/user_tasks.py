"""User tasks: claimed, given back, assigned, completed; drafts. What the inbox and the API call."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app import engine
from app.errors import Conflict
from app.i18n import N_
from app.operations.actor import Actor
from app.operations.authority import groups_at, refuse_auditor
from app.operations.cases import lock_case_of
from app.operations.cause import Cause
from app.operations.drafts import discard_draft, save_draft
from app.operations.encoding import feel_values
from app.operations.failures import StepNotDone, record_failed_step
from app.operations.four_eyes import refuse_own_work
from app.operations.record import Recorded
from app.operations.steps import take_step
from app.operations.user_task_claims import (
    assign_user_task,
    claim_locked,
    claim_user_task,
    require_candidate,
    unclaim_user_task,
)
from app.operations.user_task_rows import (
    UserTaskAlreadyCompleted,
    UserTaskAssignedToOther,
    UserTaskCancelled,
    UserTaskChanged,
    UserTaskDelegated,
    UserTaskRow,
    assigned_to_other,
    read_user_task,
    refuse_delegated,
    refuse_ended,
)

__all__ = [
    "StepNotDone",
    "UserTaskAlreadyCompleted",
    "UserTaskAssignedToOther",
    "UserTaskCancelled",
    "UserTaskChanged",
    "UserTaskDelegated",
    "UserTaskNotClaimed",
    "assign_user_task",
    "claim_user_task",
    "complete_user_task",
    "discard_draft",
    "escalate_user_task",
    "record_failed_step",
    "report_user_task_error",
    "save_draft",
    "unclaim_user_task",
]


class UserTaskNotClaimed(Conflict):
    """The user task belongs to nobody yet: it is claimed first."""


def complete_user_task(
    session: Session,
    user_task_id: str,
    values: Mapping[str, object],
    *,
    revision: int | None,
    is_claimed_implicitly: bool = False,
    actor: Actor,
    now: datetime,
) -> Recorded:
    """Complete a user task with the values of its form; returns the case and the user tasks the step opened.

    Arguments: values, FEEL or Python values of the fields the form declares; revision, the one the page was made
    from (None: whatever it is now); is_claimed_implicitly, true where an unclaimed user task may be completed at
    once, recorded as a claim. Raises UserTaskChanged and its kinds (both versions inside), UserTaskNotClaimed,
    NotAllowed, NotFound, StepNotDone.
    """
    case = lock_case_of(session, user_task_id)
    user_task = read_user_task(session, user_task_id)
    inputs = feel_values(values)
    acting = _check_right(session, user_task, inputs, actor, now)
    _check_revision(user_task, revision, inputs)
    refuse_own_work(session, user_task, "complete", acting.user_id, acting.on_behalf_of)
    if user_task.assignee_id is None:
        if not is_claimed_implicitly:
            raise UserTaskNotClaimed(N_("Claim this user task before you complete it."))
        claim_locked(session, case, user_task, actor=acting, now=now)
    cause = Cause(
        "user_task_completed",
        element_id=user_task.element_id,
        activity_id=user_task.id,
        inputs=inputs,
        facts={"name": user_task.name},
    )
    return take_step(
        session,
        case,
        lambda process, state, context: engine.complete(process, state, user_task_id, inputs, context),
        cause=cause,
        actor=acting,
        now=now,
    )


def report_user_task_error(
    session: Session,
    user_task_id: str,
    code: str,
    message: str,
    values: Mapping[str, object],
    *,
    actor: Actor,
    now: datetime,
) -> Recorded:
    """End a user task with an error of the diagram instead of completing it; `values` go to who catches it.

    Raises as `complete_user_task`.
    """
    case = lock_case_of(session, user_task_id)
    user_task = read_user_task(session, user_task_id)
    inputs = feel_values(values)
    acting = _check_right(session, user_task, inputs, actor, now)
    refuse_own_work(session, user_task, "complete", acting.user_id, acting.on_behalf_of)
    cause = Cause("bpmn_error_reported", user_task.element_id, user_task.id, inputs, {"code": code, "message": message})
    return take_step(
        session,
        case,
        lambda process, state, context: engine.fail_job(
            process, state, user_task_id, code, message, context, values=inputs
        ),
        cause=cause,
        actor=acting,
        now=now,
    )


def escalate_user_task(
    session: Session, user_task_id: str, code: str, values: Mapping[str, object], *, actor: Actor, now: datetime
) -> Recorded:
    """Let an open user task throw an escalation of the diagram, which may end it; `values` go to who catches it.

    Raises as `complete_user_task`; engine.EscalationNotCaught.
    """
    case = lock_case_of(session, user_task_id)
    user_task = read_user_task(session, user_task_id)
    inputs = feel_values(values)
    acting = _check_right(session, user_task, inputs, actor, now)
    return take_step(
        session,
        case,
        lambda process, state, context: engine.escalate(process, state, user_task_id, code, inputs, context),
        cause=Cause("bpmn_escalation_reported", user_task.element_id, user_task.id, inputs, {"code": code}),
        actor=acting,
        now=now,
    )


def _check_right(
    session: Session, user_task: UserTaskRow, inputs: Mapping[str, object], actor: Actor, now: datetime
) -> Actor:
    """The assignee may, and who stands in for the assignee: returns the actor with whom they act for.

    Others learn why not, strangers not even that the user task exists.
    """
    acting = actor
    if user_task.assignee_id == actor.user_id:
        refuse_auditor(groups_at(session, actor.user_id, user_task.site_id))
    else:
        acting = require_candidate(session, user_task, actor, now)
    refuse_ended(user_task, inputs)
    if user_task.assignee_id not in (None, acting.holder_id):
        raise assigned_to_other(user_task, inputs)
    refuse_delegated(user_task, acting.holder_id, inputs)
    return acting


def _check_revision(user_task: UserTaskRow, revision: int | None, inputs: Mapping[str, object]) -> None:
    if revision is not None and revision != user_task.revision:
        raise UserTaskChanged(N_("This user task was changed while you worked on it."), user_task, inputs)
