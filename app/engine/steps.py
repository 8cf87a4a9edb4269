"""The steps of a case: each takes a process, a state and a context, and returns what it did as an Outcome.

A step either happens as a whole or raises; nothing of the arguments is changed. The caller holds the lock of the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from app import feel
from app.engine import state_codec
from app.engine.budgets import MAX_STATE_SIZE, MAX_VALUE_SIZE, STATE_TOO_LARGE, is_too_large
from app.engine.context import StepContext
from app.engine.elements.awaiting import Awaiting
from app.engine.elements.continuation import Continuation
from app.engine.elements.service_task import ServiceTask
from app.engine.elements.user_task import UserTask
from app.engine.errors import (
    ActivityNotWaiting,
    EscalationNotCaught,
    StartNotPossible,
    UserTaskNotOpen,
    ValueTooLarge,
)
from app.engine.events.error import throw_error
from app.engine.events.escalation import throw_escalation
from app.engine.events.message import MessageEvent
from app.engine.events.signal import SignalEvent
from app.engine.events.timer import TimerEvent
from app.engine.live_cases import LIVE_CASES
from app.engine.outcome import Outcome
from app.engine.parsed_process import ParsedProcess, StartTrigger
from app.engine.runtime import RunningInstance
from app.engine.spiff import SpiffTask
from app.engine.starting import beginnings

_Awaited = TypeVar("_Awaited")


def start(
    process: ParsedProcess,
    variables: Mapping[str, object],
    context: StepContext,
    *,
    business_key: str | None = None,
    message_name: str | None = None,
    start_event_id: str | None = None,
    trigger: StartTrigger | None = None,
    instance_id: str | None = None,
) -> Outcome:
    """Start a case at the none start event, or where a message, an element's id or a trigger of the process says.

    Where a start needs several events the case waits for the others. instance_id becomes the id of the process's own
    scope. Raises `StartNotPossible`, `StepFailed`.
    """
    begun = beginnings(process, message_name, start_event_id, trigger)
    if not begun:
        raise StartNotPossible(process.key)
    runtime = RunningInstance(process, context, business_key)
    scope = runtime.open_scope(process.root, "process", None, scope_id=instance_id)
    left = begun[0][0].take_start(scope, feel_values(variables))
    scope.declare_data()
    scope.listen()
    for node, part in begun:
        if part is None:
            node.begin_level(scope)
        else:
            node.begin_by_event(scope, part, left)
    return finished(runtime)


def complete(
    process: ParsedProcess, state: bytes, user_task_id: str, values: Mapping[str, object], context: StepContext
) -> Outcome:
    """Complete an open user task with the values of its form. Raises `UserTaskNotOpen`, `StepFailed`."""
    runtime = resumed(process, state, context)
    spiff_task = runtime.tokens.get(user_task_id)
    if spiff_task is None or not spiff_task.is_ready or not isinstance(spiff_task.task_spec, UserTask):
        raise UserTaskNotOpen(user_task_id)
    spiff_task.task_spec.working_scope(spiff_task).set_variables(feel_values(values))
    runtime.attempt(spiff_task, SpiffTask.run)
    return finished(runtime)


def fire_timer(process: ParsedProcess, state: bytes, activity_id: str, context: StepContext) -> Outcome:
    """Let the one timer of this activity happen, whatever the clock says. Raises `ActivityNotWaiting`, `StepFailed`."""
    runtime = resumed(process, state, context)
    spiff_task, node, _event = _waiting_for(runtime, activity_id, TimerEvent)
    runtime.attempt(spiff_task, node.fire)
    return finished(runtime)


def timer_due(process: ParsedProcess, state: bytes, activity_id: str, context: StepContext) -> datetime:
    """When the timer of this activity would be due if it had begun to wait at the moment of `context`; changes nothing.

    Raises `ActivityNotWaiting`, `StepFailed`.
    """
    spiff_task, node, timer = _waiting_for(resumed(process, state, context), activity_id, TimerEvent)
    return timer.due_from_now(node, spiff_task.workflow)


def correlate(
    process: ParsedProcess, state: bytes, activity_id: str, payload: Mapping[str, object], context: StepContext
) -> Outcome:
    """Give a waiting activity its message; the payload becomes variables, or goes where data outputs say.

    Raises `ActivityNotWaiting`, `StepFailed`.
    """
    runtime = resumed(process, state, context)
    return _taken(runtime, activity_id, MessageEvent, payload)


def receive_signal(
    process: ParsedProcess, state: bytes, activity_id: str, payload: Mapping[str, object], context: StepContext
) -> Outcome:
    """Let a waiting activity hear its signal; the payload becomes variables, or goes where data outputs say.

    Raises `ActivityNotWaiting`, `StepFailed`.
    """
    runtime = resumed(process, state, context)
    return _taken(runtime, activity_id, SignalEvent, payload)


def _taken(runtime: RunningInstance, activity_id: str, kind: type[object], payload: Mapping[str, object]) -> Outcome:
    spiff_task, node, _event = _waiting_for(runtime, activity_id, kind)
    values = feel_values(payload)
    runtime.attempt(spiff_task, lambda token: node.take(token, values))
    return finished(runtime)


def _waiting_for(
    runtime: RunningInstance, activity_id: str, kind: type[_Awaited]
) -> tuple[SpiffTask, Awaiting, _Awaited]:
    spiff_task = runtime.tokens.get(activity_id)
    if spiff_task is not None and spiff_task.is_waiting:
        node = spiff_task.task_spec
        event = node.awaited_by(spiff_task) if isinstance(node, Awaiting) else None
        if isinstance(event, kind):
            return spiff_task, node, event
    raise ActivityNotWaiting(activity_id)


def finish_job(
    process: ParsedProcess, state: bytes, activity_id: str, result: Mapping[str, object], context: StepContext
) -> Outcome:
    """Give a service task the result of its job. Raises `ActivityNotWaiting`, `StepFailed`."""
    runtime = resumed(process, state, context)
    spiff_task, node = _job(runtime, activity_id)
    values = feel_values(result)
    runtime.attempt(spiff_task, lambda token: node.finish(token, values))
    return finished(runtime)


def fail_job(
    process: ParsedProcess,
    state: bytes,
    activity_id: str,
    code: str,
    message: str,
    context: StepContext,
    *,
    values: Mapping[str, object] | None = None,
) -> Outcome:
    """Let a job or a user task end with the BPMN error `code`, for who catches it around; `values` go there as well.

    Raises `ActivityNotWaiting`, `StepFailed`.
    """
    runtime = resumed(process, state, context)
    spiff_task, node = _done_outside(runtime, activity_id)
    sent = feel_values(values or {})
    runtime.attempt(spiff_task, lambda token: throw_error(node, token.workflow, token, code, message, sent))
    return finished(runtime)


def escalate(
    process: ParsedProcess,
    state: bytes,
    activity_id: str,
    code: str,
    values: Mapping[str, object],
    context: StepContext,
) -> Outcome:
    """Let a user task or a job throw the escalation `code`; whoever catches it gets `values`, and may interrupt it.

    Raises `ActivityNotWaiting`, `EscalationNotCaught`, `StepFailed`. Source: BPMN 2.0.2, 10.5.1.
    """
    runtime = resumed(process, state, context)
    spiff_task, _node = _done_outside(runtime, activity_id)
    sent = feel_values(values)

    def throw(token: SpiffTask) -> None:
        if not throw_escalation(token.workflow, token, code, lambda: sent):
            raise EscalationNotCaught(code)

    runtime.attempt(spiff_task, throw)
    return finished(runtime)


def report_failure(
    process: ParsedProcess,
    state: bytes,
    activity_id: str,
    message: str,
    details: str | None,
    context: StepContext,
) -> Outcome | None:
    """Say that an attempt at a job failed: the BPMN error the diagram makes of it, or None where it makes none.

    Raises `ActivityNotWaiting`, `StepFailed`.
    """
    runtime = resumed(process, state, context)
    spiff_task, node = _job(runtime, activity_id)
    rule = node.rule_that_holds(spiff_task, message, details)
    if rule is None:
        return None
    runtime.attempt(spiff_task, lambda token: throw_error(node, token.workflow, token, rule.code, message))
    return finished(runtime)


def _done_outside(runtime: RunningInstance, activity_id: str) -> tuple[SpiffTask, ServiceTask | UserTask]:
    spiff_task = runtime.tokens.get(activity_id)
    if spiff_task is not None and spiff_task.is_ready and isinstance(spiff_task.task_spec, UserTask):
        return spiff_task, spiff_task.task_spec
    return _job(runtime, activity_id)


def _job(runtime: RunningInstance, activity_id: str) -> tuple[SpiffTask, ServiceTask]:
    spiff_task = runtime.tokens.get(activity_id)
    if spiff_task is not None and spiff_task.is_started and isinstance(spiff_task.task_spec, ServiceTask):
        return spiff_task, spiff_task.task_spec
    raise ActivityNotWaiting(activity_id)


def continue_after(process: ParsedProcess, state: bytes, activity_id: str, context: StepContext) -> Outcome:
    """Let a token go on that waits before or behind a node. Raises `ActivityNotWaiting`, `StepFailed`."""
    runtime = resumed(process, state, context)
    spiff_task = runtime.tokens.get(activity_id)
    node = spiff_task.task_spec if spiff_task is not None else None
    if spiff_task is None or not isinstance(node, Continuation):
        raise ActivityNotWaiting(activity_id)
    runtime.attempt(spiff_task, node.go_on)
    return finished(runtime)


def cancel(process: ParsedProcess, state: bytes, context: StepContext) -> Outcome:
    """Withdraw everything that is open; the case ends without an end event."""
    runtime = resumed(process, state, context)
    for scope in tuple(runtime.scopes.values()):
        if scope.parent is None:
            scope.cancel()
    return finished(runtime)


def case_title(process: ParsedProcess, variables: Mapping[str, object], context: StepContext) -> str | None:
    """The title the diagram gives a case with these variables; None when it gives none."""
    if process.title_expression is None:
        return None
    value = process.title_expression.evaluate(variables, context)
    return value if isinstance(value, str) else None


def feel_values(values: Mapping[str, object]) -> dict[str, object]:
    """FEEL values of Python values, copies, so that nobody outside holds a part of a case's data."""
    for name, value in values.items():
        if is_too_large(value):
            raise ValueTooLarge(name, MAX_VALUE_SIZE)
    return {name: feel.from_python(value) for name, value in values.items()}


def resumed(process: ParsedProcess, state: bytes, context: StepContext) -> RunningInstance:
    """The case in memory at the beginning of a step."""
    runtime = LIVE_CASES.take(process, state)
    if runtime is None:
        return state_codec.load(process, state, context)
    runtime.renew(context)
    return runtime


def finished(runtime: RunningInstance) -> Outcome:
    """Let all tokens go on, and give what the step did."""
    runtime.run()
    runtime.journal.check_requests(runtime.process.key)
    if runtime.is_ended:
        return runtime.journal.outcome(None, end_event_id=runtime.end_event_id)
    state = state_codec.dump(runtime)
    if len(state) > MAX_STATE_SIZE:
        raise runtime.stopped(runtime.process.key, STATE_TOO_LARGE, MAX_STATE_SIZE)
    LIVE_CASES.put(state, runtime)
    return runtime.journal.outcome(state, end_event_id=None)
