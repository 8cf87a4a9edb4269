"""What the history says of a step: its cause first, then what came of it, with old and new values.

The events hold all that the tables of the path and of the variables hold, so that these can be rebuilt.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app import feel
from app.engine.outcome import (
    ClockChange,
    EvaluatedDecision,
    OpenedUserTask,
    Outcome,
    RaisedIncident,
    VariableChange,
)
from app.operations.cases import Case
from app.operations.cause import Cause
from app.operations.encoding import encode_values
from app.operations.history import Event

DECISION_EVALUATED = "decision_evaluated"


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the history tells it; `personal` names the variables that hold a person's data."""

    case: Case
    cause: Cause
    outcome: Outcome
    personal: frozenset[str]
    message_ids: Sequence[str] = ()
    incidents: Sequence[RaisedIncident] = ()


def events_of(step: Step) -> list[Event]:
    """The events of a step, in the order in which they are to be read."""
    return [
        _cause(step),
        *_path(step),
        *(_decision(step, decision) for decision in step.outcome.decisions),
        *(_variable(step, change) for change in step.outcome.variables),
        *_cancelled_user_tasks(step),
        *(_opened(opened) for opened in step.outcome.opened),
        *_clocks(step),
        *_rescheduled(step),
        *_data_stores(step),
        *_timers(step),
        *_jobs(step),
        *_awaited_messages(step),
        *_signals(step),
        *_messages(step),
        *(incident_event(step.case, incident) for incident in step.incidents),
        *_end(step),
    ]


def incident_event(case: Case, incident: RaisedIncident, **facts: object) -> Event:
    """That a step could not be done; the values in its explanation may be a person's."""
    return Event(
        "incident_raised",
        {"kind": incident.kind, "msgid": incident.msgid, **facts},
        element_id=incident.element_id,
        activity_id=incident.activity_id,
        personal={"params": {name: _plain(value) for name, value in incident.params.items()}},
        subject_id=case.subject_id,
    )


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, (str, bool, int)) else str(value)


def _cause(step: Step) -> Event:
    open_inputs, personal_inputs = _divide(step, step.cause.inputs)
    personal: dict[str, object] = {"inputs": personal_inputs} if personal_inputs else {}
    if step.cause.remark:
        personal["remark"] = step.cause.remark
    return Event(
        step.cause.type,
        {**step.cause.facts, "inputs": open_inputs},
        element_id=step.cause.element_id,
        activity_id=step.cause.activity_id,
        reason=step.cause.reason,
        personal=personal or None,
        subject_id=step.case.subject_id,
    )


