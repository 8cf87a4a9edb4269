"""One user task of somebody who left: to the successor, to whom it was owed, or to its groups."""

import json
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.errors import AppError
from app.models import Draft, HandOver, HandOverItem, UserTask, UserTaskCandidate
from app.models.prepared import table_of
from app.models.visibility import AUDITORS
from app.operations.actor import SYSTEM, Actor
from app.operations.authority import groups_at, is_active_user
from app.operations.cases import Case, lock_case_of
from app.operations.failures import raise_incident
from app.operations.four_eyes import has_done_own_part
from app.operations.history import Event, append_events, case_stream
from app.operations.incident_rows import nobody_can_do
from app.operations.job_leases import LeasedJob, finish_job
from app.operations.rows import upsert_rows
from app.operations.staffing import can_anybody_do
from app.operations.user_task_rows import PENDING, UserTaskRow, read_user_task, set_assignee

_ITEM = table_of(HandOverItem)
_CANDIDATE = table_of(UserTaskCandidate)


def hand_over_by_job(session: Session, job: LeasedJob, _result: object, now: datetime) -> None:
    """Carry a hand-over out for one of its user tasks and write down what became of it; a second call does nothing."""
    finish_job(session, job)
    order = session.get_one(HandOver, job.payload["hand_over_id"])
    user_task_id = str(job.payload["user_task_id"])
    place = (_ITEM.c.hand_over_id == order.id) & (_ITEM.c.user_task_id == user_task_id)
    if session.scalar(select(_ITEM.c.state).where(place).with_for_update()) != "waiting":
        return
    try:
        result = _hand_over(session, order, user_task_id, now)
    except AppError as error:  # somebody was quicker: nothing was written yet
        params = {name: str(value) for name, value in error.params.items()}
        result = {"state": "refused", "refusal": json.dumps([error.msgid, params], ensure_ascii=False)}
    session.execute(update(_ITEM).where(place).values(**result, ended_at=now))


def _hand_over(session: Session, order: HandOver, user_task_id: str, now: datetime) -> dict[str, object]:
    case = lock_case_of(session, user_task_id)
    user_task = read_user_task(session, user_task_id)
    if user_task.state != "open":
        return {"state": "ended"}
    leaver, successor = order.user_id, _successor_at(session, order, user_task.site_id)
    if successor and has_done_own_part(session, user_task, successor):
        successor = None  # four eyes: it goes back to its groups
    actor = SYSTEM if order.ordered_by == SYSTEM.user_id else Actor(order.ordered_by)
    _replace_candidate(session, user_task_id, leaver, successor)
    after = _after(session, user_task, leaver, successor)
    if after != user_task:
        set_assignee(
            session, user_task, after.assignee_id, now, owner_id=after.owner_id, delegation=after.delegation
        )
    if successor and after.assignee_id == successor:
        _give_draft(session, user_task, leaver, successor)
    event = Event(
        "user_task_handed_over",
        {"from": leaver, "to": successor, "old_assignee": user_task.assignee_id, "assignee": after.assignee_id},
        element_id=user_task.element_id,
        activity_id=user_task.id,
        reason=order.reason,
    )
    stream = case_stream(case.id)
    append_events(session, stream, [event], actor=actor, now=now, instance_id=case.id, site_id=case.site_id)
    _raise_where_nobody_is_left(session, case, after, actor, now)
    return {"state": "done", "to_id": after.assignee_id}


def _successor_at(session: Session, order: HandOver, site_id: str) -> str | None:
    """The successor, where he works at the site and may change something there."""
    if order.successor_id is None or not is_active_user(session, order.successor_id):
        return None
    groups = groups_at(session, order.successor_id, site_id)
    return order.successor_id if groups and AUDITORS not in groups else None


def _after(session: Session, user_task: UserTaskRow, leaver: str, successor: str | None) -> UserTaskRow:
    """Whose it is afterwards. An answer that was asked for goes on being asked for, in the new owner's name."""
    is_delegated = user_task.delegation == PENDING and user_task.owner_id is not None
    if is_delegated and user_task.assignee_id == leaver and user_task.owner_id != leaver:
        owner = user_task.owner_id if user_task.owner_id and is_active_user(session, user_task.owner_id) else successor
        return replace(user_task, assignee_id=owner, owner_id=None, delegation=None)
    if is_delegated and user_task.owner_id == leaver and user_task.assignee_id != leaver:
        if successor in (None, user_task.assignee_id):  # who was asked does it all
            return replace(user_task, owner_id=None, delegation=None)
        return replace(user_task, owner_id=successor)
    if user_task.assignee_id == leaver:
        return replace(user_task, assignee_id=successor, owner_id=None, delegation=None)
    return user_task


def _replace_candidate(session: Session, user_task_id: str, leaver: str, successor: str | None) -> None:
    place = (
        (_CANDIDATE.c.user_task_id == user_task_id)
        & (_CANDIDATE.c.kind == "user")
        & (_CANDIDATE.c.candidate_id == leaver)
    )
    row = session.execute(select(_CANDIDATE).where(place)).mappings().first()
    if row is None:
        return
    session.execute(delete(_CANDIDATE).where(place))
    if successor:
        upsert_rows(session, UserTaskCandidate, [{**row, "candidate_id": successor}], replaced=("is_claimable",))


def _give_draft(session: Session, user_task: UserTaskRow, leaver: str, successor: str) -> None:
    """What was typed and not submitted goes on with the task, unless the successor has typed something as well."""
    if session.get(Draft, (user_task.id, successor)) is not None:
        return
    draft = session.get(Draft, (user_task.id, leaver))
    if draft is not None:
        revision = session.scalar(select(UserTask.revision).where(UserTask.id == user_task.id)) or 0
        session.add(
            Draft(
                user_task_id=user_task.id,
                user_id=successor,
                site_id=draft.site_id,
                content=draft.content,
                base_revision=revision,
                saved_at=draft.saved_at,
            )
        )
        session.flush()


def _raise_where_nobody_is_left(
    session: Session, case: Case, user_task: UserTaskRow, actor: Actor, now: datetime
) -> None:
    if user_task.assignee_id is not None:
        return
    query = select(_CANDIDATE.c.kind, _CANDIDATE.c.candidate_id).where(_CANDIDATE.c.user_task_id == user_task.id)
    candidates = [(kind, name) for kind, name in session.execute(query)]
    if not can_anybody_do(session, candidates, user_task.site_id):
        named = [name for _kind, name in candidates]
        incident = nobody_can_do(user_task.id, user_task.element_id, user_task.name, named)
        raise_incident(session, case, incident, job_id=None, actor=actor, now=now)


