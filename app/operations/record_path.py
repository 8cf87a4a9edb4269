"""The path of a case: scopes opened and closed, flow nodes entered and left, sequence flows taken."""

from collections import Counter
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from app.engine.outcome import ActivityChange, Outcome
from app.models import ActivityInstance, Execution, FlowTaken
from app.models.prepared import Prepared, table_of
from app.operations.cases import Case
from app.operations.rows import insert_rows, upsert_rows

_EXECUTION = table_of(Execution)
_CLOSE = Prepared(
    update(_EXECUTION).where(_EXECUTION.c.id == bindparam("execution_id")).values(ended_at=bindparam("end"))
)


def record_path(session: Session, case: Case, outcome: Outcome, *, now: datetime) -> None:
    """Write the tables that tell where the case has been; they can be rebuilt from the history."""
    _record_executions(session, case, outcome, now)
    _record_activities(session, case, outcome, now)
    rows = [
        {"instance_id": case.id, "flow_id": flow_id, "site_id": case.site_id, "count": count}
        for flow_id, count in Counter(outcome.flows).items()
    ]
    upsert_rows(session, FlowTaken, rows, added=("count",))


def _record_executions(session: Session, case: Case, outcome: Outcome, now: datetime) -> None:
    opened = [
        {
            "id": change.id,
            "instance_id": case.id,
            "site_id": case.site_id,
            "parent_id": change.parent_id,
            "element_id": change.element_id,
            "started_at": now,
            "ended_at": None,
        }
        for change in outcome.executions
        if change.is_open
    ]
    insert_rows(session, Execution, opened)
    closed = [{"execution_id": change.id, "end": now} for change in outcome.executions if not change.is_open]
    if closed:
        _CLOSE.change_all(session, closed)


def _record_activities(session: Session, case: Case, outcome: Outcome, now: datetime) -> None:
    """An activity may be entered and left in one step: its last state counts, its first time stays."""
    last = {change.id: change for change in outcome.activities}
    rows = [_activity_row(case, change, now) for change in last.values()]
    upsert_rows(session, ActivityInstance, rows, replaced=("state", "ended_at"))


def _activity_row(case: Case, change: ActivityChange, now: datetime) -> dict[str, object]:
    return {
        "id": change.id,
        "instance_id": case.id,
        "site_id": case.site_id,
        "execution_id": change.execution_id,
        "element_id": change.element_id,
        "element_type": change.element_type,
        "element_name": change.element_name,
        "state": change.state,
        "started_at": now,
        "ended_at": now if change.state in ("done", "cancelled") else None,
    }
