"""Clocks (aftercare:clock): how much working time may pass between two places of a process.

A clock runs in the scope of the process that declares it. While it runs, its due date is the variable
`<id>_due_at` there: what names that variable depends on the clock, has no due date while the clock is paused, and is
evaluated again when it goes on.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Literal

from app.engine.elements.awaiting import Awaiting
from app.engine.elements.user_task import UserTask
from app.engine.errors import StepFailed
from app.engine.events.timer import TimerEvent
from app.engine.expressions import TextOrFeel
from app.engine.outcome import ClockChange, ClockChangeKind, RaisedIncident, RescheduledUserTask
from app.engine.running_clock import RunningClock, due_variable
from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask
from app.feel import WorkingCalendar, from_python
from app.i18n import N_

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode

_MINUTES = 60
_UNSAID_WARNING = Decimal("0.25")  # of the limit before its end

Mark = Literal["start", "stop", "withdraw"]


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock as the diagram declares it; limit and warn are numbers of working days."""

    id: str
    name: str
    limit: TextOrFeel
    warn: TextOrFeel | None
    escalate_groups: tuple[str, ...]
    pause_groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClockMark:
    """What happens to a clock at a node."""

    clock: Clock
    mark: Mark


def reached(node: FlowNode, scope: Scope) -> None:
    """A token begins at this activity: the clocks start that it starts."""
    for one in node.clock_marks:
        if one.mark == "start":
            _start(one.clock, node, scope.process_scope)


def passed(node: FlowNode, scope: Scope) -> None:
    """A token is through with this node: its clocks stop; one that is no activity starts its clocks only now."""
    home = scope.process_scope
    for one in node.clock_marks:
        if one.mark == "start":
            if not node.is_activity:
                _start(one.clock, node, home)
        elif one.clock.id in home.clocks:
            end_clock(home, one.clock.id, "stopped" if one.mark == "stop" else "withdrawn", node.element_id)


def _start(clock: Clock, node: FlowNode, home: Scope) -> None:
    if clock.id in home.clocks:
        return  # what waits has waited since then
    calendar, now = _calendar(home), home.runtime.context.now
    try:
        limit = _days(clock, node, home, clock.limit)
        warning = limit * _UNSAID_WARNING if clock.warn is None else _days(clock, node, home, clock.warn)
        due = calendar.add_working_days(now, limit)
        warn = max(calendar.add_working_days(due, -warning), now)
        minutes = round(calendar.working_hours_between(now, due) * _MINUTES)
    except OverflowError as error:
        raise node.failure("clock", _NO_LIMIT, clock=clock.id) from error
    home.touch()
    home.clocks[clock.id] = RunningClock(
        started=now.isoformat(), warn=warn.isoformat(), due=due.isoformat(), paused=None, hours_paused="0"
    )
    home.set_local(due_variable(clock.id), from_python(due))
    change = ClockChange(
        clock.id, home.id, "started", node.element_id, due, warn,
        limit_minutes=minutes, escalate_groups=clock.escalate_groups, pause_groups=clock.pause_groups,
    )  # fmt: skip
    home.runtime.journal.clocks.append(change)


def end_clock(home: Scope, clock_id: str, kind: ClockChangeKind, element_id: str) -> None:
    """It is over, by what it waited for or because nobody waits any more; a pause ends with it."""
    if home.clocks[clock_id]["paused"] is not None:
        go_on(home, clock_id)
    clock = home.clocks.pop(clock_id)
    home.touch()
    now = home.runtime.context.now
    used: int | None = None
    if kind == "stopped":
        hours = _calendar(home).working_hours_between(datetime.fromisoformat(clock["started"]), now)
        used = round((hours - Decimal(clock["hours_paused"])) * _MINUTES)
    home.runtime.journal.clocks.append(ClockChange(clock_id, home.id, kind, element_id, used_minutes=used))


def pause(home: Scope, clock_id: str) -> None:
    """Let it stand still: what depends on it is due at no time."""
    home.touch()
    home.clocks[clock_id]["paused"] = home.runtime.context.now.isoformat()
    home.runtime.journal.clocks.append(ClockChange(clock_id, home.id, "paused"))
    _reschedule(home, clock_id)


