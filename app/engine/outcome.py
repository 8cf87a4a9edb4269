"""What one step of the engine did, as plain values: everything that must be written to the database."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

ActivityState = Literal["active", "done", "cancelled", "incident"]
ClockChangeKind = Literal["started", "paused", "moved", "stopped", "withdrawn"]


class ActivityChange(NamedTuple):
    """A token entered or left a flow node. `id` is the activity instance, stable for its whole life."""

    id: str
    execution_id: str
    element_id: str
    element_type: str  # BPMN's own word: userTask, exclusiveGateway, startEvent, ...
    element_name: str
    state: ActivityState


class ExecutionChange(NamedTuple):
    """A variable scope opened (`is_open`) or closed."""

    id: str
    parent_id: str | None
    element_id: str
    is_open: bool


class VariableChange(NamedTuple):
    """A variable of a scope was created, changed or removed; values are FEEL values.

    `is_new` tells a first value from a change of null; `is_removed` that it went.
    """

    execution_id: str
    name: str
    old: object
    new: object
    is_new: bool = False
    is_removed: bool = False


@dataclass(frozen=True, slots=True)
class OpenedUserTask:
    """A user task became READY; attributes are evaluated (camunda: attributes, literal or FEEL after `=`).

    title: what it is listed with in the place of the case's title, None for that one.
    not_performer_of: the elements of the process whose performers must not do it (four eyes), each with `@` and the
    scope of the multi-instance item where only those of the same item count. clock_id: the running clock that its due
    date depends on.
    """

    id: str
    execution_id: str
    element_id: str
    name: str
    lane: str | None
    assignee: str | None
    candidate_users: tuple[str, ...]
    candidate_groups: tuple[str, ...]
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int
    form_key: str | None
    not_performer_of: tuple[str, ...] = ()
    clock_id: str | None = None
    title: str | None = None


class ClosedUserTask(NamedTuple):
    """A user task ended: completed by a person or cancelled by an event."""

    id: str
    element_id: str
    state: Literal["completed", "cancelled"]
    not_performer_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RescheduledUserTask:
    """The due date of an open user task moved with its clock; None while the clock is paused."""

    id: str
    element_id: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A clock started, was paused, went on with later dates (`moved`), was stopped or withdrawn.

    execution_id: the process or called process it runs in. Minutes are working time. What a kind does not tell is
    None or empty: dates belong to started and moved, limit and groups to started, used_minutes to stopped.
    """

    clock_id: str
    execution_id: str
    kind: ClockChangeKind
    element_id: str | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None
    limit_minutes: int | None = None
    used_minutes: int | None = None
    escalate_groups: tuple[str, ...] = ()
    pause_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimerChange:
    """A timer was armed (`due_at`) or disarmed (None); retries and retry_delays as in `RequestedJob`."""

    activity_id: str
    element_id: str
    due_at: datetime | None
    retries: int = 5
    retry_delays: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class RequestedJob:
    """A service task waits for background work: a named connector or an external topic.

    retry_delays: seconds before each retry, None for the server's rule. is_continuation: there is no work, the case
    only goes on in a transaction of its own (camunda:asyncBefore, camunda:asyncAfter).
    """

    activity_id: str
    element_id: str
    connector: str | None
    topic: str | None
    inputs: dict[str, object]
    retries: int = 5
    retry_delays: tuple[int, ...] | None = None
    is_continuation: bool = False


@dataclass(frozen=True, slots=True)
class ThrownMessage:
    """A message left the case (throw event, end event or send task); payload are FEEL values."""

    activity_id: str
    element_id: str
    name: str
    correlation_key: str | None
    payload: dict[str, object]


@dataclass(frozen=True, slots=True)
class ThrownSignal:
    """A signal was thrown; the case itself has heard it already. Payload are FEEL values."""

    activity_id: str
    element_id: str
    name: str
    payload: dict[str, object]


@dataclass(frozen=True, slots=True)
class DataStoreWrite:
    """The case wrote a value into a data store of the site."""

    activity_id: str
    element_id: str
    store: str
    value: object


@dataclass(frozen=True, slots=True)
class EvaluatedDecision:
    """A decision was asked; inputs and outputs (a row for each rule that counted) are FEEL values by name.

    rules: the ids of the rules of its table that counted. result_variable: where the result went, None: to the output
    mapping only.
    """

    activity_id: str
    element_id: str
    decision: str
    inputs: dict[str, object]
    outputs: list[dict[str, object]]
    rules: tuple[str, ...]
    result_variable: str | None


@dataclass(frozen=True, slots=True)
class SubscriptionChange:
    """The case began or ceased to wait for a message or a signal; signals have no correlation key."""

    activity_id: str
    element_id: str
    name: str
    correlation_key: str | None
    is_open: bool
    kind: Literal["message", "signal"] = "message"


FALSE_COMPLETION = "false_completion"  # nothing moves any more, and no end was reached


@dataclass(frozen=True, slots=True)
class RaisedIncident:
    """A step could not be done; the element and a message in English with its parameters."""

    activity_id: str | None
    element_id: str
    kind: str  # expression, budget, FALSE_COMPLETION, ...
    msgid: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of start, complete, fire_timer, correlate, finish_job or cancel.

    `state` is the encoded state to store, None once the case has ended. The tuples are in the order in which
    things happened.
    """

    state: bytes | None
    is_ended: bool = False
    end_event_id: str | None = None
    executions: tuple[ExecutionChange, ...] = ()
    activities: tuple[ActivityChange, ...] = ()
    flows: tuple[str, ...] = ()  # sequence flow ids, one entry per passing token
    variables: tuple[VariableChange, ...] = ()
    opened: tuple[OpenedUserTask, ...] = ()
    closed: tuple[ClosedUserTask, ...] = ()
    rescheduled: tuple[RescheduledUserTask, ...] = ()
    clocks: tuple[ClockChange, ...] = ()
    timers: tuple[TimerChange, ...] = ()
    jobs: tuple[RequestedJob, ...] = ()
    messages: tuple[ThrownMessage, ...] = ()
    signals: tuple[ThrownSignal, ...] = ()
    data_stores: tuple[DataStoreWrite, ...] = ()
    decisions: tuple[EvaluatedDecision, ...] = ()
    subscriptions: tuple[SubscriptionChange, ...] = ()
    incidents: tuple[RaisedIncident, ...] = ()
    id_seed: str | None = None  # what the identifiers made in the step follow; with it the step can be played again
