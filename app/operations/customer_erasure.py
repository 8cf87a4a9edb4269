"""Erasing a customer (right to erasure, PIPL article 47): the keys go, and what rows still say of the person.

The history stays as it is, with nothing personal in it that could be read; figures and dates of visits stay.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.i18n import N_
from app.models import (
    CardRequest,
    Customer,
    CustomerCard,
    Draft,
    Incident,
    Message,
    Notification,
    OutgoingMessage,
    PlannedFollowUp,
    ProcessInstance,
    UserTask,
    Variable,
    Vehicle,
    VehicleHolding,
    Visit,
    VisitImportRow,
)
from app.models.prepared import table_of
from app.operations.actor import Actor
from app.operations.history import case_stream
from app.operations.history_erasure import erase_subject
from app.operations.history_reading import read_events
from app.operations.projections import projections_of
from app.operations.saved_filters import forget_filters_naming

_INSTANCE, _VISIT = table_of(ProcessInstance), table_of(Visit)


class OpenCases(Conflict):
    """Somebody is still working for the person."""


def erase_customer(session: Session, customer_id: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Erase a customer and everybody merged into them, for good; doing it again changes nothing.

    Raises OpenCases while cases of the person are open: their forms could not be read any more.
    """
    everybody = merged_family(session, customer_id)
    _refuse_open_cases(session, everybody)
    # First what may fail: the keys are gone at once, even should the transaction not be committed.
    scrub_customers(session, everybody, now=now)
    for subject_id in everybody:
        erase_subject(session, subject_id, reason, actor=actor, now=now)
    _empty_personal_variables(session, everybody)


def erase_again(session: Session, subject_ids: Collection[str], *, now: datetime) -> None:
    """After a restore: empty the rows of those whose keys were destroyed again."""
    scrub_customers(session, subject_ids, now=now)
    _empty_personal_variables(session, subject_ids)


def merged_family(session: Session, customer_id: str) -> list[str]:
    """A customer and all whose files were merged into theirs."""
    found, newest = [customer_id], [customer_id]
    while newest:
        newest = list(session.scalars(select(Customer.id).where(Customer.merged_into_id.in_(newest))))
        found += newest
    return found


def scrub_customers(session: Session, customer_ids: Collection[str], *, now: datetime) -> None:
    """Empty what changeable rows say of erased customers."""
    cases = select(_INSTANCE.c.id).where(_INSTANCE.c.customer_id.in_(customer_ids))
    _scrub_import_rows(session, customer_ids)
    forget_filters_naming(session, _names_and_numbers(session, customer_ids))
    of_person = update(Customer).where(Customer.id.in_(customer_ids), Customer.erased_at.is_(None))
    session.execute(of_person.values(name="", title="", phone="", grade="", verification="unverified", erased_at=now))
    session.execute(delete(CustomerCard).where(CustomerCard.customer_id.in_(customer_ids)))
    _scrub_visits(session, customer_ids)
    _scrub_vehicles(session, customer_ids, now)
    planned = update(PlannedFollowUp).where(
        PlannedFollowUp.customer_id.in_(customer_ids), PlannedFollowUp.state == "planned"
    )
    session.execute(planned.values(state="skipped", skip_reason="erased"))
    remarks = update(PlannedFollowUp).where(PlannedFollowUp.customer_id.in_(customer_ids))
    session.execute(remarks.values(skip_remark=None))
    undecided = update(CardRequest).where(CardRequest.subject_id.in_(customer_ids), CardRequest.state == "open")
    session.execute(undecided.values(state="withdrawn", decided_at=now))
    session.execute(update(_INSTANCE).where(_INSTANCE.c.id.in_(cases)).values(title=_INSTANCE.c.case_number))
    of_case = update(UserTask).where(UserTask.instance_id.in_(cases))
    session.execute(of_case.values(title=UserTask.case_number))
    for table in (Incident, Notification):
        session.execute(update(table).where(table.instance_id.in_(cases)).values(params="{}"))
    for side in (Message.sender_instance_id, Message.receiver_instance_id):
        session.execute(update(Message).where(side.in_(cases)).values(payload="{}"))
    _scrub_letters(session, customer_ids)
    user_tasks = select(UserTask.id).where(UserTask.instance_id.in_(cases))
    session.execute(delete(Draft).where(Draft.user_task_id.in_(user_tasks)))
    session.expire_all()


