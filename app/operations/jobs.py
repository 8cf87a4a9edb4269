"""Jobs: work for later, enqueued in the transaction that causes it, so that both happen or neither.

`job_leases` tells how workers share and do them.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Update, bindparam, case, exists, or_, update
from sqlalchemy.orm import Session

from app.identifiers import new_id
from app.models import Job, SuspendedJobDefinition
from app.models.prepared import Prepared, run, table_of
from app.operations.rows import Row, insert_rows

MAX_ATTEMPTS = 5
KEPT_AFTER_END = timedelta(days=30)
# Jobs that programs outside fetch for themselves; our own worker leaves them alone.
EXTERNAL = "external"
# They go with their case. Messages a case has sent are delivered even when the case itself is over.
OF_THE_CASE = ("timer", "connector", "continuation", "signal", EXTERNAL)
START_BY_EVENT = "event_start"  # the case of a signal thrown or a timer due
START_BY_TIMER = "timer_start"  # the next time of a timer start event

_JOB, _SUSPENDED = table_of(Job), table_of(SuspendedJobDefinition)
# What a job waits as that may have been suspended meanwhile.
WAITING_AGAIN = case((_JOB.c.is_suspended, "suspended"), else_="pending")


def _change_of_case() -> Update:
    return update(_JOB).where(_JOB.c.instance_id == bindparam("of_instance"), _JOB.c.kind.in_(OF_THE_CASE))


_SUSPEND = _change_of_case().where(_JOB.c.state == "pending").values(state="suspended")
_RESUME = (
    _change_of_case()
    .where(or_(_JOB.c.state == "suspended", _JOB.c.is_suspended))
    .values(state=case((_JOB.c.state == "suspended", "pending"), else_=_JOB.c.state), is_suspended=False)
)


def enqueue(
    session: Session,
    kind: str,
    payload: Mapping[str, object] | None = None,
    *,
    run_at: datetime,
    now: datetime,
    site_id: str | None = None,
    max_attempts: int = MAX_ATTEMPTS,
    job_id: str | None = None,
) -> str:
    """Enqueue a job that belongs to no case and return its id; it exists once the transaction is committed.

    Arguments: kind, one of `job_handlers.JOB_HANDLERS`; payload, plain JSON.
    """
    row = job_row(kind, payload or {}, run_at=run_at, now=now, job_id=job_id)
    row |= {"site_id": site_id, "max_attempts": max_attempts}
    insert_rows(session, Job, [row])
    return str(row["id"])


def job_row(
    kind: str, payload: Mapping[str, object], *, run_at: datetime, now: datetime, job_id: str | None = None
) -> dict[str, object]:
    """The row of a new job, for callers that write several at once."""
    return {
        "id": job_id or new_id(),
        "kind": kind,
        "state": "pending",
        "site_id": None,
        "instance_id": None,
        "activity_id": None,
        "element_id": None,
        "payload": json.dumps(payload, ensure_ascii=False),
        "run_at": run_at,
        "created_at": now,
        "attempts": 0,
        "max_attempts": MAX_ATTEMPTS,
        "fence": 0,
        "retry_delays": None,
    }


def insert_jobs_of_definition(session: Session, definition_id: str, rows: Sequence[Row]) -> None:
    """Write new jobs of a version, all with the same columns; where jobs of their kind are suspended, they wait."""
    if rows:
        statement = _insert_of_definition(tuple(name for name in rows[0] if name != "state"))
        statement.change_all(session, [{**row, **_declared(definition_id, row)} for row in rows])


def _declared(definition_id: str, row: Row) -> Row:
    """Which work of the diagram a job does."""
    kind = "timer" if row["kind"] == START_BY_TIMER else row["kind"]
    return {"of_definition": definition_id, "of_element": row["element_id"], "of_kind": kind}


@lru_cache(maxsize=16)
def _insert_of_definition(columns: tuple[str, ...]) -> Prepared:
    is_suspended = exists().where(
        _SUSPENDED.c.definition_id == bindparam("of_definition"),
        _SUSPENDED.c.element_id == bindparam("of_element"),
        _SUSPENDED.c.kind == bindparam("of_kind"),
    )
    state = case((is_suspended, "suspended"), else_="pending")
    return Prepared(_JOB.insert().inline().values(state=state, is_suspended=is_suspended), columns)


def revive_job(session: Session, job_id: str, *, now: datetime) -> None:
    """Give a dead job all its attempts again, due at once; one that is suspended goes on waiting."""
    again = {"state": WAITING_AGAIN, "run_at": now, "attempts": 0}
    session.execute(update(_JOB).where(_JOB.c.id == job_id, _JOB.c.state == "dead").values(**again))


def suspend_jobs(session: Session, instance_id: str) -> None:
    """Let the jobs of a case wait while it is suspended; a worker that has one in hand lays it aside itself."""
    run(session, _SUSPEND, {"of_instance": instance_id})


def resume_jobs(session: Session, instance_id: str) -> None:
    """The case runs again with all its jobs: what fell due meanwhile is due at once."""
    run(session, _RESUME, {"of_instance": instance_id})
