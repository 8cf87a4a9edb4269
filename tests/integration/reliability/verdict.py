"""What the drills ask of the database afterwards; each question has a test of its own that shows it can fail."""

from collections import Counter
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import HistoryEvent, Job, ProcessInstance, UserTask
from app.operations.history_verification import verify_history

UNFINISHED = ("pending", "leased")


def find_faults(session: Session, acknowledged: Collection[str]) -> list[str]:
    """Work that was acknowledged and lost, work done twice, effects missing or too many, a history that is broken.

    Arguments: acknowledged, ids of the user tasks whose completion somebody was told of.
    """
    completed = set(session.scalars(select(UserTask.id).where(UserTask.state == "completed")))
    faults = [f"acknowledged and lost: {lost}" for lost in set(acknowledged) - completed]
    for event_type in ("user_task_completed", "timer_fired", "job_completed"):
        times = Counter(_activities(session, event_type))
        faults += [f"{event_type} {count} times: {activity}" for activity, count in times.items() if count != 1]
    recorded = set(_activities(session, "user_task_completed"))
    faults += [f"done without history or history without deed: {differing}" for differing in completed ^ recorded]
    answers = session.scalar(select(func.count()).where(ProcessInstance.process_key == "answer"))
    if answers != len(completed):
        faults.append(f"{answers} effects of {len(completed)} completions")
    if not (verified := verify_history(session)).is_intact:
        faults.append(f"history: {verified.findings}")
    return faults


def is_idle(session: Session, *kinds: str) -> bool:
    """No job of these kinds is left to do."""
    return session.scalar(select(func.count()).where(Job.kind.in_(kinds), Job.state.in_(UNFINISHED))) == 0


def _activities(session: Session, event_type: str) -> list[str]:
    return [
        activity or ""
        for activity in session.scalars(select(HistoryEvent.activity_id).where(HistoryEvent.type == event_type))
    ]
