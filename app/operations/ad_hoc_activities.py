"""Ad-hoc subprocesses: the people of a process decide what is done next."""

from datetime import datetime

from sqlalchemy.orm import Session

from app import engine
from app.engine import EnabledActivity
from app.errors import NotAllowed
from app.i18n import N_
from app.operations.actor import Actor
from app.operations.authority import CASE_OWNERS, groups_at, refuse_auditor, require_starter
from app.operations.cases import Case, lock_case, read_case
from app.operations.cause import Cause
from app.operations.definitions import LoadedDefinition, load_definition
from app.operations.record import Recorded
from app.operations.step_context import step_context
from app.operations.steps import CaseEnded, read_state, take_step


def begin_activity(
    session: Session, instance_id: str, activity_id: str, element_id: str, *, actor: Actor, now: datetime
) -> Recorded:
    """Begin an activity of an open ad-hoc subprocess once more.

    Arguments: activity_id, of the subprocess; element_id, of the activity in it. Whoever may start the process at the
    case's site may, and its process owners. Raises CaseNotFound, NotAllowed, CaseEnded, CaseSuspended,
    engine.ActivityNotWaiting, engine.ActivityNotEnabled, StepNotDone.
    """
    case = lock_case(session, instance_id)
    _require_worker(session, actor, case)
    if not case.is_open:
        raise CaseEnded(N_("This case is over; nothing more can be done in it."))
    return take_step(
        session,
        case,
        lambda process, state, context: engine.start_ad_hoc(process, state, activity_id, element_id, context),
        cause=Cause("ad_hoc_activity_begun", element_id=element_id, activity_id=activity_id),
        actor=actor,
        now=now,
    )


def activities_to_begin(session: Session, case: Case, now: datetime) -> tuple[EnabledActivity, ...]:
    """What can be begun in the open ad-hoc subprocesses of an open case."""
    state, _head = read_state(session, case)
    definition = load_definition(session, case.definition_id)
    with step_context(session, definition, site_id=case.site_id, zone=case.zone, now=now) as context:
        return engine.enabled_activities(definition.process, state, context)


def activities_offered(
    session: Session, instance_id: str, *, actor: Actor, now: datetime
) -> tuple[EnabledActivity, ...]:
    """What this person can begin in a case; empty where it is over or suspended, or the person may not."""
    case = read_case(session, instance_id)
    if not case.is_open or case.is_suspended or not _has_ad_hoc(load_definition(session, case.definition_id)):
        return ()
    try:
        _require_worker(session, actor, case)
    except NotAllowed:
        return ()
    return activities_to_begin(session, case, now)


def _has_ad_hoc(definition: LoadedDefinition) -> bool:
    """Asked first: the state of most cases need not be read for this."""
    processes = (definition.process, *definition.bundle.values())
    return any(element.type == "adHocSubProcess" for process in processes for element in process.elements.values())


def _require_worker(session: Session, actor: Actor, case: Case) -> None:
    groups = groups_at(session, actor.user_id, case.site_id)
    refuse_auditor(groups)
    if not groups & CASE_OWNERS:
        require_starter(session, actor, case.process_key, case.site_id)
