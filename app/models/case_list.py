"""The list of cases a person may see: newest first, by state, process and words, page by page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.models.customer import Customer, Vehicle
from app.models.paging import list_page
from app.models.process_instance import ProcessInstance
from app.models.visibility import is_visible_to

STATES: dict[str, tuple[str, ...]] = {
    "open": ("active", "incident"),
    "incident": ("incident",),
    "completed": ("completed",),
    "cancelled": ("cancelled",),
    "all": (),
}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What is asked for; `state` is a key of STATES, `words` a part of number, title, customer, phone, plate or VIN."""

    state: str = "open"
    process_key: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What the list shows of a case."""

    id: str
    definition_id: str
    process_key: str
    case_number: str
    title: str
    state: str
    started_by: str
    started_at: datetime
    ended_at: datetime | None
    is_suspended: bool
    customer: str | None
    plate: str | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page; `next_cursor` is what to pass as `after` for the next one, None at the end."""

    rows: tuple[CaseRow, ...]
    next_cursor: str | None


def case_page(session: Session, user_id: str, wanted: CaseFilter, *, after: str | None = None) -> CasePage:
    """A page of the cases that `user_id` may see. Raises InvalidInput for a cursor that is none."""
    query = (
        select(
            ProcessInstance.id, ProcessInstance.definition_id, ProcessInstance.process_key,
            ProcessInstance.case_number, ProcessInstance.title, ProcessInstance.state, ProcessInstance.started_by,
            ProcessInstance.started_at, ProcessInstance.ended_at, ProcessInstance.is_suspended,
            Customer.name, Vehicle.plate,
        )
        .outerjoin(Customer, Customer.id == ProcessInstance.customer_id)
        .outerjoin(Vehicle, Vehicle.id == ProcessInstance.vehicle_id)
        .where(is_visible_to(user_id), *_conditions(wanted))
    )
    page = list_page(session, query, (ProcessInstance.started_at, ProcessInstance.id), after=after, newest_first=True)
    return CasePage(tuple(CaseRow(*row) for row in page.rows), page.next_cursor)


def readable_process_keys(session: Session, user_id: str) -> list[str]:
    """The processes of which a person may see at least one case."""
    query = select(ProcessInstance.process_key).where(is_visible_to(user_id)).distinct()
    return sorted(session.scalars(query))


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if states := STATES[wanted.state]:
        conditions.append(ProcessInstance.state.in_(states))
    if wanted.process_key:
        conditions.append(ProcessInstance.process_key == wanted.process_key)
    if wanted.words:
        searched = (
            ProcessInstance.case_number, ProcessInstance.title, ProcessInstance.business_key, Customer.name,
            Customer.phone, Vehicle.plate, Vehicle.vin,
        )
        conditions.append(or_(*(column.icontains(wanted.words, autoescape=True) for column in searched)))
    return conditions
