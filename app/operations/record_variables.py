"""Variables as rows (scope, name, type, value): what the API and the searches read."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete
from sqlalchemy.orm import Session

from app import feel
from app.engine.outcome import VariableChange
from app.models import Variable
from app.models.prepared import Prepared, table_of
from app.operations.cases import Case
from app.operations.encoding import json_text
from app.operations.rows import upsert_rows

_VARIABLE = table_of(Variable)
_REMOVE = Prepared(
    delete(_VARIABLE).where(
        _VARIABLE.c.execution_id == bindparam("execution_id"), _VARIABLE.c.name == bindparam("name")
    )
)


def record_variables(session: Session, case: Case, changes: Sequence[VariableChange]) -> None:
    """Bring the rows to where the changes end; a variable changed twice in a step is written once."""
    last = {(change.execution_id, change.name): change for change in changes}
    removed = [
        {"execution_id": change.execution_id, "name": change.name} for change in last.values() if change.is_removed
    ]
    if removed:
        _REMOVE.change_all(session, removed)
    rows = [_row(case, change) for change in last.values() if not change.is_removed]
    upsert_rows(session, Variable, rows, replaced=("type", "value"))


def _row(case: Case, change: VariableChange) -> dict[str, object]:
    return {
        "execution_id": change.execution_id,
        "name": change.name,
        "instance_id": case.id,
        "site_id": case.site_id,
        "type": feel.type_name(change.new),
        "value": json_text(change.new),
    }
