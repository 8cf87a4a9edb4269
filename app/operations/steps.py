"""The common part of every step of a running case: read the state, let the engine do it, record what it did."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app import engine
from app.engine import Outcome, ParsedProcess, StepContext, StepFailed
from app.errors import Conflict
from app.i18n import N_
from app.models import HistoryEvent, InstanceState
from app.models.prepared import Prepared, table_of
from app.operations.actor import Actor
from app.operations.cases import Case
from app.operations.cause import Cause
from app.operations.definitions import load_definition
from app.operations.failures import StepNotDone
from app.operations.history import StreamHead, case_stream
from app.operations.long_steps import Question, answered
from app.operations.record import Recorded, record
from app.operations.step_context import step_context, with_surroundings

_STATE, _EVENT = table_of(InstanceState), table_of(HistoryEvent)
_LAST = _EVENT.alias()
_LENGTH = select(func.max(_LAST.c.stream_sequence)).where(_LAST.c.stream == bindparam("stream")).scalar_subquery()
_STATE_AND_HEAD = Prepared(
    select(_STATE.c.content, _EVENT.c.stream_sequence, _EVENT.c.hash)
    .select_from(_STATE)
    .join(_EVENT, (_EVENT.c.stream == bindparam("stream")) & (_EVENT.c.stream_sequence == _LENGTH))
    .where(_STATE.c.instance_id == bindparam("instance_id"))
)

# What an owner may do with a case that is suspended: put it right, or end it.
WHILE_SUSPENDED = frozenset({"case_modified", "variables_set", "process_cancelled"})

EngineCall = Callable[[ParsedProcess, bytes, StepContext], Outcome]


class CaseEnded(Conflict):
    """The case is over; nothing more can happen in it."""


class TimerWithoutTime(Conflict):
    """With the values of the case as it is a timer's expression gives no time."""


class CaseSuspended(Conflict):
    """The case's owner has suspended it: nothing goes on in it until it is resumed."""

    def __init__(self) -> None:
        super().__init__(
            N_("This case is suspended at present; nothing in it can be completed until a process owner resumes it.")
        )


def read_state(session: Session, case: Case) -> tuple[bytes, StreamHead]:
    """The engine's state of a locked case and the end of its history; raises CaseEnded."""
    found = _STATE_AND_HEAD.first(session, {"instance_id": case.id, "stream": case_stream(case.id)})
    if found is None:
        raise CaseEnded(N_("This case is over; nothing more can be done in it."))
    content, *head = found
    return content, StreamHead(*head)


def take_step(session: Session, case: Case, call: EngineCall, *, cause: Cause, actor: Actor, now: datetime) -> Recorded:
    """Run one call of the engine on a locked case and record its Outcome.

    Raises CaseEnded, CaseSuspended; StepNotDone when the engine could not do it: roll back, then
    `failures.record_failed_step`; StepTakesLong for an edge that works `with_foresight`.
    """
    content, head = read_state(session, case)
    if case.is_suspended and cause.type not in WHILE_SUSPENDED:
        raise CaseSuspended
    definition = load_definition(session, case.definition_id)
    question = Question(
        (definition.id, case.zone_name, content, *_told(cause), now),
        lambda reader, limits: step_context(
            reader, definition, site_id=case.site_id, zone=case.zone, now=now, limits=limits
        ),
        lambda context: call(definition.process, content, context),
    )
    try:
        outcome, context = answered(session, question)
    except StepFailed as failed:
        raise StepNotDone(
            failed.incident, site_id=case.site_id, instance_id=case.id, activity_id=cause.activity_id
        ) from failed
    cause = with_surroundings(cause, outcome, context)
    return record(session, case, definition, outcome, cause=cause, head=head, actor=actor, now=now)


def _told(cause: Cause) -> tuple[object, ...]:
    """What the engine is told of a cause. The id of a message is made anew in each attempt, and is not."""
    facts = {name: fact for name, fact in cause.facts.items() if name != "message_id"}
    return cause.type, cause.element_id, cause.activity_id, cause.inputs, facts


def timer_due(session: Session, case: Case, activity_id: str, start: datetime) -> datetime:
    """When a timer of a locked case is due, had it begun to wait at `start`. Raises CaseEnded, TimerWithoutTime."""
    content, _head = read_state(session, case)
    definition = load_definition(session, case.definition_id)
    try:
        with step_context(session, definition, site_id=case.site_id, zone=case.zone, now=start) as context:
            return engine.timer_due(definition.process, content, activity_id, context)
    except StepFailed as failed:
        raise TimerWithoutTime(failed.incident.msgid, **failed.incident.params) from failed
