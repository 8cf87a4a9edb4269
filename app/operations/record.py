"""The single writer: what a step of the engine did goes to the database here, in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, delete, update
from sqlalchemy.orm import Session

from app.engine import STATE_VERSION
from app.engine.outcome import Outcome, RaisedIncident
from app.errors import Conflict
from app.i18n import N_
from app.models import InstanceState, ProcessInstance
from app.models.prepared import Prepared, table_of
from app.operations.actor import Actor
from app.operations.cases import Case
from app.operations.cause import Cause
from app.operations.data_stores import record_data_stores
from app.operations.definitions import LoadedDefinition
from app.operations.history import NEW_STREAM, StreamHead, append_events, case_stream
from app.operations.incident_rows import has_open_incidents, insert_incidents, resolve_incidents
from app.operations.record_clocks import record_clocks, record_rescheduled
from app.operations.record_events import Step, events_of
from app.operations.record_messages import record_messages
from app.operations.record_path import record_path
from app.operations.record_signals import record_signals
from app.operations.record_user_tasks import record_user_tasks, staff_for, unattended
from app.operations.record_variables import record_variables
from app.operations.record_waiting import record_waiting
from app.operations.rows import insert_rows

_INSTANCE, _STATE = table_of(ProcessInstance), table_of(InstanceState)
_STEP = (
    update(_INSTANCE)
    .where(_INSTANCE.c.id == bindparam("instance_id"), _INSTANCE.c.revision == bindparam("read_revision"))
    .values(revision=_INSTANCE.c.revision + 1)
)
_STEP_ON = Prepared(_STEP)
# The state is part of an index, which is written anew even where the value stays.
_STEP_TO = Prepared(
    _STEP.values(state=bindparam("new_state"), ended_at=bindparam("end"), end_event_id=bindparam("end_event"))
)
_KEEP_STATE = Prepared(
    update(_STATE)
    .where(_STATE.c.instance_id == bindparam("of_instance"))
    .values(codec=STATE_VERSION, content=bindparam("new_content"))
)
_FORGET_STATE = Prepared(delete(_STATE).where(_STATE.c.instance_id == bindparam("of_instance")))


@dataclass(frozen=True, slots=True)
class Recorded:
    """The case after the step, and the user tasks that the step opened and left open."""

    case: Case
    opened: tuple[str, ...]


class CaseChanged(Conflict):
    """The case was changed by somebody else between reading and writing."""


def record(
    session: Session,
    case: Case,
    definition: LoadedDefinition,
    outcome: Outcome,
    *,
    cause: Cause,
    head: StreamHead | None = None,
    actor: Actor,
    now: datetime,
) -> Recorded:
    """Write an Outcome: state, path, variables, inbox rows, timers, jobs, messages, incidents and history.

    Arguments: case, locked by the caller, or with revision 0 for one that starts now; head, the end of its history
    where the caller has read it. Raises CaseChanged when the revision is not the one read; PersonErased when a
    personal value belongs to an erased customer.
    """
    staff = staff_for(session, case, outcome, actor)
    incidents = (*outcome.incidents, *unattended(outcome, staff))
    state = _state_after(session, case, outcome, incidents, cause, now)
    if case.revision == 0:
        _insert_instance(session, case, outcome, state, now)
    else:
        _change_instance(session, case, outcome, state, now)
    record_path(session, case, outcome, now=now)
    record_variables(session, case, outcome.variables)
    record_user_tasks(session, case, outcome, staff, actor=actor, now=now)
    record_clocks(session, case, outcome.clocks, cause=cause, actor=actor, now=now)
    record_rescheduled(session, outcome.rescheduled)
    record_waiting(session, case, outcome, cause=cause, now=now)
    record_data_stores(session, case, outcome.data_stores, now=now)
    record_signals(session, case, outcome, actor=actor, now=now)
    message_ids = record_messages(session, case, outcome, actor=actor, now=now)
    step = Step(case, cause, outcome, definition.personal, message_ids, incidents)
    append_events(
        session,
        case_stream(case.id),
        events_of(step),
        actor=actor,
        now=now,
        instance_id=case.id,
        site_id=case.site_id,
        head=NEW_STREAM if case.revision == 0 else head,
    )
    closed = {change.id for change in outcome.closed}
    opened = tuple(opened.id for opened in outcome.opened if opened.id not in closed)
    return Recorded(replace(case, state=state, revision=case.revision + 1), opened)


def _insert_instance(session: Session, case: Case, outcome: Outcome, state: str, now: datetime) -> None:
    row = {
        "id": case.id,
        "site_id": case.site_id,
        "definition_id": case.definition_id,
        "process_key": case.process_key,
        "case_number": case.case_number,
        "business_key": case.business_key,
        "title": case.title,
        "state": state,
        "started_by": case.started_by,
        "started_at": now,
        "ended_at": now if outcome.is_ended else None,
        "end_event_id": outcome.end_event_id,
        "origin_id": case.origin_id,
        "customer_id": case.customer_id,
        "vehicle_id": case.vehicle_id,
        "visit_id": case.visit_id,
        "revision": 1,
    }
    insert_rows(session, ProcessInstance, [row])
    if outcome.state is not None:
        state_row = {"instance_id": case.id, "site_id": case.site_id, "codec": STATE_VERSION, "content": outcome.state}
        insert_rows(session, InstanceState, [state_row])


def _change_instance(session: Session, case: Case, outcome: Outcome, state: str, now: datetime) -> None:
    """Raise the revision; the engine's state goes once the case has ended: the history has everything."""
    values = {
        "instance_id": case.id,
        "read_revision": case.revision,
        "new_state": state,
        "end": now if outcome.is_ended else None,
        "end_event": outcome.end_event_id,
    }
    step = _STEP_ON if state == case.state and not outcome.is_ended else _STEP_TO
    if step.change(session, values) != 1:
        raise CaseChanged(N_("Somebody else has just changed this case. Look at it again."))
    if outcome.state is None:
        _FORGET_STATE.change(session, {"of_instance": case.id})
    else:
        _KEEP_STATE.change(session, {"of_instance": case.id, "new_content": outcome.state})


def _state_after(
    session: Session,
    case: Case,
    outcome: Outcome,
    incidents: Sequence[RaisedIncident],
    cause: Cause,
    now: datetime,
) -> str:
    """The case's state; incidents end with the activity they are about, or when a step of it goes well."""
    if case.state == "incident" and not outcome.is_ended:
        over = {change.id for change in outcome.activities if change.state in ("done", "cancelled")}
        over |= {cause.activity_id} if cause.activity_id else set()
        resolve_incidents(session, case.id, now=now, activity_ids=over)
    insert_incidents(session, case, incidents, now=now)
    if outcome.is_ended:
        if case.state == "incident" or incidents:
            resolve_incidents(session, case.id, now=now)
        return "cancelled" if cause.type == "process_cancelled" else "completed"
    has_incident = incidents or (case.state == "incident" and has_open_incidents(session, case.id))
    return "incident" if has_incident else "active"
