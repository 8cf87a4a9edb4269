"""How a case begins: at which node, and when a timer starts one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.engine.context import StepContext
from app.engine.elements.flow_node import FlowNode
from app.engine.errors import StepFailed
from app.engine.events.timer import NO_TIME, Schedule, time_after
from app.engine.outcome import RaisedIncident
from app.engine.parsed_process import ParsedProcess, StartTrigger

Beginning = tuple[FlowNode, int | None]  # a node, and which of its event definitions has happened, if one has


def beginnings(
    process: ParsedProcess, message_name: str | None, start_event_id: str | None, trigger: StartTrigger | None
) -> list[Beginning]:
    """Where a case begins: where nothing is said at the none start event, or where no flow leads to.

    Empty where the process has nothing that fits.
    """
    if message_name is None and start_event_id is None and trigger is None:
        return [(node, None) for node in process.root.start_nodes]
    parts: Counter[str] = Counter()
    for known in process.start_triggers:
        part = parts[known.element_id]
        parts[known.element_id] += 1
        if (
            trigger in {None, known}
            and start_event_id in {None, known.element_id}
            and (message_name is None or (known.kind, known.name) == ("message", message_name))
        ):
            return [(process.root.node(known.element_id), part)]
    return []


@dataclass(frozen=True, slots=True)
class DueStart:
    """When a timer starts a case. remaining: how often it does so after that, None without end."""

    at: datetime
    remaining: int | None


def first_due(trigger: StartTrigger, context: StepContext) -> DueStart | None:
    """When a timer start event starts its first case; what lies before now is left out.

    None for other triggers, and for a cycle whose times are all over. Raises `StepFailed` where the expression gives
    no time; it sees no variables, there is no case yet.
    """
    schedule = _schedule(trigger, context)
    if schedule is None:
        return None
    due: DueStart | None = DueStart(schedule.due, schedule.remaining)
    while due is not None and due.at < context.now and schedule.interval is not None:
        due = _after(due, schedule, context)
    return due


def next_due(trigger: StartTrigger, due: DueStart, context: StepContext) -> DueStart | None:
    """The time after that one, counted from when that one was due; None where the timer is over."""
    schedule = _schedule(trigger, context)
    return None if schedule is None else _after(due, schedule, context)


def _schedule(trigger: StartTrigger, context: StepContext) -> Schedule | None:
    if trigger.timer is None:
        return None

    def refusal(bad: object) -> StepFailed:
        params: dict[str, object] = {"value": str(bad), "element": trigger.element_id}
        return StepFailed(RaisedIncident(None, trigger.element_id, "timer", NO_TIME, params))

    return trigger.timer.schedule({}, context, refusal)


def _after(due: DueStart, schedule: Schedule, context: StepContext) -> DueStart | None:
    if schedule.interval is None or due.remaining == 0:
        return None
    try:
        at = time_after(due.at, schedule.interval, context.zone)
    except (OverflowError, ValueError):  # beyond the last year there is
        return None
    return DueStart(at, None if due.remaining is None else due.remaining - 1)


def start_condition_holds(trigger: StartTrigger, variables: Mapping[str, object], context: StepContext) -> bool:
    """Whether the condition of a conditional start event is true with these FEEL values."""
    return trigger.condition is not None and trigger.condition.holds(variables, context)
