"""Cases and processes suspended and resumed: everything waits, nothing is lost."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.i18n import N_
from app.models import MessageSubscription, ProcessDefinition, ProcessInstance
from app.models.prepared import table_of
from app.operations.actor import Actor
from app.operations.authority import require_case_owner
from app.operations.cases import Case, lock_case
from app.operations.definitions import DefinitionNotFound
from app.operations.history import CONFIGURATION_STREAM, Event, append_events, case_stream
from app.operations.jobs import resume_jobs, suspend_jobs
from app.operations.reasons import stated_reason
from app.operations.record_waiting import wake_messages
from app.operations.steps import CaseEnded
from app.operations.timer_starts import schedule_timer_starts

_INSTANCE, _SUBSCRIPTION = table_of(ProcessInstance), table_of(MessageSubscription)


class NothingToChange(Conflict):
    """It is suspended, or running, already."""


def suspend_case(session: Session, instance_id: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Let nothing go on in a case until it is resumed; its user tasks stay visible.

    Only process owners and administrators of its site. Raises CaseNotFound, CaseEnded, NothingToChange, NotAllowed,
    InvalidInput.
    """
    case = _open_case(session, instance_id, actor)
    if case.is_suspended:
        raise NothingToChange(N_("This case is suspended already."))
    _change(session, case, "case_suspended", stated_reason(reason), actor=actor, now=now)
    suspend_jobs(session, case.id)


def resume_case(session: Session, instance_id: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Let a suspended case go on; timers, jobs and messages that fell due meanwhile are done at once.

    Raises as `suspend_case`.
    """
    case = _open_case(session, instance_id, actor)
    if not case.is_suspended:
        raise NothingToChange(N_("This case is not suspended."))
    _change(session, case, "case_resumed", stated_reason(reason), actor=actor, now=now)
    resume_jobs(session, case.id)
    _wake_awaited_messages(session, case.id, now)


def suspend_definition(session: Session, definition_id: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Refuse new cases of this version; running ones go on.

    Only process owners and administrators. Raises DefinitionNotFound, NothingToChange, NotAllowed, InvalidInput.
    """
    _change_definition(session, definition_id, reason, is_suspended=True, actor=actor, now=now)


def resume_definition(session: Session, definition_id: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Allow new cases of this version again. Raises as `suspend_definition`."""
    _change_definition(session, definition_id, reason, is_suspended=False, actor=actor, now=now)


def _wake_awaited_messages(session: Session, instance_id: str, now: datetime) -> None:
    columns = (_SUBSCRIPTION.c.site_id, _SUBSCRIPTION.c.name, _SUBSCRIPTION.c.correlation_key)
    for row in session.execute(select(*columns).where(
        _SUBSCRIPTION.c.instance_id == instance_id, _SUBSCRIPTION.c.kind == "message"
    )).all():
        wake_messages(session, row.site_id, row.name, row.correlation_key, now=now)


def _open_case(session: Session, instance_id: str, actor: Actor) -> Case:
    case = lock_case(session, instance_id)
    require_case_owner(session, actor, case.site_id)
    if not case.is_open:
        raise CaseEnded(N_("This case is over; nothing more can be done in it."))
    return case


def _change(session: Session, case: Case, event_type: str, reason: str, *, actor: Actor, now: datetime) -> None:
    change = update(_INSTANCE).where(_INSTANCE.c.id == case.id)
    session.execute(change.values(is_suspended=not case.is_suspended, revision=_INSTANCE.c.revision + 1))
    event = Event(event_type, {}, reason=reason)
    stream = case_stream(case.id)
    append_events(session, stream, [event], actor=actor, now=now, instance_id=case.id, site_id=case.site_id)


def _change_definition(
    session: Session, definition_id: str, reason: str, *, is_suspended: bool, actor: Actor, now: datetime
) -> None:
    require_case_owner(session, actor, None)
    text = stated_reason(reason)
    query = select(ProcessDefinition).where(ProcessDefinition.id == definition_id).with_for_update()
    definition = session.scalars(query).one_or_none()
    if definition is None:
        raise DefinitionNotFound(N_("There is no process “%(process)s”."), process=definition_id)
    if definition.is_suspended == is_suspended:
        raise NothingToChange(
            N_("This version is suspended already.") if is_suspended else N_("This version is not suspended.")
        )
    definition.is_suspended = is_suspended
    session.flush()
    body = {"definition_id": definition.id, "process_key": definition.key, "version": definition.version}
    schedule_timer_starts(session, process_keys={definition.key}, now=now)
    event = Event("definition_suspended" if is_suspended else "definition_resumed", body, reason=text)
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now)
