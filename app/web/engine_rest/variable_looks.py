"""Variables tell facts of customers: who lists them has looked at the customers' files."""

from collections.abc import Sequence
from typing import Any

from app.extensions import db
from app.models.program_events import customers_in
from app.web.looks import note_looks


def looked_at(rows: Sequence[Any]) -> Sequence[Any]:
    """Rows of a list of variables; the look at whom their cases are about is recorded."""
    seen = customers_in(db.session(), {row.instance_id for row in rows})
    if seen:
        note_looks(seen)
    return rows