def _names_and_numbers(session: Session, customer_ids: Collection[str]) -> set[str]:
    """What somebody types to find these people and keeps as the words of a search."""
    said = (
        select(Customer.name, Customer.phone).where(Customer.id.in_(customer_ids)),
        select(_VISIT.c.sent_in_by, _VISIT.c.contact_phone).where(_VISIT.c.customer_id.in_(customer_ids)),
        select(Vehicle.plate).where(Vehicle.holder_id.in_(customer_ids)),
    )
    return {text for query in said for row in session.execute(query) for text in row if text}


def _scrub_import_rows(session: Session, customer_ids: Collection[str]) -> None:
    """Rows of their visits, and those that name their number but were refused, known already or taken back."""
    phones = session.scalars(select(Customer.phone).where(Customer.id.in_(customer_ids), Customer.phone != ""))
    visits = select(_VISIT.c.id).where(_VISIT.c.customer_id.in_(customer_ids))
    theirs: list[ColumnElement[bool]] = [VisitImportRow.visit_id.in_(visits)]
    theirs += [VisitImportRow.content.contains(phone, autoescape=True) for phone in phones]
    session.execute(update(VisitImportRow).where(or_(*theirs)).values(content="{}", problems="[]"))


def _scrub_visits(session: Session, customer_ids: Collection[str]) -> None:
    emptied = update(_VISIT).where(_VISIT.c.customer_id.in_(customer_ids))
    session.execute(emptied.values(sent_in_by="", contact_phone="", best_time="", work_done=""))


def _scrub_letters(session: Session, customer_ids: Collection[str]) -> None:
    """What was written to them: their cases name the messages in a variable."""
    query = select(Variable.value).join(_INSTANCE, _INSTANCE.c.id == Variable.instance_id)
    texts = query.where(_INSTANCE.c.customer_id.in_(customer_ids), Variable.type == "string")
    told = {value.strip('"') for value in session.scalars(texts)}
    sent = update(OutgoingMessage).where(OutgoingMessage.id.in_(told))
    session.execute(sent.values(recipient="", subject="", text="", link=None))


def _scrub_vehicles(session: Session, customer_ids: Collection[str], now: datetime) -> None:
    """The VIN stays, as recalls need it; the plate leads to the person and goes."""
    held = update(Vehicle).where(Vehicle.holder_id.in_(customer_ids))
    session.execute(held.values(holder_id=None, plate=None))
    ended = update(VehicleHolding).where(VehicleHolding.customer_id.in_(customer_ids), VehicleHolding.until.is_(None))
    session.execute(ended.values(until=now))


def _refuse_open_cases(session: Session, customer_ids: Collection[str]) -> None:
    is_open = _INSTANCE.c.customer_id.in_(customer_ids) & _INSTANCE.c.ended_at.is_(None)
    count = session.scalar(select(func.count()).select_from(_INSTANCE).where(is_open)) or 0
    if count:
        raise OpenCases(
            N_("This person still has %(count)s open cases. Complete or cancel them first, then delete."), count=count
        )


def _empty_personal_variables(session: Session, customer_ids: Collection[str]) -> None:
    """Which variables were personal the history tells: they are the ones it can no longer read."""
    for instance_id in session.scalars(select(_INSTANCE.c.id).where(_INSTANCE.c.customer_id.in_(customer_ids))).all():
        for key in projections_of(read_events(session, case_stream(instance_id))).unknown:
            execution_id, _, name = key.partition(" ")
            row = update(Variable).where(Variable.execution_id == execution_id, Variable.name == name)
            session.execute(row.values(type="null", value="null"))
