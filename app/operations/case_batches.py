"""The same change to many cases: one case a transaction, and for each what became of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.engine import ChangeRefused
from app.errors import AppError, InvalidInput
from app.i18n import N_
from app.identifiers import new_id
from app.models import CaseBatch, CaseBatchItem, Job, Membership, ProcessInstance
from app.models.prepared import table_of
from app.models.process_instance import OPEN_STATES
from app.operations.actor import SYSTEM, Actor
from app.operations.authority import CASE_OWNERS, require_case_owner
from app.operations.case_migration import migrate_case
from app.operations.jobs import job_row
from app.operations.reasons import stated_reason
from app.operations.rows import insert_rows
from app.operations.suspension import resume_case, suspend_case

BatchKind = Literal["migrate", "suspend", "resume"]
CHANGE_JOB = "case_change"

_ITEM = table_of(CaseBatchItem)


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """What is to be done with the open cases of a definition, and why.

    target_id, mapping: for migrations, as `migrate_case` takes them. instance_ids: only these cases.
    """

    kind: BatchKind
    definition_id: str
    reason: str
    target_id: str | None = None
    mapping: Mapping[str, str] | None = None
    instance_ids: Sequence[str] | None = None


def order_batch(session: Session, order: BatchOrder, *, actor: Actor, now: datetime) -> str:
    """Have jobs change cases and return the batch's id.

    Cases of sites where the person may not change any are left out. Raises NotAllowed, InvalidInput where there is
    no case.
    """
    require_case_owner(session, actor, None)
    text = stated_reason(order.reason)
    cases = changeable_cases(session, order.definition_id, actor, order.instance_ids)
    if not cases:
        raise InvalidInput(N_("There is no open case of this version that you may change."))
    batch = CaseBatch(
        id=new_id(), kind=order.kind, definition_id=order.definition_id, target_id=order.target_id,
        mapping=json.dumps(order.mapping), reason=text, ordered_by=actor.user_id, ordered_at=now,
    )  # fmt: skip
    session.add(batch)
    session.flush()
    items = [
        {"batch_id": batch.id, "instance_id": instance_id, "site_id": site_id, "state": "waiting", "refusals": "[]"}
        for instance_id, site_id in cases
    ]
    insert_rows(session, CaseBatchItem, items)
    jobs = [
        job_row(CHANGE_JOB, {"batch_id": batch.id, "instance_id": instance_id}, run_at=now, now=now)
        | {"site_id": site_id}
        for instance_id, site_id in cases
    ]
    insert_rows(session, Job, jobs)
    return batch.id


def changeable_cases(
    session: Session, definition_id: str, actor: Actor, instance_ids: Sequence[str] | None = None
) -> list[tuple[str, str]]:
    """(id, site) of the open cases of a definition at the sites where the person may change cases, oldest first."""
    query = (
        select(ProcessInstance.id, ProcessInstance.site_id)
        .where(ProcessInstance.definition_id == definition_id, ProcessInstance.state.in_(OPEN_STATES))
        .order_by(ProcessInstance.started_at, ProcessInstance.id)
    )
    if actor.kind != "system":
        owned = select(Membership.site_id).where(
            Membership.user_id == actor.user_id, Membership.group_id.in_(CASE_OWNERS)
        )
        query = query.where(ProcessInstance.site_id.in_(owned))
    if instance_ids is not None:
        query = query.where(ProcessInstance.id.in_(instance_ids))
    return [(instance_id, site_id) for instance_id, site_id in session.execute(query)]


def change_case_of_batch(session: Session, batch_id: str, instance_id: str, *, now: datetime) -> None:
    """Carry a batch out for one of its cases and write down what became of it; a second call does nothing."""
    batch = session.get_one(CaseBatch, batch_id)
    place = (_ITEM.c.batch_id == batch_id) & (_ITEM.c.instance_id == instance_id)
    if session.scalar(select(_ITEM.c.state).where(place).with_for_update()) != "waiting":
        return
    try:
        _change(session, batch, instance_id, now)
        result = {"state": "done"}
    except ChangeRefused as refused:
        reasons = [(reason.msgid, {"element": reason.element_id, **reason.params}) for reason in refused.reasons]
        result = _refused(reasons)
    except AppError as error:  # it is over, or somebody was quicker: nothing was written yet
        result = _refused([(error.msgid, error.params)])
    session.execute(update(_ITEM).where(place).values(**result, ended_at=now))


def _change(session: Session, batch: CaseBatch, instance_id: str, now: datetime) -> None:
    actor = SYSTEM if batch.ordered_by == SYSTEM.user_id else Actor(batch.ordered_by)
    if batch.kind == "migrate" and batch.target_id is not None:
        mapping = json.loads(batch.mapping)
        migrate_case(session, instance_id, batch.target_id, mapping, batch.reason, actor=actor, now=now)
    elif batch.kind == "suspend":
        suspend_case(session, instance_id, batch.reason, actor=actor, now=now)
    else:
        resume_case(session, instance_id, batch.reason, actor=actor, now=now)


def _refused(reasons: Sequence[tuple[str, Mapping[str, object]]]) -> dict[str, str]:
    texts = [[msgid, {name: str(value) for name, value in params.items()}] for msgid, params in reasons]
    return {"state": "refused", "refusals": json.dumps(texts, ensure_ascii=False)}
