"""Cases that are over, started anew: another case with the same values, which may stand somewhere else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import engine
from app.engine import CancelActivity, Instruction
from app.errors import Conflict
from app.i18n import N_
from app.models import Variable
from app.models.visibility import can_see_instance
from app.operations.actor import Actor
from app.operations.authority import require_case_owner
from app.operations.case_changes import element_instructions, modify_case
from app.operations.cases import Case, CaseNotFound, lock_case
from app.operations.definitions import load_definition
from app.operations.encoding import value_of
from app.operations.history import Event, append_events, case_stream
from app.operations.history_reading import read_events
from app.operations.process_instances import start_process
from app.operations.reasons import stated_reason
from app.operations.replay_steps import inputs_of
from app.operations.step_context import step_context
from app.operations.steps import read_state


class CaseStillOpen(Conflict):
    """Only a case that is over can be started anew."""


class ValuesErased(Conflict):
    """What the case was started with belonged to a person and was erased."""


@dataclass(frozen=True, slots=True)
class Restart:
    """How a case is started anew.

    definition_id: the version of the new case. places: pairs of start_before or start_after and an element's id; where
    they are start events of the process, it simply starts. is_initial: with the values of its beginning, not of its
    end.
    """

    definition_id: str
    places: Sequence[Sequence[str]]
    is_initial: bool = False
    is_without_business_key: bool = False


def restart_case(
    session: Session, instance_id: str, wanted: Restart, reason: str, *, actor: Actor, now: datetime
) -> str:
    """Start a case that is over anew, and return the id of the new one; the old one's history names it.

    Only who owns cases of its site, sees this one, whose values the new one gets, and may start the process there.
    Raises CaseNotFound, CaseStillOpen, ValuesErased, NotAllowed, InvalidInput, ProcessNotStartable, StepNotDone,
    engine.ChangeRefused.
    """
    text = stated_reason(reason)
    old = lock_case(session, instance_id)
    require_case_owner(session, actor, old.site_id)
    if actor.kind == "person" and not can_see_instance(session, actor.user_id, instance_id):
        raise CaseNotFound
    if old.is_open:
        raise CaseStillOpen(N_("This case is still open: only one that is over can be started anew."))
    started = start_process(
        session,
        load_definition(session, wanted.definition_id).key,
        _initial_values(session, old) if wanted.is_initial else _last_values(session, old),
        site_id=old.site_id,
        business_key=None if wanted.is_without_business_key else old.business_key,
        definition_id=wanted.definition_id,
        title=old.title,
        customer_id=old.customer_id,
        vehicle_id=old.vehicle_id,
        visit_id=old.visit_id,
        actor=actor,
        now=now,
    )
    instructions = _instructions(session, started, wanted, now)
    if instructions:
        modify_case(session, started.id, instructions, text, revision=None, actor=actor, now=now)
    event = Event("case_restarted", {"case": started.id, "case_number": started.case_number}, reason=text)
    stream = case_stream(old.id)
    append_events(session, stream, [event], actor=actor, now=now, instance_id=old.id, site_id=old.site_id)
    return started.id


def _instructions(session: Session, started: Case, wanted: Restart, now: datetime) -> list[Instruction]:
    definition = load_definition(session, wanted.definition_id)
    process = definition.process
    begun = {node.element_id for node in process.root.start_nodes}
    if all(kind == "start_before" and element_id in begun for kind, element_id in wanted.places):
        return []
    content, _head = read_state(session, started)
    with step_context(session, definition, site_id=started.site_id, zone=started.zone, now=now) as context:
        opened = engine.open_activities(process, content, context)
    # Events go with their activity or gateway; those that begin event subprocesses wait in the new case as well.
    made: list[Instruction] = [CancelActivity(activity.id) for activity in opened if activity.refusal is None]
    return made + element_instructions(session, started.id, wanted.places)


def _last_values(session: Session, old: Case) -> dict[str, object]:
    columns = select(Variable.name, Variable.value).where(Variable.execution_id == old.id)
    return {name: value_of(value) for name, value in session.execute(columns)}


def _initial_values(session: Session, old: Case) -> dict[str, object]:
    (start,) = read_events(session, case_stream(old.id), limit=1)
    if start.is_erased:
        raise ValuesErased(N_("What this case was started with has been erased with the person's data."))
    return inputs_of(start)
