"""The same change to many cases: one case a transaction, and for each what became of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session

from app.engine import ChangeRefused
from app.errors import AppError, InvalidInput, NotFound
from app.i18n import N_
from app.identifiers import new_id
from app.models import CaseBatch, CaseBatchItem, Job, Membership, ProcessInstance
from app.models.job import WAITING_JOB_STATES
from app.models.prepared import table_of
from app.models.process_instance import OPEN_STATES
from app.operations.actor import SYSTEM, Actor
from app.operations.authority import CASE_OWNERS, require_case_owner
from app.operations.case_orders import BatchKind, CaseOrder, carry_out
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.jobs import job_row
from app.operations.reasons import stated_reason
from app.operations.rows import insert_rows

CHANGE_JOB = "case_change"

_ITEM, _JOB = table_of(CaseBatchItem), table_of(Job)


class BatchNotFound(NotFound):
    """There is no such order, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__(N_("This does not exist, or you may not see it."))


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """What is to be done with open cases, or with some that are over (`restart`), and why.

    definition_id: only cases of this version. target_id, mapping: for migrations, as `migrate_case` takes them.
    instance_ids: only these cases. details: plain JSON for the other kinds (app/operations/case_orders.py); it lies in
    the jobs, which forget it when they are done, as it may hold what belongs to a person.
    """

    kind: BatchKind
    definition_id: str | None
    reason: str
    target_id: str | None = None
    mapping: Mapping[str, str] | None = None
    instance_ids: Sequence[str] | None = None
    details: Mapping[str, object] | None = None


def order_batch(session: Session, order: BatchOrder, *, actor: Actor, now: datetime) -> str:
    """Have jobs change cases and return the batch's id.

    Cases of sites where the person may not change any are left out. Raises NotAllowed, InvalidInput where there is
    no case.
    """
    require_case_owner(session, actor, None)
    text = stated_reason(order.reason)
    are_open = order.kind != "restart"
    cases = changeable_cases(session, order.definition_id, actor, order.instance_ids, are_open=are_open)
    if not cases:
        if order.definition_id is not None:
            raise InvalidInput(N_("There is no open case of this version that you may change."))
        if not are_open:
            raise InvalidInput(N_("There is no case among them that is over and that you may start anew."))
        raise InvalidInput(N_("There is no open case among them that you may change."))
    batch = CaseBatch(
        id=new_id(), kind=order.kind, definition_id=order.definition_id or _definition_of(session, cases[0][0]),
        target_id=order.target_id, mapping=json.dumps(order.mapping), reason=text, ordered_by=actor.user_id,
        ordered_at=now,
    )  # fmt: skip
    session.add(batch)
    session.flush()
    items = [
        {"batch_id": batch.id, "instance_id": instance_id, "site_id": site_id, "state": "waiting", "refusals": "[]"}
        for instance_id, site_id in cases
    ]
    insert_rows(session, CaseBatchItem, items)
    payload = {"batch_id": batch.id, "details": order.details or {}}
    jobs = [
        job_row(CHANGE_JOB, {**payload, "instance_id": instance_id}, run_at=now, now=now) | {"site_id": site_id}
        for instance_id, site_id in cases
    ]
    insert_rows(session, Job, jobs)
    return batch.id


def _definition_of(session: Session, instance_id: str) -> str:
    return session.scalars(select(ProcessInstance.definition_id).where(ProcessInstance.id == instance_id)).one()


def changeable_cases(
    session: Session,
    definition_id: str | None,
    actor: Actor,
    instance_ids: Sequence[str] | None = None,
    *,
    are_open: bool = True,
) -> list[tuple[str, str]]:
    """(id, site) of open cases, or those that are over, at the sites where the person may change cases, oldest first.

    Arguments: definition_id, instance_ids, only those of them.
    """
    query = (
        select(ProcessInstance.id, ProcessInstance.site_id)
        .where(ProcessInstance.state.in_(OPEN_STATES) if are_open else ProcessInstance.state.not_in(OPEN_STATES))
        .order_by(ProcessInstance.started_at, ProcessInstance.id)
    )
    if definition_id is not None:
        query = query.where(ProcessInstance.definition_id == definition_id)
    if actor.kind != "system":
        owned = select(Membership.site_id).where(
            Membership.user_id == actor.user_id, Membership.group_id.in_(CASE_OWNERS)
        )
        query = query.where(ProcessInstance.site_id.in_(owned))
    if instance_ids is not None:
        query = query.where(ProcessInstance.id.in_(instance_ids))
    return [(instance_id, site_id) for instance_id, site_id in session.execute(query)]


