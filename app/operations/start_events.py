"""Cases that neither a person nor a message starts: a signal does, or a condition that has come true."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.engine import StepFailed
from app.operations.actor import SYSTEM, Actor
from app.operations.authority import require_case_owner
from app.operations.cases import Case
from app.operations.definitions import latest_definition_id, load_definition, triggers_of_newest
from app.operations.encoding import decode_values, feel_values
from app.operations.failures import StepNotDone
from app.operations.job_leases import LeasedJob, finish_job, postpone_job
from app.operations.process_instances import (
    HELD_FOR,
    EventStart,
    is_process_suspended,
    start_definition,
    zone_where_startable,
)
from app.operations.step_context import step_context


def start_by_signal(session: Session, job: LeasedJob, _result: Mapping[str, object], now: datetime) -> None:
    """Start a case of the newest version with the signal's payload; a suspended process waits for its owner."""
    payload = job.payload
    if is_process_suspended(session, payload["process_key"]):
        postpone_job(session, job, now + HELD_FOR)
        return
    finish_job(session, job)
    definition = load_definition(session, latest_definition_id(session, payload["process_key"]))
    triggers = definition.process.start_triggers
    found = [one for one in triggers if one.kind == "signal" and one.name == payload["name"]]
    if not found:
        return  # a version deployed since the throw is no longer started by it
    start_definition(
        session,
        definition,
        decode_values(payload["values"]),
        EventStart("signal", found[0].element_id, payload["sent_by"], payload["name"]),
        site_id=job.site_id or "",
        business_key=None,
        actor=SYSTEM,
        now=now,
        origin_id=payload["sender_id"],
    )


def evaluate_conditions(
    session: Session, variables: Mapping[str, object], *, site_id: str, actor: Actor, now: datetime
) -> list[Case]:
    """Start a case at each start event of the newest versions whose condition these variables make true.

    Arguments: variables, FEEL or Python values; the new cases have them. A condition that names another variable is
    not true. Raises NotAllowed, StepNotDone.
    """
    if actor.kind == "person":
        require_case_owner(session, actor, site_id)
    values = feel_values(variables)
    started = []
    for definition, trigger in triggers_of_newest(session, "conditional"):
        condition = trigger.condition
        if condition is None or is_process_suspended(session, definition.key):
            continue
        zone = zone_where_startable(session, definition, site_id)
        try:
            with step_context(session, definition, site_id=site_id, zone=zone, now=now) as context:
                is_true = condition.holds(values, context)
        except StepFailed as failed:
            raise StepNotDone(failed.incident, site_id=site_id, instance_id=None, activity_id=None) from failed
        if is_true:
            event = EventStart("conditional", trigger.element_id, actor.on_behalf_of or actor.user_id)
            one = start_definition(
                session, definition, values, event, site_id=site_id, business_key=None, actor=actor, now=now
            )
            started.append(one.case)
    return started
