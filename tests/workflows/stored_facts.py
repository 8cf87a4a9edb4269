"""What a database says of a case, as scenarios ask for it: open user tasks, jobs, timers, messages, clocks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import feel
from app.engine.outcome import ClockChange, OpenedUserTask, RequestedJob
from app.models import Execution, HistoryEvent, Job, Message, UserTask, UserTaskCandidate, Variable
from app.operations.encoding import decode_values
from app.operations.history import case_stream
from app.operations.history_reading import RecordedEvent, read_events

CLOCK_EVENTS = ("clock_started", "clock_paused", "clock_moved", "clock_stopped", "clock_withdrawn")


def open_user_tasks(session: Session, case_id: str) -> Iterable[OpenedUserTask]:
    """In the order in which they were opened."""
    rows = session.execute(
        select(UserTask, HistoryEvent.canonical)
        .join(HistoryEvent, HistoryEvent.activity_id == UserTask.id)
        .where(UserTask.instance_id == case_id, UserTask.state == "open", HistoryEvent.type == "user_task_opened")
        .order_by(HistoryEvent.stream_sequence)
    )
    return [_opened(session, row, orjson.loads(event)["body"]) for row, event in rows]


def _opened(session: Session, row: UserTask, body: Mapping[str, Any]) -> OpenedUserTask:
    """The candidates are those of the inbox; their order is that of the diagram, which only the history keeps."""
    candidates = session.execute(
        select(UserTaskCandidate.kind, UserTaskCandidate.candidate_id).where(UserTaskCandidate.user_task_id == row.id)
    ).all()
    groups = {one.candidate_id for one in candidates if one.kind == "group"}
    assert groups == set(body["candidate_groups"])
    return OpenedUserTask(
        id=row.id,
        execution_id=row.execution_id,
        element_id=row.element_id,
        name=row.name,
        lane=row.lane,
        assignee=row.assignee_id,
        candidate_users=tuple(one.candidate_id for one in candidates if one.kind == "user"),
        candidate_groups=tuple(body["candidate_groups"]),
        due_at=row.due_at,
        follow_up_at=row.follow_up_at,
        priority=row.priority,
        form_key=row.form_key,
        not_performer_of=tuple((row.not_performer_of or "").split()),
        clock_id=row.clock_id,
        title=row.title,
    )


def requested_jobs(session: Session, case_id: str) -> dict[str, RequestedJob]:
    """The work that service tasks wait for, by the id of the activity."""
    return {
        str(job.activity_id): RequestedJob(
            str(job.activity_id), str(job.element_id), payload["connector"], None, decode_values(payload["inputs"])
        )
        for job in _pending(session, case_id, "connector")
        for payload in [json.loads(job.payload)]
    }


def set_timers(session: Session, case_id: str) -> dict[str, tuple[str, datetime]]:
    """The timers of a case: element and time, by the id of the activity."""
    return {str(job.activity_id): (str(job.element_id), job.run_at) for job in _pending(session, case_id, "timer")}


def _pending(session: Session, case_id: str, kind: str) -> Iterable[Job]:
    query = select(Job).where(Job.instance_id == case_id, Job.kind == kind, Job.state == "pending")
    return session.scalars(query.order_by(Job.id)).all()


def sent_messages(session: Session, case_id: str) -> list[tuple[str, str | None, dict[str, object]]]:
    """Name, correlation key and payload of what the case has sent."""
    query = select(Message).where(Message.sender_instance_id == case_id).order_by(Message.id)
    return [(one.name, one.correlation_key, decode_values(json.loads(one.payload))) for one in session.scalars(query)]


def clock_changes(session: Session, case_id: str) -> list[ClockChange]:
    """What happened to the clocks of a case."""
    events = read_events(session, case_stream(case_id))
    return [_clock_change(event) for event in events if event.type in CLOCK_EVENTS]


def _clock_change(event: RecordedEvent) -> ClockChange:
    due_at = event.body.get("due_at")
    return ClockChange(
        event.body["clock"],
        event.body["execution"],
        event.type.removeprefix("clock_"),  # type: ignore[arg-type]
        due_at=datetime.fromisoformat(due_at) if due_at else None,
        used_minutes=event.body.get("used_minutes"),
    )


def variables_of_process(session: Session, case_id: str) -> dict[str, object]:
    """Those of the scope of the process."""
    rows = session.execute(
        select(Variable.name, Variable.value)
        .join(Execution, Execution.id == Variable.execution_id)
        .where(Variable.instance_id == case_id, Execution.parent_id.is_(None))
    )
    return {name: feel.decode(json.loads(value)) for name, value in rows}
