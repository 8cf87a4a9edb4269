"""The clocks of a case: rounds started, paused, moved, stopped and withdrawn by a step, and what is due by them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Table, bindparam, select, update
from sqlalchemy.orm import Session

from app.engine.outcome import ClockChange, RescheduledUserTask
from app.models import CaseClock, CaseClockPause, UserTask, UserTaskCandidate
from app.models.prepared import Prepared, table_of
from app.operations.actor import Actor
from app.operations.cases import Case
from app.operations.cause import Cause
from app.operations.record_user_tasks import NO_DUE_DATE
from app.operations.rows import insert_rows

_CLOCK, _PAUSE = table_of(CaseClock), table_of(CaseClockPause)
_USER_TASK, _CANDIDATE = table_of(UserTask), table_of(UserTaskCandidate)
_CHANGED = ("state", "warn_at", "due_at", "breached_at", "paused_since", "stopped_at", "used_minutes")
_ROUNDS = Prepared(
    select(_CLOCK.c.clock_id, _CLOCK.c.number, _CLOCK.c.execution_id, *(_CLOCK.c[name] for name in _CHANGED))
    .where(_CLOCK.c.instance_id == bindparam("of_instance"))
    .order_by(_CLOCK.c.number)
)


def _of_round(table: Table) -> tuple[ColumnElement[bool], ...]:
    return (
        table.c.instance_id == bindparam("of_instance"),
        table.c.clock_id == bindparam("of_clock"),
        table.c.number == bindparam("of_number"),
    )


_CHANGE = Prepared(
    update(_CLOCK).where(*_of_round(_CLOCK)).values({name: bindparam(f"new_{name}") for name in _CHANGED})
)
_END_PAUSE = Prepared(
    update(_PAUSE)
    .where(*_of_round(_PAUSE), _PAUSE.c.resumed_at.is_(None))
    .values(resumed_at=bindparam("moment"), resumed_by=bindparam("person"))
)
_MOVE = Prepared(
    update(_USER_TASK)
    .where(_USER_TASK.c.id == bindparam("user_task_id_"))
    .values(due_at=bindparam("new_due"), due_sort=bindparam("new_sort"))
)
_MOVE_CANDIDATES = Prepared(
    update(_CANDIDATE)
    .where(_CANDIDATE.c.user_task_id == bindparam("user_task_id_"))
    .values(due_sort=bindparam("new_sort"))
)


@dataclass(frozen=True, slots=True)
class Round:
    """A row of `case_clock`, as far as steps change it."""

    clock_id: str
    number: int
    execution_id: str
    state: str
    warn_at: datetime
    due_at: datetime
    breached_at: datetime | None = None
    paused_since: datetime | None = None
    stopped_at: datetime | None = None
    used_minutes: int | None = None


@dataclass(slots=True)
class _Step:
    """What the changes of one step have in common, and the rounds of the case as they become."""

    session: Session
    case: Case
    cause: Cause
    actor: Actor
    now: datetime
    rounds: dict[tuple[str, int], Round] = field(default_factory=dict)


def record_clocks(
    session: Session, case: Case, changes: Sequence[ClockChange], *, cause: Cause, actor: Actor, now: datetime
) -> None:
    """Write what happened to clocks; nothing is asked or written in a step in which nothing did."""
    if not changes:
        return
    step = _Step(session, case, cause, actor, now)
    if case.revision:  # a case that starts now has no rounds yet
        step.rounds = {(one.clock_id, one.number): one for one in rounds_of(session, case.id)}
    for change in changes:
        if change.kind == "started":
            _start(step, change)
        else:
            _change(step, _running(step, change), change)


def record_rescheduled(session: Session, changes: Sequence[RescheduledUserTask]) -> None:
    """Move user tasks with their clock; while it is paused they stand behind all that are due."""
    if changes:
        rows = [
            {"user_task_id_": change.id, "new_due": change.due_at, "new_sort": change.due_at or NO_DUE_DATE}
            for change in changes
        ]
        _MOVE.change_all(session, rows)
        _MOVE_CANDIDATES.change_all(session, rows)


def rounds_of(session: Session, instance_id: str) -> list[Round]:
    """All rounds of a case, those of each clock in their order."""
    return [Round(*row) for row in _ROUNDS.rows(session, {"of_instance": instance_id})]


def _start(step: _Step, change: ClockChange) -> None:
    if change.due_at is None or change.warn_at is None:
        raise ValueError("a clock starts with a due date")
    number = 1 + max((one.number for one in step.rounds.values() if one.clock_id == change.clock_id), default=0)
    begun = Round(change.clock_id, number, change.execution_id, "running", change.warn_at, change.due_at)
    step.rounds[begun.clock_id, number] = begun
    row = {
        "instance_id": step.case.id,
        "clock_id": change.clock_id,
        "number": number,
        "execution_id": change.execution_id,
        "site_id": step.case.site_id,
        "process_key": step.case.process_key,
        "state": "running",
        "started_at": step.now,
        "warn_at": change.warn_at,
        "due_at": change.due_at,
        "limit_minutes": change.limit_minutes,
        "escalate_groups": ",".join(change.escalate_groups),
        "pause_groups": ",".join(change.pause_groups),
    }
    insert_rows(step.session, CaseClock, [row])


def _running(step: _Step, change: ClockChange) -> Round:
    """The round a change is about: of each clock one at a time runs in a process."""
    place = (change.clock_id, change.execution_id)
    found = [one for one in step.rounds.values() if (one.clock_id, one.execution_id) == place]
    return max(found, key=lambda one: one.number)


def _change(step: _Step, before: Round, change: ClockChange) -> None:
    after = _after(before, change, step.now)
    step.rounds[after.clock_id, after.number] = after
    key = {"of_instance": step.case.id, "of_clock": after.clock_id, "of_number": after.number}
    _CHANGE.change(step.session, key | {f"new_{name}": getattr(after, name) for name in _CHANGED})
    if change.kind == "paused":
        row = {
            "instance_id": step.case.id,
            "clock_id": after.clock_id,
            "number": after.number,
            "paused_at": step.now,
            "paused_by": step.actor.user_id,
            "reason": step.cause.remark or "",
        }
        insert_rows(step.session, CaseClockPause, [row])
    elif before.paused_since is not None:
        _END_PAUSE.change(step.session, key | {"moment": step.now, "person": step.actor.user_id})


def _after(before: Round, change: ClockChange, now: datetime) -> Round:
    """What becomes of a round; late is late, whether or not anybody has looked since it fell due."""
    if change.kind == "paused":
        return replace(before, state="paused", paused_since=now)
    if change.kind == "moved":
        due_at, warn_at = change.due_at or before.due_at, change.warn_at or before.warn_at
        return replace(before, state="running", due_at=due_at, warn_at=warn_at, paused_since=None)
    late = before.due_at if before.paused_since is None and now > before.due_at else None
    breached_at = before.breached_at or late
    state = "breached" if breached_at else "met" if change.kind == "stopped" else "withdrawn"
    return replace(
        before,
        state=state,
        breached_at=breached_at,
        paused_since=None,
        stopped_at=now,
        used_minutes=change.used_minutes,
    )
