"""An employee leaves: everything open is handed over in one step, and the account is closed.

The account is closed at once; the user tasks follow one case a transaction, by jobs, each with what became of it.
"""

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.i18n import N_
from app.identifiers import new_id
from app.models import HandOver, HandOverItem, Job
from app.models.api_token import tokens_of
from app.models.open_work import open_user_tasks_of, substitutions_of
from app.models.organisation import DepartmentMember
from app.models.visibility import AUDITORS
from app.operations.actor import SYSTEM, Actor
from app.operations.administration import OwnAccount, require_account_administrator, require_known_user
from app.operations.api_tokens import revoke_api_token
from app.operations.authority import is_active_user
from app.operations.jobs import job_row
from app.operations.memberships import change_memberships, memberships_of
from app.operations.notifications import notify
from app.operations.reasons import stated_reason
from app.operations.rows import insert_rows
from app.operations.substitution import end_substitution
from app.operations.user_accounts import disable_user
from app.operations.users import existing_user, record_of_user

HAND_OVER_JOB = "hand_over"


def hand_over_work(
    session: Session, user_id: str, *, successor_id: str | None, reason: str, actor: Actor, now: datetime
) -> str:
    """Close the account of somebody who leaves, have all open work handed over, and return the hand-over's id.

    Arguments: successor_id, who gets the work at the sites where both belong; None, or elsewhere, gives it back to
    the groups it is meant for. Raises UnknownUser, NotAllowed, OwnAccount, LastAdministrator, InvalidInput.
    """
    user = existing_user(session, user_id)
    require_account_administrator(session, actor, user)
    if user_id == actor.user_id:
        raise OwnAccount(N_("You cannot disable your own account. Another administrator can."))
    why = stated_reason(reason)
    _check_successor(session, user_id, successor_id, actor)
    memberships = sorted(f"{group}@{site}" for group, site in memberships_of(session, user_id))
    user_tasks = open_user_tasks_of(session, user_id)
    _close_account(session, user_id, why, actor=actor, now=now)
    order = HandOver(
        id=new_id(),
        user_id=user_id,
        successor_id=successor_id,
        memberships=json.dumps(memberships),
        reason=why,
        ordered_by=actor.user_id,
        ordered_at=now,
    )
    session.add(order)
    session.flush()
    _order_items(session, order.id, user_tasks, now)
    facts = {"successor": successor_id, "hand_over": order.id, "user_tasks": len(user_tasks)}
    record_of_user(session, "work_handed_over", user_id, actor, now, reason=why, **facts)
    if successor_id and user_tasks:
        params = {"from": user.display_name, "note": why}
        notify(session, [successor_id], "handed_over", params=params, actor=actor, now=now)
    return order.id


def _check_successor(session: Session, user_id: str, successor_id: str | None, actor: Actor) -> None:
    if successor_id is None:
        return
    require_known_user(session, actor, existing_user(session, successor_id))
    if successor_id == user_id or not is_active_user(session, successor_id):
        refusal = N_("Choose somebody else who can sign in.")
        raise InvalidInput(refusal, fields={"successor": refusal})
    if any(group == AUDITORS for group, _ in memberships_of(session, successor_id)):
        refusal = N_("Auditors read everything and change nothing.")
        raise InvalidInput(refusal, fields={"successor": refusal})


def _close_account(session: Session, user_id: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """No signing in, no tokens, no groups, no departments, no substitutions on either side."""
    disable_user(session, user_id, reason=reason, actor=actor, now=now)
    for token in tokens_of(session, user_id):
        revoke_api_token(session, user_id, token.id, actor=actor, now=now)
    present = memberships_of(session, user_id)
    if present:
        change_memberships(session, user_id, removed=present, reason=reason, actor=actor, now=now)
    session.execute(delete(DepartmentMember).where(DepartmentMember.user_id == user_id))
    for substitution_id in substitutions_of(session, user_id, now):
        end_substitution(session, substitution_id, reason=reason, actor=SYSTEM, now=now)


def _order_items(session: Session, order_id: str, user_tasks: Collection[tuple[str, str]], now: datetime) -> None:
    waiting = {"hand_over_id": order_id, "state": "waiting", "refusal": "[]"}
    items = [waiting | {"user_task_id": user_task_id, "site_id": site_id} for user_task_id, site_id in user_tasks]
    insert_rows(session, HandOverItem, items)
    jobs = [
        job_row(HAND_OVER_JOB, {"hand_over_id": order_id, "user_task_id": user_task_id}, run_at=now, now=now)
        | {"site_id": site_id}
        for user_task_id, site_id in user_tasks
    ]
    insert_rows(session, Job, jobs)
