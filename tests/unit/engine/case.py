"""A case driven by a test: remembers what is open, as the database would."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app import engine
from app.engine import state_codec
from app.engine.live_cases import LIVE_CASES
from app.engine.outcome import ClockChange, OpenedUserTask, Outcome, RequestedJob, SubscriptionChange

RESOURCES = Path(__file__).parents[2] / "resources"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 9:00 in Shanghai
ZONE = ZoneInfo("Asia/Shanghai")

HEADER = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:aftercare="https://aftercare.invalid/schema/1"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="Definitions">\n'
)


def context(**changes: object) -> engine.StepContext:
    return engine.StepContext(**{"now": NOW, "zone": ZONE, **changes})  # type: ignore[arg-type]


def document(*parts: str) -> bytes:
    """A diagram around the given elements of bpmn:definitions."""
    return (HEADER + "\n".join(parts) + "\n</bpmn:definitions>").encode()


def process_of(*elements: str, key: str = "p", attributes: str = "") -> bytes:
    """A diagram with one process around the given elements."""
    return document(f'<bpmn:process id="{key}" isExecutable="true" {attributes}>', *elements, "</bpmn:process>")


def flows(*pairs: str) -> str:
    """Sequence flows written as "a b": id a_b, from a to b."""
    ends = (pair.split() for pair in pairs)
    return "\n".join(f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in ends)


def undone(host: str) -> str:
    """What undoes an activity: `on_HOST` at its boundary leads to the user task `undo_HOST`."""
    return (
        f'<bpmn:boundaryEvent id="on_{host}" attachedToRef="{host}"><bpmn:compensateEventDefinition/>'
        f'</bpmn:boundaryEvent><bpmn:association id="to_{host}" sourceRef="on_{host}" targetRef="undo_{host}"/>'
        f'<bpmn:userTask id="undo_{host}" isForCompensation="true"/>'
    )


def read(source: str | bytes) -> engine.ParsedProcess:
    """The first process of a file of tests/resources, or of a document."""
    xml = (RESOURCES / source).read_bytes() if isinstance(source, str) else source
    return engine.parse(xml, source if isinstance(source, str) else "document")[0]


def saved_variables(case: Case) -> dict[str, Any]:
    """The variables of the process as they lie in the saved state."""
    assert case.state is not None
    runtime = state_codec.load(case.process, case.state, context())
    return dict(next(iter(runtime.scopes.values())).variables)


def _told(outcome: Outcome) -> str:
    return repr(replace(outcome, state=None))


Action = Callable[[bytes], Outcome]
MOST_PLAYED_AGAIN = 200


@dataclass(frozen=True)
class Played:
    """A step of a case with all that it depended on, to be done again."""

    action: Action
    context: engine.StepContext
    process: engine.ParsedProcess
    outcome: str  # as it was then: tests change what they are given
    state: bytes | None


class Case:
    """One running case. `is_saved`: decode the state anew before each step instead of going on with the live one."""

    def __init__(self, source: str | bytes | engine.ParsedProcess, *, is_saved: bool, **limits: object) -> None:
        self.process = source if isinstance(source, engine.ParsedProcess) else read(source)
        self.is_saved = is_saved
        self.limits = limits
        self.now = NOW
        self.state: bytes | None = None
        self.is_ended = False
        self.end_event_id: str | None = None
        self.user_tasks: dict[str, OpenedUserTask] = {}
        self.timers: dict[str, tuple[str, datetime]] = {}
        self.jobs: dict[str, RequestedJob] = {}
        self.subscriptions: dict[str, SubscriptionChange] = {}
        self.live_activities: dict[str, str] = {}
        self.untold_ends: set[str] = set()  # activities that were begun, or are incidents, and not yet told to be over
        self.variables: dict[tuple[str, str], object] = {}
        self.scopes: dict[str, str | None] = {}
        self.flows: list[str] = []
        self.incidents: list[str] = []
        self.messages: list[tuple[str, str | None, dict[str, object]]] = []
        self.signals: list[tuple[str, dict[str, object]]] = []
        self.clocks: list[ClockChange] = []
        self.last: Outcome | None = None
        self._log: list[Played] = []
        self._is_logged = True
        self._context_then: engine.StepContext | None = None

    def start(self, variables: Mapping[str, object] | None = None, **options: object) -> Case:
        given = deepcopy(dict(variables or {}))  # tests change what they gave
        outcome = engine.start(self.process, variables or {}, self._context(), **options)
        return self._noted(lambda _state: engine.start(self.process, given, self._context(), **options), outcome)

    def do(self, element_id: str, /, nth: int = 0, **values: object) -> Case:
        """Complete an open user task."""
        ids = [task.id for task in self.user_tasks.values() if task.element_id == element_id]
        return self._step(lambda state: engine.complete(self.process, state, ids[nth], values, self._context()))

    def fire(self, element_id: str) -> Case:
        """Let a timer happen, at the time it was set to."""
        activity_id, due = next((key, due) for key, (name, due) in self.timers.items() if name == element_id)
        self.now = max(self.now, due)
        return self._step(lambda state: engine.fire_timer(self.process, state, activity_id, self._context()))

    def receive(self, element_id: str, **payload: object) -> Case:
        waiting = self.subscriptions.items()
        activity_id = next(key for key, one in waiting if (one.element_id, one.kind) == (element_id, "message"))
        return self._step(lambda state: engine.correlate(self.process, state, activity_id, payload, self._context()))

    def hear(self, element_id: str, **payload: object) -> Case:
        """Let a signal reach what waits for it."""
        waiting = self.subscriptions.items()
        activity_id = next(key for key, one in waiting if (one.element_id, one.kind) == (element_id, "signal"))
        return self._step(
            lambda state: engine.receive_signal(self.process, state, activity_id, payload, self._context())
        )

    def finish(self, element_id: str, **result: object) -> Case:
        activity_id = next(key for key, job in self.jobs.items() if job.element_id == element_id)
        return self._step(lambda state: engine.finish_job(self.process, state, activity_id, result, self._context()))

    def go_on(self, element_id: str) -> Case:
        """Let the job of an asynchronous continuation do its work."""
        activity_id = next(key for key, job in self.jobs.items() if job.element_id == element_id)
        del self.jobs[activity_id]
        return self._step(lambda state: engine.continue_after(self.process, state, activity_id, self._context()))

    def fail(self, element_id: str, code: str) -> Case:
        activity_id = next(key for key, job in self.jobs.items() if job.element_id == element_id)
        return self._step(
            lambda state: engine.fail_job(self.process, state, activity_id, code, "said", self._context())
        )

    def escalate(self, element_id: str, code: str, **values: object) -> Case:
        activity_id = self.activity(element_id)
        return self._step(
            lambda state: engine.escalate(self.process, state, activity_id, code, values, self._context())
        )

    def modify(self, *instructions: engine.Instruction) -> Case:
        return self._step(lambda state: engine.modify(self.process, state, instructions, self._context()))

    def set(self, scope_id: str, removed: Collection[str] = (), **values: object) -> Case:
        return self._step(
            lambda state: engine.set_variables(self.process, state, scope_id, values, self._context(), removed=removed)
        )

    def activity(self, element_id: str, nth: int = 0) -> str:
        """The id of an open activity."""
        return [key for key, element in self.live_activities.items() if element == element_id][nth]

    @property
    def root(self) -> str:
        """The id of the scope of the process."""
        return next(scope for scope, parent in self.scopes.items() if parent is None)

    def take_step(self, call: Callable[[bytes, engine.StepContext], Outcome]) -> Case:
        """Any other step."""
        return self._step(lambda state: call(state, self._context()))

    def cancel(self) -> Case:
        return self._step(lambda state: engine.cancel(self.process, state, self._context()))

    @property
    def open(self) -> list[str]:
        return sorted(task.element_id for task in self.user_tasks.values())

    def value(self, name: str) -> object:
        """A variable of the process scope."""
        return self.variables[self.root, name]

    def wait(self, **duration: float) -> Case:
        self.now += timedelta(**duration)
        return self

    def _context(self) -> engine.StepContext:
        if self._context_then is not None:
            return self._context_then
        return context(now=self.now, **self.limits)

    def _step(self, action: Callable[[bytes], Outcome]) -> Case:
        assert self.state is not None, "the case has ended"
        if self.is_saved:
            LIVE_CASES.clear()
        return self._noted(action, action(self.state))

    def _noted(self, action: Action, outcome: Outcome) -> Case:
        if self._is_logged and len(self._log) < MOST_PLAYED_AGAIN:
            context = replace(self._context(), id_seed=outcome.id_seed)
            self._log.append(Played(action, context, self.process, _told(outcome), outcome.state))
        return self._absorb(outcome)

    def absorb(self, outcome: Outcome) -> Case:
        """Take over what a test had the engine do itself; from there on the case is not played again."""
        self._is_logged = False
        return self._absorb(outcome)

    def play_again(self) -> None:
        """Do every step again as it was recorded, saved where it was live and live where it was saved: the same comes
        of it, identifiers and order included."""
        now_at, state = self.process, b""
        for played in self._log:
            if not self.is_saved:
                LIVE_CASES.clear()
            self.process, self._context_then = played.process, played.context
            outcome = played.action(state)
            assert _told(outcome) == played.outcome
            assert (outcome.state is None) == (played.state is None)
            if outcome.state is not None:
                assert engine.state_document(outcome.state) == engine.state_document(played.state or b"")
            state = outcome.state or b""
        self.process, self._context_then = now_at, None

    def _absorb(self, outcome: Outcome) -> Case:
        self.last = outcome
        self.clocks += outcome.clocks
        self.state, self.is_ended, self.end_event_id = outcome.state, outcome.is_ended, outcome.end_event_id
        self._absorb_data(outcome)
        for task in outcome.opened:
            self.user_tasks[task.id] = task
        for moved in outcome.rescheduled:
            self.user_tasks[moved.id] = replace(self.user_tasks[moved.id], due_at=moved.due_at)
        for closed in outcome.closed:
            del self.user_tasks[closed.id]
        for timer in outcome.timers:
            self._set(self.timers, timer.activity_id, timer.due_at and (timer.element_id, timer.due_at))
        for subscription in outcome.subscriptions:
            self._set(self.subscriptions, subscription.activity_id, subscription if subscription.is_open else None)
        self.jobs |= {job.activity_id: job for job in outcome.jobs}
        for activity in outcome.activities:
            self._set(self.live_activities, activity.id, activity.element_id if activity.state == "active" else None)
            if activity.state != "active":
                self.jobs.pop(activity.id, None)
            is_over = activity.state in {"done", "cancelled"}
            self.untold_ends = self.untold_ends - {activity.id} if is_over else self.untold_ends | {activity.id}
        self._check()
        return self

    def _absorb_data(self, outcome: Outcome) -> None:
        for execution in outcome.executions:
            if execution.is_open:
                assert execution.parent_id is None or execution.parent_id in self.scopes
                self.scopes[execution.id] = execution.parent_id
        for change in outcome.variables:
            known = (change.execution_id, change.name)
            assert change.is_new == (known not in self.variables)
            assert self.variables.get(known) == change.old
            self.variables[known] = change.new
            if change.is_removed:
                del self.variables[known]
        self.flows += outcome.flows
        self.incidents += [incident.kind for incident in outcome.incidents]
        self.signals += [(signal.name, signal.payload) for signal in outcome.signals]
        self.messages += [(message.name, message.correlation_key, message.payload) for message in outcome.messages]

    @staticmethod
    def _set(entries: dict, key: str, value: object) -> None:
        if value is None:
            entries.pop(key, None)
        else:
            entries[key] = value

    def _check(self) -> None:
        """What must hold after every step: open rows belong to live activities, and an ended case leaves none."""
        waiting = {*self.user_tasks, *self.timers, *self.subscriptions, *self.jobs}
        assert waiting <= set(self.live_activities)
        assert self.is_ended == (self.state is None)
        if self.is_ended:
            assert not self.live_activities
            assert not self.untold_ends
