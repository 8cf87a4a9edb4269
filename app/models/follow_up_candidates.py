"""Which visits may stand on a list that customers are picked from, and what a list holds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, or_, select
from sqlalchemy.orm import Session

from app.models.customer import Consent, Customer, Vehicle, Visit
from app.models.follow_up_plan import FollowUpList, FollowUpListEntry, PlannedFollowUp
from app.models.follow_up_result import REACHED, FollowUpResult

FIRST_LEVEL = 1
LONGEST_LIST = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is to hold: visits, or the calls of visits, from `begins` until before `ends`.

    Arguments: is_of_calls, whether the first-level calls count and not the visits; kind, of the visits, empty for
    both; amount_from, yuan; words, in what was done.
    """

    site_id: str
    occasion: str
    begins: datetime
    ends: datetime
    is_of_calls: bool = False
    kind: str = ""
    amount_from: Decimal | None = None
    words: str = ""


def candidates(session: Session, wanted: Wanted, *, most: int = LONGEST_LIST) -> Sequence[Visit]:
    """The visits, oldest first: those planned on this occasion already and those not to be called are left out."""
    query = _callable_visits(wanted.site_id, wanted.occasion)
    if wanted.is_of_calls:
        query = query.where(_called_between(wanted.begins, wanted.ends))
    else:
        query = query.where(Visit.handed_over_at >= wanted.begins, Visit.handed_over_at < wanted.ends)
    if wanted.kind:
        query = query.where(Visit.kind == wanted.kind)
    if wanted.amount_from is not None:
        query = query.where(Visit.amount >= wanted.amount_from)
    if wanted.words:
        query = query.where(Visit.work_done.icontains(wanted.words, autoescape=True))
    return session.scalars(query.order_by(Visit.handed_over_at, Visit.id).limit(most)).all()


def visits_by_order(
    session: Session, site_id: str, occasion: str, numbers: Collection[str], kind: str
) -> Sequence[Visit]:
    """Those visits of these order numbers that may stand on a list."""
    query = _callable_visits(site_id, occasion).where(Visit.order_number.in_(numbers))
    if kind:
        query = query.where(Visit.kind == kind)
    return session.scalars(query.order_by(Visit.handed_over_at, Visit.id)).all()


def entries_of(session: Session, list_id: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """The visits of a list with customer, car and what became of the call: those picked, those marked, the others."""
    query = (
        select(
            FollowUpListEntry.visit_id, FollowUpListEntry.ground, FollowUpListEntry.picked, Visit.kind,
            Visit.order_number, Visit.handed_over_at, Visit.work_done, Visit.amount, Visit.advisor,
            Customer.name.label("customer"), Vehicle.plate, Vehicle.vin, Vehicle.model,
            PlannedFollowUp.state.label("state"), PlannedFollowUp.skip_reason, PlannedFollowUp.planned_on,
        )
        .join(Visit, Visit.id == FollowUpListEntry.visit_id)
        .join(Customer, Customer.id == Visit.customer_id)
        .join(Vehicle, Vehicle.id == Visit.vehicle_id)
        .outerjoin(
            PlannedFollowUp,
            and_(PlannedFollowUp.list_id == FollowUpListEntry.list_id, PlannedFollowUp.visit_id == Visit.id),
        )
        .where(FollowUpListEntry.list_id == list_id)
    )  # fmt: skip
    order = (FollowUpListEntry.picked == "", FollowUpListEntry.ground == "", Visit.handed_over_at, Visit.id)
    return session.execute(query.order_by(*order)).all()


def newest_lists(session: Session, site_id: str, occasions: Collection[str], count: int) -> Sequence[FollowUpList]:
    """The lists of a site for these occasions, newest first."""
    query = select(FollowUpList).where(FollowUpList.site_id == site_id, FollowUpList.occasion.in_(occasions))
    return session.scalars(query.order_by(FollowUpList.supplied_at.desc(), FollowUpList.id.desc()).limit(count)).all()


def lists_of_days(session: Session, site_id: str, occasion: str, first: date, last: date) -> Sequence[FollowUpList]:
    """The lists of a site for an occasion that are about one of these days, those laid aside left out."""
    query = select(FollowUpList).where(
        FollowUpList.site_id == site_id,
        FollowUpList.occasion == occasion,
        FollowUpList.first_day <= last,
        FollowUpList.last_day >= first,
        FollowUpList.state != "withdrawn",
    )
    return session.scalars(query.order_by(FollowUpList.supplied_at, FollowUpList.id)).all()


def _callable_visits(site_id: str, occasion: str) -> Select[Visit]:
    planned = exists().where(PlannedFollowUp.visit_id == Visit.id, PlannedFollowUp.occasion == occasion)
    return (
        select(Visit)
        .join(Customer, Customer.id == Visit.customer_id)
        .where(Visit.site_id == site_id, Customer.is_do_not_contact == false(), ~planned, _may_be_called())
    )


def _may_be_called() -> ColumnElement[bool]:
    """The newest word of the customer on calls: a repair needs a yes, a new car only no refusal (A5-6)."""
    newest = (
        select(Consent.state)
        .where(Consent.customer_id == Visit.customer_id, Consent.kind == "follow_up_call")
        .order_by(Consent.given_at.desc(), Consent.id.desc())
        .limit(1)
        .correlate(Visit)
        .scalar_subquery()
    )
    return or_(newest == "given", and_(newest.is_(None), Visit.kind != "repair"))


def _called_between(begins: datetime, ends: datetime) -> ColumnElement[bool]:
    return exists().where(
        FollowUpResult.visit_id == Visit.id,
        FollowUpResult.level == FIRST_LEVEL,
        FollowUpResult.result == REACHED,
        FollowUpResult.closed_at >= begins,
        FollowUpResult.closed_at < ends,
    )