def go_on(home: Scope, clock_id: str) -> None:
    """Let a paused one run again: it, and what depends on it, is due later by the working time of the pause."""
    clock, calendar, now = home.clocks[clock_id], _calendar(home), home.runtime.context.now
    hours = calendar.working_hours_between(datetime.fromisoformat(clock["paused"] or ""), now)
    due = calendar.add_working_hours(datetime.fromisoformat(clock["due"]), hours)
    warn = calendar.add_working_hours(datetime.fromisoformat(clock["warn"]), hours)
    total = Decimal(clock["hours_paused"]) + hours
    home.touch()
    home.clocks[clock_id] = {
        **clock, "due": due.isoformat(), "warn": warn.isoformat(), "paused": None, "hours_paused": str(total),
    }  # fmt: skip
    home.set_local(due_variable(clock_id), from_python(due))
    home.runtime.journal.clocks.append(ClockChange(clock_id, home.id, "moved", None, due, warn))
    _reschedule(home, clock_id)


def withdraw_unknown(scope: Scope, declared: Collection[str]) -> None:
    """Withdraw what the process, in its new version, does not declare any more; what is due by it stays due."""
    for clock_id in tuple(scope.clocks):
        if clock_id not in declared:
            end_clock(scope, clock_id, "withdrawn", scope.element_id)


def is_waiting_for_a_clock(spiff_task: SpiffTask) -> bool:
    """Whether a user task or timer is due at no time because a clock is paused."""
    timed = _timed(spiff_task)
    clocks = spiff_task.workflow.process_scope.clocks
    return timed is not None and any(
        clock["paused"] is not None and timed.depends_on(due_variable(clock_id)) for clock_id, clock in clocks.items()
    )


def due_anew(spiff_task: SpiffTask) -> None:
    """Let a user task or timer be due when its expression says now."""
    node, timed = spiff_task.task_spec, _timed(spiff_task)
    if isinstance(timed, UserTask):
        change = RescheduledUserTask(spiff_task.id, node.element_id, timed.due_at(spiff_task))
        spiff_task.workflow.runtime.journal.rescheduled.append(change)
    elif timed is not None:
        timed.arm_anew(node, spiff_task.workflow, spiff_task)


def _timed(spiff_task: SpiffTask) -> UserTask | TimerEvent | None:
    """What says when something is due that waits here."""
    node = spiff_task.task_spec
    if isinstance(node, UserTask):
        return node if spiff_task.is_ready else None
    event = node.awaited_by(spiff_task) if isinstance(node, Awaiting) and spiff_task.is_waiting else None
    return event if isinstance(event, TimerEvent) else None


def _reschedule(home: Scope, clock_id: str) -> None:
    """Due dates and timers that name the clock: given up while it is paused, evaluated again when it is not."""
    name = due_variable(clock_id)
    for spiff_task in tuple(home.runtime.tokens.values()):
        timed = _timed(spiff_task) if spiff_task.workflow.process_scope is home else None
        if timed is not None and timed.depends_on(name):
            due_anew(spiff_task)


def _calendar(home: Scope) -> WorkingCalendar:
    calendar = home.runtime.context.calendar
    if calendar is None:
        msgid = N_("There is no working calendar for the clocks of this process.")
        raise StepFailed(RaisedIncident(None, home.element_id, "clock", msgid))
    return calendar


_NO_LIMIT = N_("The clock “%(clock)s”, started at “%(element)s”, says no number of working days.")


def _days(clock: Clock, node: FlowNode, home: Scope, text: TextOrFeel) -> Decimal:
    days = number_of_days(text.evaluate(home.visible, home.runtime.context))
    if days is None:
        raise node.failure("clock", _NO_LIMIT, clock=clock.id)
    return days


def number_of_days(value: object) -> Decimal | None:
    """A number greater than zero, written or computed; None for anything else."""
    try:
        days = Decimal(value) if isinstance(value, (str, Decimal)) else None
    except InvalidOperation:
        return None
    return days if days is not None and days.is_finite() and days > 0 else None
