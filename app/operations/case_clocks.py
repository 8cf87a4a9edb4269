"""Clocks of a case paused with a reason, and resumed: what is due by them waits, and is due later afterwards."""

from collections.abc import Set
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app import engine
from app.errors import Conflict, NotAllowed, NotFound
from app.i18n import N_
from app.models import CaseClock
from app.models.prepared import Prepared, table_of
from app.models.visibility import AUDITORS
from app.operations.actor import Actor
from app.operations.authority import CASE_OWNERS, groups_at, refuse_auditor
from app.operations.cases import Case, lock_case
from app.operations.cause import Cause
from app.operations.reasons import stated_reason
from app.operations.record import Recorded
from app.operations.steps import take_step

_CLOCK = table_of(CaseClock)
_ROUND = Prepared(
    select(_CLOCK.c.execution_id, _CLOCK.c.state, _CLOCK.c.due_at, _CLOCK.c.pause_groups).where(
        _CLOCK.c.instance_id == bindparam("instance_id"),
        _CLOCK.c.clock_id == bindparam("clock_id"),
        _CLOCK.c.number == bindparam("number"),
    )
)

LARGEST_NUMBER = 2**31 - 1


class ClockNotPausable(Conflict):
    """The clock does not run: it was stopped, paused or breached before."""


def may_pause(groups: Set[str], pause_groups: str) -> bool:
    """Whether who is in these groups at the site of the case may pause or resume a clock with these pausers."""
    return AUDITORS not in groups and not groups.isdisjoint(CASE_OWNERS | set(pause_groups.split(",")))


def pause_case_clock(
    session: Session, instance_id: str, clock_id: str, number: int, reason: str, *, actor: Actor, now: datetime
) -> Recorded:
    """Let a running clock of a case stand still: nothing of it warns, is due or breached until it is resumed.

    Those whom the diagram names (pausers), process owners and administrators of the site may. Raises CaseNotFound,
    NotFound, NotAllowed, InvalidInput, ClockNotPausable, CaseEnded, CaseSuspended.
    """
    case = lock_case(session, instance_id)
    execution_id, state, due_at = _round(session, case, clock_id, number, actor)
    text = stated_reason(reason)
    if state != "running" or now > due_at:
        raise ClockNotPausable(N_("Only a clock that runs and is not breached can be paused. Look at it again."))
    cause = Cause("clock_paused", facts={"clock": clock_id, "execution": execution_id}, remark=text)
    return take_step(
        session,
        case,
        lambda process, content, context: engine.pause_clock(process, content, execution_id, clock_id, context),
        cause=cause,
        actor=actor,
        now=now,
    )


def resume_case_clock(
    session: Session, instance_id: str, clock_id: str, number: int, *, actor: Actor, now: datetime
) -> Recorded:
    """Let a paused clock go on: it, its user tasks and its timers are due later by the working time of the pause.

    Raises as `pause_case_clock`.
    """
    case = lock_case(session, instance_id)
    execution_id, state, _due_at = _round(session, case, clock_id, number, actor)
    if state != "paused":
        raise ClockNotPausable(N_("This clock is not paused. Look at it again."))
    cause = Cause("clock_resumed", facts={"clock": clock_id, "execution": execution_id})
    return take_step(
        session,
        case,
        lambda process, content, context: engine.resume_clock(process, content, execution_id, clock_id, context),
        cause=cause,
        actor=actor,
        now=now,
    )


def _round(session: Session, case: Case, clock_id: str, number: int, actor: Actor) -> tuple[str, str, datetime]:
    """Where it runs, its state and due date, for who may pause it."""
    groups = groups_at(session, actor.user_id, case.site_id)
    refuse_auditor(groups)
    place = {"instance_id": case.id, "clock_id": clock_id, "number": number}
    found = _ROUND.first(session, place) if number <= LARGEST_NUMBER else None  # no database compares with larger ones
    if found is None:
        raise NotFound(N_("This case has no such clock."))
    execution_id, state, due_at, pause_groups = found
    if not may_pause(groups, pause_groups):
        raise NotAllowed(N_("You may not pause this clock: ask a manager or a process owner."))
    return execution_id, state, due_at
