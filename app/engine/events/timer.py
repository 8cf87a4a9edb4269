"""Timers: a date, a duration or a cycle, computed when the token arrives; time is elapsed time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from app.engine.context import StepContext
from app.engine.errors import StepFailed
from app.engine.events.cron import Cron, parse_cron
from app.engine.expressions import TextOrFeel, names_in
from app.engine.moments import Refusal, day_starts, iso_duration, later, moment
from app.engine.outcome import TimerChange
from app.engine.running_clock import is_held
from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask
from app.feel.values.durations import DaysDuration, Duration
from app.i18n import N_

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode

_SECOND = 1_000_000_000  # nanoseconds
TimerKind = Literal["timeDate", "timeDuration", "timeCycle"]

NO_TIME = N_("“%(value)s” is no time the timer “%(element)s” can wait for.")
_CYCLE = re.compile(r"R(?P<times>\d{0,9})/(?:(?P<start>[^/P][^/]*)/)?(?P<interval>P[^/]*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cycle:
    """An ISO 8601 repeating interval. times: None without end."""

    times: int | None
    start: str | None
    interval: Duration

    @property
    def can_repeat(self) -> bool:
        """Whether it happens at all, and with pauses that leave room for other work."""
        interval = self.interval
        is_too_short = interval.nanos < _SECOND if isinstance(interval, DaysDuration) else interval.months == 0
        return self.times != 0 and not is_too_short


def parse_cycle(text: str) -> Cycle | None:
    """Read `R3/PT10M`, `R/P1D` or `R5/2026-03-01T08:00:00/P7D`."""
    match = _CYCLE.fullmatch(text.strip())
    interval = iso_duration(match["interval"]) if match else None
    if match is None or interval is None or str(interval).startswith("-"):
        return None
    return Cycle(int(match["times"]) if match["times"] else None, match["start"], interval)


Interval = Duration | Cron


def time_after(due: datetime, interval: Interval, zone: ZoneInfo) -> datetime:
    """The next time of a cycle; raises OverflowError or ValueError beyond the last year there is."""
    return interval.after(due, zone) if isinstance(interval, Cron) else later(due, interval, zone)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a timer is due first, and for a cycle how long after it each further time and how many; None without end."""

    due: datetime
    interval: Interval | None = None
    remaining: int | None = None


def _first_of(cycle: Cycle, context: StepContext, refusal: Refusal) -> Schedule:
    """A cycle that began in the past goes on with its first time from now on, or else with its last."""
    left = None if cycle.times is None else cycle.times - 1
    if not cycle.start:
        return Schedule(later(context.now, cycle.interval, context.zone), cycle.interval, left)
    due = moment(cycle.start, context, day_starts, refusal)
    if isinstance(cycle.interval, DaysDuration) and due < context.now:
        pause = timedelta(microseconds=cycle.interval.nanos // 1000)
        missed = -((due - context.now) // pause)
        missed = missed if left is None else min(missed, left)
        return Schedule(due + missed * pause, cycle.interval, None if left is None else left - missed)
    while due < context.now and left != 0:  # by months: since the beginning of time a few thousand
        due = later(due, cycle.interval, context.zone)
        left = None if left is None else left - 1
    return Schedule(due, cycle.interval, left)


@dataclass(frozen=True, slots=True)
class TimerEvent:
    """A timer event definition (BPMN 2.0.2, 10.5.5)."""

    kind: TimerKind
    text: TextOrFeel

    def arm(self, node: FlowNode, scope: Scope, spiff_task: SpiffTask) -> None:
        internal = spiff_task.internal_data
        if "due" not in internal:  # set already when a cycle goes on
            self._compute(node, scope, internal)
        if is_held(scope.process_scope.clocks, names_in(self.text)):
            return  # armed when the clock goes on
        due = datetime.fromisoformat(internal["due"])
        change = TimerChange(spiff_task.id, node.element_id, due, **node.retry.for_job())
        scope.runtime.journal.timers.append(change)

    def disarm(self, node: FlowNode, scope: Scope, spiff_task: SpiffTask) -> None:
        scope.runtime.journal.timers.append(TimerChange(spiff_task.id, node.element_id, None))

    def depends_on(self, variable: str) -> bool:
        """Whether its time is made of this variable."""
        return variable in names_in(self.text)

    def arm_anew(self, node: FlowNode, scope: Scope, spiff_task: SpiffTask) -> None:
        """What its time is made of has changed."""
        internal = spiff_task.internal_data
        for name in ("due", "interval", "remaining"):
            internal.pop(name, None)
        self.disarm(node, scope, spiff_task)
        self.arm(node, scope, spiff_task)

    def again(self, spiff_task: SpiffTask) -> dict[str, object] | None:
        """The next time of a cycle: counted from when this one was due, not from when it was noticed."""
        internal = spiff_task.internal_data
        interval, remaining = internal.get("interval"), internal.get("remaining")
        if interval is None or remaining == 0:
            return None
        repeated = iso_duration(interval) or parse_cron(interval)
        if repeated is None:
            return None
        zone = spiff_task.workflow.runtime.context.zone
        try:
            due = time_after(datetime.fromisoformat(internal["due"]), repeated, zone)
        except (OverflowError, ValueError):  # beyond the last year there is
            return None
        left = None if remaining is None else remaining - 1
        return {"due": due.isoformat(), "interval": interval, "remaining": left}

    def due_from_now(self, node: FlowNode, scope: Scope) -> datetime:
        """When it would be due if it began to wait now; a cycle for the first time."""
        return self._schedule_of(node, scope).due

    def _schedule_of(self, node: FlowNode, scope: Scope) -> Schedule:
        def refusal(bad: object) -> StepFailed:
            return node.failure("timer", NO_TIME, value=str(bad))

        return self.schedule(scope.visible, scope.runtime.context, refusal)

    def _compute(self, node: FlowNode, scope: Scope, internal: dict[str, Any]) -> None:
        schedule = self._schedule_of(node, scope)
        internal["due"] = schedule.due.isoformat()
        if schedule.interval is not None:
            internal["interval"] = str(schedule.interval)
            internal["remaining"] = schedule.remaining

    def schedule(self, visible: Mapping[str, object], context: StepContext, refusal: Refusal) -> Schedule:
        """When it is due for the first time; raises what `refusal` makes of a value that is no time."""
        value = self.text.evaluate(visible, context)
        if self.kind != "timeCycle":
            return Schedule(moment(value, context, day_starts, refusal))
        cycle = parse_cycle(value) or parse_cron(value) if isinstance(value, str) else None
        if cycle is None or (isinstance(cycle, Cycle) and not cycle.can_repeat):
            raise refusal(value)
        try:
            if isinstance(cycle, Cron):
                return Schedule(cycle.after(context.now, context.zone), cycle)
            return _first_of(cycle, context, refusal)
        except (OverflowError, ValueError) as error:
            raise refusal(value) from error
