"""What stands in the way of taking an import back, visit by visit."""

from dataclasses import dataclass

from sqlalchemy import case, exists, select
from sqlalchemy.orm import Session

from app.models.customer import Customer, Visit, VisitImportRow
from app.models.follow_up_plan import FollowUpListEntry, PlannedFollowUp
from app.models.process_instance import ProcessInstance

CALLED, IN_CASE, ON_LIST = "called", "in_case", "on_list"


@dataclass(frozen=True, slots=True)
class UndoLine:
    """A visit of the import; `obstacle` is called, in_case, on_list or empty where it can be taken back."""

    number: int  # line of the file
    visit_id: str
    order_number: str
    customer: str
    obstacle: str


def undo_lines(session: Session, import_id: str) -> list[UndoLine]:
    """All visits that an import brought and that are still there, in the order of the file."""
    called = exists().where(PlannedFollowUp.visit_id == Visit.id, PlannedFollowUp.state.in_(("started", "closed")))
    in_case = exists().where(ProcessInstance.visit_id == Visit.id)
    listed = exists().where(FollowUpListEntry.visit_id == Visit.id, FollowUpListEntry.picked != "")
    obstacle = case((called, CALLED), (in_case, IN_CASE), (listed, ON_LIST), else_="")
    query = (
        select(VisitImportRow.number, Visit.id, Visit.order_number, Customer.name, obstacle)
        .join(Visit, Visit.id == VisitImportRow.visit_id)
        .join(Customer, Customer.id == Visit.customer_id)
        .where(VisitImportRow.import_id == import_id, VisitImportRow.outcome == "imported")
    )
    return [UndoLine(*row) for row in session.execute(query.order_by(VisitImportRow.number))]
