"""Everything the database holds of one case, to see whether a step happened as a whole or not at all."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, or_, select
from sqlalchemy.orm import Session

from app.database import Base
from app.models import ProcessInstance
from app.operations.history import case_stream, customer_stream
from app.operations.history_reading import read_events

# What a lease changes of a job before its work begins: the attempt is charged, whatever becomes of it.
OF_THE_LEASE = ("attempts", "fence", "lease_until", "state")
# Rows that say what happened, by their state; the other columns are ids and times.
TELLING = ("element_id", "kind", "name", "state", "type")


@dataclass(frozen=True)
class Picture:
    """`rows` are exact, `shape` is what two cases that went the same way have in common."""

    rows: frozenset[str]
    rows_without_leases: frozenset[str]
    shape: tuple[tuple[str, int], ...]


def picture(session: Session, business_key: str, customer_id: str) -> Picture:
    """Of a case, those it started and its customer: all their rows, and whether their history can be read."""
    own = select(ProcessInstance.id).where(ProcessInstance.business_key == business_key)
    started = select(ProcessInstance.id).where(ProcessInstance.origin_id.in_(own))
    instance_ids = [*session.scalars(own), *session.scalars(started)]
    rows: list[tuple[Table, dict[str, Any]]] = []
    for table in Base.metadata.sorted_tables:
        condition = _of_cases(table, instance_ids, customer_id)
        if condition is not None:
            found = session.execute(select(table).where(condition)).mappings()
            rows += [(table, dict(row)) for row in found]
    shape = Counter(_shape(table, row) for table, row in rows)
    for stream in (*map(case_stream, instance_ids), customer_stream(customer_id)):
        for event in read_events(session, stream):
            shape[f"event {event.type} readable={not event.is_erased}"] += 1
    return Picture(
        frozenset(f"{table.name} {row}" for table, row in rows),
        frozenset(f"{table.name} {_unleased(table, row)}" for table, row in rows),
        tuple(sorted(shape.items())),
    )


def _of_cases(table: Table, instance_ids: list[str], customer_id: str) -> ColumnElement[bool] | None:
    if table.name == "consent":
        return table.c.customer_id == customer_id
    names = ("instance_id", "sender_instance_id", "receiver_instance_id")
    columns = [table.c[name] for name in names if name in table.c]
    if table.name == "process_instance":
        columns.append(table.c.id)
    return or_(*(column.in_(instance_ids) for column in columns)) if columns else None


def _shape(table: Table, row: dict[str, Any]) -> str:
    return f"{table.name} {[row[name] for name in TELLING if name in row]}"


def _unleased(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if table.name != "job" or name not in OF_THE_LEASE}
