"""Facts of cases tell of customers: who lists them has looked at the customers' files."""

from collections.abc import Collection, Sequence
from typing import Any

from app.extensions import db
from app.models.program_cases import customers_of
from app.web.looks import note_looks


def looked_at(rows: Sequence[Any]) -> Sequence[Any]:
    """Rows that tell facts of their cases; the look at whom these are about is recorded."""
    note_looks_at_cases({row.instance_id for row in rows})
    return rows


def note_looks_at_cases(instance_ids: Collection[str]) -> None:
    """Record the look at the customers whom these cases are about."""
    seen = customers_of(db.session(), instance_ids)
    if seen:
        note_looks(seen)
