"""What an order for many cases does to one of them, by its kind."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.i18n import N_
from app.models import CaseBatch, Incident, Job, MessageSubscription
from app.models.prepared import table_of
from app.operations.actor import Actor
from app.operations.case_changes import VariableEdit, element_instructions, modify_case, set_case_variables
from app.operations.case_migration import migrate_case, require_version
from app.operations.case_restart import Restart, restart_case
from app.operations.encoding import decode_values
from app.operations.external_task_changes import set_retries
from app.operations.incidents import retry_incident
from app.operations.messages import deliver_to_waiting
from app.operations.process_instances import cancel_instance
from app.operations.suspension import resume_case, suspend_case

BatchKind = Literal[
    "migrate", "suspend", "resume", "cancel", "variables", "message", "retry", "modify", "restart", "work_retries",
]  # fmt: skip

_INCIDENT, _SUBSCRIPTION, _JOB = table_of(Incident), table_of(MessageSubscription), table_of(Job)


@dataclass(frozen=True, slots=True)
class CaseOrder:
    """An order as far as it is about one case; `details` is plain JSON, what it holds depends on the kind."""

    batch: CaseBatch
    instance_id: str
    actor: Actor
    now: datetime
    details: Mapping[str, Any] = field(default_factory=dict)


class NothingToDo(InvalidInput):
    """There is nothing in the case that the order is about."""


def carry_out(session: Session, order: CaseOrder) -> None:
    """Do it; raises what the operation behind it raises."""
    _KINDS[order.batch.kind](session, order)


def _migrate(session: Session, order: CaseOrder) -> None:
    batch = order.batch
    if batch.target_id is None:
        raise LookupError("a migration without the version to go to")
    mapping = json.loads(batch.mapping)
    require_version(session, order.instance_id, batch.definition_id)
    migrate_case(session, order.instance_id, batch.target_id, mapping, batch.reason, actor=order.actor, now=order.now)


def _suspend(session: Session, order: CaseOrder) -> None:
    suspend_case(session, order.instance_id, order.batch.reason, actor=order.actor, now=order.now)


def _resume(session: Session, order: CaseOrder) -> None:
    resume_case(session, order.instance_id, order.batch.reason, actor=order.actor, now=order.now)


def _cancel(session: Session, order: CaseOrder) -> None:
    cancel_instance(session, order.instance_id, order.batch.reason, actor=order.actor, now=order.now)


def _set_variables(session: Session, order: CaseOrder) -> None:
    edit = VariableEdit(order.instance_id, decode_values(order.details["values"]))
    reason = order.batch.reason
    set_case_variables(session, order.instance_id, edit, reason, revision=None, actor=order.actor, now=order.now)


def _deliver(session: Session, order: CaseOrder) -> None:
    """To one activity of the case that waits for it."""
    name = order.details["name"]
    waiting = select(_SUBSCRIPTION.c.id).where(
        _SUBSCRIPTION.c.instance_id == order.instance_id,
        _SUBSCRIPTION.c.kind == "message",
        _SUBSCRIPTION.c.name == name,
    )
    activity_id = session.scalar(waiting.order_by(_SUBSCRIPTION.c.id).limit(1)) or ""
    values = decode_values(order.details["values"])
    deliver_to_waiting(session, activity_id, name, values, actor=order.actor, now=order.now)


def _retry(session: Session, order: CaseOrder) -> None:
    given_up = select(_INCIDENT.c.id).where(
        _INCIDENT.c.instance_id == order.instance_id, _INCIDENT.c.is_open.is_(True), _INCIDENT.c.job_id.is_not(None)
    )
    if order.details.get("job_ids"):
        given_up = given_up.where(_INCIDENT.c.job_id.in_(order.details["job_ids"]))
    found = session.scalars(given_up.order_by(_INCIDENT.c.id)).all()
    if not found:
        raise NothingToDo(N_("No job of this case has given up."))
    for incident_id in found:
        retry_incident(session, incident_id, reason=order.batch.reason, actor=order.actor, now=order.now)


def _set_work_retries(session: Session, order: CaseOrder) -> None:
    """Of those external tasks of the case that the order names."""
    of_case = select(_JOB.c.id).where(
        _JOB.c.instance_id == order.instance_id, _JOB.c.id.in_(order.details["external_task_ids"])
    )
    for job_id in session.scalars(of_case.order_by(_JOB.c.id)).all():
        set_retries(session, job_id, order.details["retries"], actor=order.actor, now=order.now)


def _modify(session: Session, order: CaseOrder) -> None:
    made = element_instructions(session, order.instance_id, order.details["instructions"])
    reason = order.batch.reason
    modify_case(session, order.instance_id, made, reason, revision=None, actor=order.actor, now=order.now)


def _restart(session: Session, order: CaseOrder) -> None:
    details = order.details
    wanted = Restart(details["definition_id"], details["places"], details["is_initial"], details["is_without_key"])
    restart_case(session, order.instance_id, wanted, order.batch.reason, actor=order.actor, now=order.now)


_KINDS: Mapping[str, Callable[[Session, CaseOrder], None]] = {
    "migrate": _migrate,
    "suspend": _suspend,
    "resume": _resume,
    "cancel": _cancel,
    "variables": _set_variables,
    "message": _deliver,
    "retry": _retry,
    "modify": _modify,
    "restart": _restart,
    "work_retries": _set_work_retries,
}
