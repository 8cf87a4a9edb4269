"""The measures that came of a case, for the pages of that case's report."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.measure import Measure
from app.models.process_instance import ProcessInstance
from app.models.visibility import is_visible_to


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure without its words, which are in its case."""

    instance_id: str
    case_number: str
    kind: str
    problem_kind: str | None
    responsible_id: str
    due_on: date
    state: str


def measures_from(session: Session, reader: str, origin_id: str) -> list[MeasureRow]:
    """The measures of rectifications that a case brought about, of those cases the reader may see."""
    rows = session.execute(
        select(
            Measure.instance_id, ProcessInstance.case_number, Measure.kind, Measure.problem_kind,
            Measure.responsible_id, Measure.due_on, Measure.state,
        )
        .join(ProcessInstance, ProcessInstance.id == Measure.instance_id)
        .where(Measure.origin_id == origin_id, is_visible_to(reader))
        .order_by(Measure.due_on, Measure.id)
    )  # fmt: skip
    return [MeasureRow(*row) for row in rows]
