"""Cases that neither a person nor a message starts: a signal or a timer does, or a condition that has come true."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.engine import StepFailed
from app.operations.actor import SYSTEM, Actor
from app.operations.authority import require_case_owner
from app.operations.cases import Case
from app.operations.definitions import load_definition, newest_triggers
from app.operations.encoding import decode_values, feel_values
from app.operations.failures import StepNotDone
from app.operations.job_leases import LeasedJob, finish_job, postpone_job
from app.operations.process_instances import (
    HELD_FOR,
    EventStart,
    ProcessSuspended,
    start_definition,
    zone_where_startable,
)
from app.operations.step_context import step_context


def start_by_event(session: Session, job: LeasedJob, _result: Mapping[str, object], now: datetime) -> None:
    """Start the case of a signal thrown or a timer due; a suspended process waits for its owner."""
    payload = job.payload
    definition = load_definition(session, payload["definition_id"])
    site_id = job.site_id or ""
    try:
        zone_where_startable(session, definition, site_id)
    except ProcessSuspended:
        postpone_job(session, job, now + HELD_FOR)
        return
    finish_job(session, job)
    start_definition(
        session,
        definition,
        decode_values(payload["values"]),
        EventStart(payload["place"], payload["sent_by"]),
        site_id=site_id,
        business_key=None,
        actor=SYSTEM,
        now=now,
        origin_id=payload["sender_id"],
    )


def evaluate_conditions(
    session: Session,
    variables: Mapping[str, object],
    *,
    site_id: str,
    business_key: str | None = None,
    actor: Actor,
    now: datetime,
) -> list[Case]:
    """Start a case at each start event of the newest versions whose condition these variables make true.

    Arguments: variables, FEEL or Python values; the new cases have them. A condition that names another variable is
    not true; suspended processes are left out. Raises NotAllowed, StepNotDone.
    """
    if actor.kind == "person":
        require_case_owner(session, actor, site_id)
    values = feel_values(variables)
    started = []
    for definition, place in newest_triggers(session, "conditional"):
        trigger = definition.process.start_triggers[place]
        try:
            zone = zone_where_startable(session, definition, site_id)
            with step_context(session, definition, site_id=site_id, zone=zone, now=now) as context:
                is_true = trigger.condition is not None and trigger.condition.holds(values, context)
        except ProcessSuspended:
            continue
        except StepFailed as failed:
            raise StepNotDone(failed.incident, site_id=site_id, instance_id=None, activity_id=None) from failed
        if is_true:
            event = EventStart(place, actor.on_behalf_of or actor.user_id)
            begun = start_definition(
                session, definition, values, event, site_id=site_id, business_key=business_key, actor=actor, now=now
            )
            started.append(begun.case)
    return started