def is_batch_suspended(session: Session, batch_id: str) -> bool:
    """Whether nothing of a batch is carried out until it is resumed; that is not changed before the transaction ends.

    A job that is held while somebody resumes the order would be found by nobody.
    """
    row = select(CaseBatch.is_suspended).where(CaseBatch.id == batch_id).with_for_update(read=True)
    return bool(session.scalar(row))


def change_case_of_batch(
    session: Session, batch_id: str, instance_id: str, details: Mapping[str, object], *, now: datetime
) -> None:
    """Carry a batch out for one of its cases and write down what became of it; a second call does nothing."""
    batch = session.get_one(CaseBatch, batch_id)
    place = (_ITEM.c.batch_id == batch_id) & (_ITEM.c.instance_id == instance_id)
    if session.scalar(select(_ITEM.c.state).where(place).with_for_update()) != "waiting":
        return
    actor = SYSTEM if batch.ordered_by == SYSTEM.user_id else Actor(batch.ordered_by)
    try:
        with session.begin_nested():  # an order that cannot be carried out to its end leaves nothing behind
            carry_out(session, CaseOrder(batch, instance_id, actor, now, details))
        result = {"state": "done"}
    except ChangeRefused as refused:
        reasons = [(reason.msgid, {"element": reason.element_id, **reason.params}) for reason in refused.reasons]
        result = _refused(reasons)
    except AppError as error:  # it is over, or somebody was quicker
        result = _refused([(error.msgid, error.params)])
    session.execute(update(_ITEM).where(place).values(**result, ended_at=now))


def forget_details(session: Session, job_id: str, batch_id: str) -> None:
    """Keep of a job that is done only which order it belonged to."""
    session.execute(update(_JOB).where(_JOB.c.id == job_id).values(payload=_without_details(batch_id)))


def _without_details(batch_id: str) -> str:
    return json.dumps({"batch_id": batch_id})


def suspend_batch(session: Session, batch_id: str, *, is_suspended: bool, actor: Actor, now: datetime) -> None:
    """Let what is left of an order wait, or go on. Only who gave it. Raises BatchNotFound."""
    batch = _own(session, batch_id, actor)
    if batch.is_suspended == is_suspended:
        return
    batch.is_suspended = is_suspended
    session.flush()
    if not is_suspended:
        held = _jobs_of(batch_id).where(_JOB.c.state == "suspended")
        session.execute(held.values(state="pending", run_at=now))
    _tell(session, "batch_suspended" if is_suspended else "batch_resumed", batch_id, actor, now)


def withdraw_batch(session: Session, batch_id: str, *, actor: Actor, now: datetime) -> None:
    """Leave the cases as they are that are not done yet; what was done stays.

    Only who gave the order. Raises BatchNotFound.
    """
    _own(session, batch_id, actor)
    left = update(_ITEM).where(_ITEM.c.batch_id == batch_id, _ITEM.c.state == "waiting")
    session.execute(left.values(**_refused([(N_("The order was withdrawn."), {})]), ended_at=now))
    waiting = _jobs_of(batch_id).where(_JOB.c.state.in_(WAITING_JOB_STATES))
    session.execute(waiting.values(state="cancelled", payload=_without_details(batch_id)))
    _tell(session, "batch_withdrawn", batch_id, actor, now)


def _own(session: Session, batch_id: str, actor: Actor) -> CaseBatch:
    """Its own order that is not carried out yet, locked."""
    query = select(CaseBatch).where(CaseBatch.id == batch_id, CaseBatch.ordered_by == actor.user_id)
    batch = session.scalars(query.with_for_update()).one_or_none()
    if batch is None:
        raise BatchNotFound
    return batch


def _jobs_of(batch_id: str) -> Update:
    """Jobs know their order by what they carry."""
    return update(_JOB).where(_JOB.c.kind == CHANGE_JOB, _JOB.c.payload.contains(f'"{batch_id}"', autoescape=True))


def _tell(session: Session, event_type: str, batch_id: str, actor: Actor, now: datetime) -> None:
    append_events(session, CONFIGURATION_STREAM, [Event(event_type, {"batch": batch_id})], actor=actor, now=now)


def _refused(reasons: Sequence[tuple[str, Mapping[str, object]]]) -> dict[str, str]:
    texts = [[msgid, {name: str(value) for name, value in params.items()}] for msgid, params in reasons]
    return {"state": "refused", "refusals": json.dumps(texts, ensure_ascii=False)}