def _divide(step: Step, values: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """What anybody may read, and what only the person's key opens; both encoded."""
    encoded = encode_values(values)
    personal = {name: value for name, value in encoded.items() if name in step.personal}
    return {name: value for name, value in encoded.items() if name not in personal}, personal


def _path(step: Step) -> Iterator[Event]:
    """One event for the whole path of a step: its parts mean nothing to a reader one by one."""
    outcome = step.outcome
    if not (outcome.activities or outcome.flows or outcome.executions):
        return
    activities = [
        [change.id, change.execution_id, change.element_id, change.element_type, change.state]
        for change in outcome.activities
    ]
    executions = [[change.id, change.parent_id, change.element_id, change.is_open] for change in outcome.executions]
    yield Event("path_taken", {"executions": executions, "activities": activities, "flows": list(outcome.flows)})


def _decision(step: Step, evaluated: EvaluatedDecision) -> Event:
    """What was decided from a person's data, or goes where a person's data is kept, is a person's as well."""
    open_inputs, personal_inputs = _divide(step, evaluated.inputs)
    outputs = [encode_values(row) for row in evaluated.outputs]
    is_personal = bool(personal_inputs) or evaluated.result_variable in step.personal
    return Event(
        DECISION_EVALUATED,
        {"decision": evaluated.decision, "inputs": open_inputs, "rules": list(evaluated.rules)}
        | ({} if is_personal else {"outputs": outputs}),
        element_id=evaluated.element_id,
        activity_id=evaluated.activity_id,
        personal={"inputs": personal_inputs, "outputs": outputs} if is_personal else None,
        subject_id=step.case.subject_id if is_personal else None,
    )


def _variable(step: Step, change: VariableChange) -> Event:
    body: dict[str, object] = {
        "execution": change.execution_id, "name": change.name, "is_new": change.is_new, "is_removed": change.is_removed,
    }
    values: dict[str, object] = {"old": feel.encode(change.old), "new": feel.encode(change.new)}
    if change.name in step.personal:
        return Event("variable_changed", body, personal=values, subject_id=step.case.subject_id)
    return Event("variable_changed", body | values)


def _cancelled_user_tasks(step: Step) -> Iterator[Event]:
    for closed in step.outcome.closed:
        if closed.state == "cancelled":
            yield Event("user_task_cancelled", {}, element_id=closed.element_id, activity_id=closed.id)


def _opened(opened: OpenedUserTask) -> Event:
    body: dict[str, object] = {
        "name": opened.name,
        "lane": opened.lane,
        "assignee": opened.assignee,
        "candidate_users": list(opened.candidate_users),
        "candidate_groups": list(opened.candidate_groups),
        "due_at": opened.due_at.isoformat() if opened.due_at else None,
        "follow_up_at": opened.follow_up_at.isoformat() if opened.follow_up_at else None,
        "priority": opened.priority,
        "form_key": opened.form_key,
    }
    return Event("user_task_opened", body, element_id=opened.element_id, activity_id=opened.id)


def _clocks(step: Step) -> Iterator[Event]:
    for change in step.outcome.clocks:
        if change.kind != "paused":  # the cause says that
            yield Event(f"clock_{change.kind}", _clock_facts(change), element_id=change.element_id)


def _clock_facts(change: ClockChange) -> dict[str, object]:
    facts: dict[str, object] = {"clock": change.clock_id, "execution": change.execution_id}
    if change.due_at is not None and change.warn_at is not None:
        facts |= {"due_at": change.due_at.isoformat(), "warn_at": change.warn_at.isoformat()}
    minutes = {"limit_minutes": change.limit_minutes, "used_minutes": change.used_minutes}
    return facts | {name: value for name, value in minutes.items() if value is not None}


def _rescheduled(step: Step) -> Iterator[Event]:
    for change in step.outcome.rescheduled:
        body = {"due_at": change.due_at.isoformat() if change.due_at else None}
        yield Event("user_task_rescheduled", body, element_id=change.element_id, activity_id=change.id)


def _data_stores(step: Step) -> Iterator[Event]:
    for write in step.outcome.data_stores:
        body = {"store": write.store, "value": feel.encode(write.value)}
        yield Event("data_store_written", body, element_id=write.element_id, activity_id=write.activity_id)


def _timers(step: Step) -> Iterator[Event]:
    for timer in step.outcome.timers:
        if timer.due_at is not None:
            body = {"due_at": timer.due_at.isoformat()}
            yield Event("timer_armed", body, element_id=timer.element_id, activity_id=timer.activity_id)


def _jobs(step: Step) -> Iterator[Event]:
    for job in step.outcome.jobs:
        body = {"connector": job.connector, "topic": job.topic}
        yield Event("job_requested", body, element_id=job.element_id, activity_id=job.activity_id)


def _awaited_messages(step: Step) -> Iterator[Event]:
    for change in step.outcome.subscriptions:
        if change.is_open and change.kind == "signal":
            body: dict[str, object] = {"name": change.name}
            yield Event("signal_awaited", body, element_id=change.element_id, activity_id=change.activity_id)
        elif change.is_open:
            body = {"name": change.name, "correlation_key": change.correlation_key}
            yield Event("message_awaited", body, element_id=change.element_id, activity_id=change.activity_id)


def _signals(step: Step) -> Iterator[Event]:
    for signal in step.outcome.signals:
        open_payload, personal_payload = _divide(step, signal.payload)
        yield Event(
            "signal_thrown",
            {"name": signal.name, "payload": open_payload},
            element_id=signal.element_id,
            activity_id=signal.activity_id,
            personal={"payload": personal_payload} if personal_payload else None,
            subject_id=step.case.subject_id,
        )


def _messages(step: Step) -> Iterator[Event]:
    for message_id, message in zip(step.message_ids, step.outcome.messages, strict=True):
        open_payload, personal_payload = _divide(step, message.payload)
        yield Event(
            "message_sent",
            {
                "message_id": message_id,
                "name": message.name,
                "correlation_key": message.correlation_key,
                "payload": open_payload,
            },
            element_id=message.element_id,
            activity_id=message.activity_id,
            personal={"payload": personal_payload} if personal_payload else None,
            subject_id=step.case.subject_id,
        )


def _end(step: Step) -> Iterator[Event]:
    if step.outcome.is_ended and step.cause.type != "process_cancelled":
        yield Event("process_ended", {"end_event": step.outcome.end_event_id}, element_id=step.outcome.end_event_id)
