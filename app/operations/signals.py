"""Signals from outside, and what a case does when it hears one."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import engine
from app.models import MessageSubscription
from app.models.prepared import table_of
from app.operations.actor import SYSTEM, Actor
from app.operations.authority import require_case_owner
from app.operations.cases import lock_case
from app.operations.cause import Cause
from app.operations.encoding import decode_values, encode_values, feel_values
from app.operations.job_leases import LeasedJob, finish_job, hold_job
from app.operations.record_signals import Thrown, spread_signal
from app.operations.steps import take_step

_SUBSCRIPTION = table_of(MessageSubscription)


def throw_signal(
    session: Session, name: str, payload: Mapping[str, object], *, site_id: str, actor: Actor, now: datetime
) -> int:
    """Throw a signal from outside; returns how many cases hear it or are started. Raises NotAllowed."""
    if actor.kind == "person":
        require_case_owner(session, actor, site_id)
    return spread_signal(session, Thrown(name, site_id, encode_values(feel_values(payload)), None, actor.user_id), now)


def hear_signal(session: Session, job: LeasedJob, _result: Mapping[str, object], now: datetime) -> None:
    """Do the job of one receiver. Whoever waits no longer, for another event came first, does not hear it."""
    activity_id = job.activity_id or ""
    case = lock_case(session, job.instance_id or "")
    if case.is_suspended:
        hold_job(session, job, job.payload)
        return
    finish_job(session, job)
    still_waiting = select(_SUBSCRIPTION.c.id).where(_SUBSCRIPTION.c.id == activity_id)
    if session.execute(still_waiting).first() is None:
        return
    values = decode_values(job.payload["values"])
    cause = Cause(
        "signal_received",
        element_id=job.element_id,
        activity_id=activity_id,
        inputs=values,
        facts={"name": job.payload["name"], "sender_id": job.payload["sender_id"]},
    )
    take_step(
        session,
        case,
        lambda process, state, context: engine.receive_signal(process, state, activity_id, values, context),
        cause=cause,
        actor=SYSTEM,
        now=now,
    )
