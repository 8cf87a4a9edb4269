"""Variables as rows (scope, name, type, value): what the API and the searches read."""

from collections.abc import Sequence

from sqlalchemy import tuple_
from sqlalchemy.orm import Session

from app import feel
from app.engine.outcome import VariableChange
from app.models import Variable
from app.models.prepared import run, table_of
from app.operations.cases import Case
from app.operations.encoding import json_text
from app.operations.rows import upsert_rows

_VARIABLE = table_of(Variable)


def record_variables(session: Session, case: Case, changes: Sequence[VariableChange]) -> None:
    """Bring the rows to where the changes end; a variable changed twice in a step is written once."""
    last = {(change.execution_id, change.name): change for change in changes}
    removed = [key for key, change in last.items() if change.is_removed]
    if removed:
        key = tuple_(_VARIABLE.c.execution_id, _VARIABLE.c.name)
        run(session, _VARIABLE.delete().where(key.in_(removed)))
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
