"""The plan as pages show it: how many calls on which day by whom, and the calls behind a number."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from app.models.customer import Customer, Vehicle, Visit
from app.models.follow_up_plan import PlannedFollowUp
from app.models.paging import PAGE, ListPage, list_page
from app.models.process_instance import ProcessInstance
from app.models.visibility import is_visible_to

STATES = ("planned", "started", "closed", "skipped")
NOBODY = "-"  # a caller that was not chosen yet


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """Which part of the plan: days of a site at a level; caller (NOBODY: none yet), occasion and state where named."""

    site_id: str
    first: date
    last: date
    level: int
    caller_id: str = ""
    occasion: str = ""
    state: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """It as conditions on `PlannedFollowUp`."""
        found = [
            PlannedFollowUp.site_id == self.site_id,
            PlannedFollowUp.planned_on.between(self.first, self.last),
            PlannedFollowUp.level == self.level,
        ]
        if self.caller_id:
            caller = None if self.caller_id == NOBODY else self.caller_id
            found.append(PlannedFollowUp.advisor_id.is_not_distinct_from(caller))
        if self.occasion:
            found.append(PlannedFollowUp.occasion == self.occasion)
        if self.state:
            found.append(PlannedFollowUp.state == self.state)
        return found


@dataclass(frozen=True, slots=True)
class PlanCount:
    """How many calls of a state are planned for a day and caller."""

    day: date
    caller_id: str | None
    state: str
    count: int


def plan_counts(session: Session, wanted: PlanFilter) -> list[PlanCount]:
    """The numbers of a part of the plan."""
    columns = (PlannedFollowUp.planned_on, PlannedFollowUp.advisor_id, PlannedFollowUp.state)
    rows = session.execute(select(*columns, func.count()).where(*wanted.conditions()).group_by(*columns))
    return [PlanCount(*row) for row in rows]


def plan_page(session: Session, wanted: PlanFilter, *, after: str | None) -> ListPage:
    """The calls behind the numbers, page by page, by day. Raises InvalidInput for a cursor that is none."""
    query = _calls().where(*wanted.conditions())
    key = (PlannedFollowUp.planned_on, PlannedFollowUp.id)
    return list_page(session, query, key, after=after, size=PAGE)


def calls_of(session: Session, ids: Collection[str], levels: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Those of these calls that are of some levels, by day."""
    query = _calls().where(PlannedFollowUp.id.in_(ids), PlannedFollowUp.level.in_(levels))
    return session.execute(query.order_by(PlannedFollowUp.planned_on, PlannedFollowUp.id)).all()


def _calls() -> Select[*tuple[Any, ...]]:
    return (
        select(
            PlannedFollowUp.planned_on, PlannedFollowUp.id, PlannedFollowUp.first_on, PlannedFollowUp.latest_on,
            PlannedFollowUp.occasion, PlannedFollowUp.state, PlannedFollowUp.skip_reason, PlannedFollowUp.skip_remark,
            PlannedFollowUp.advisor_id, PlannedFollowUp.is_fixed, PlannedFollowUp.instance_id,
            Visit.order_number, Customer.name.label("customer"), Vehicle.plate, Vehicle.vin,
        )
        .join(Visit, Visit.id == PlannedFollowUp.visit_id)
        .join(Customer, Customer.id == PlannedFollowUp.customer_id)
        .join(Vehicle, Vehicle.id == PlannedFollowUp.vehicle_id)
    )  # fmt: skip


def visible_cases(session: Session, user_id: str, rows: Sequence[Row[*tuple[Any, ...]]]) -> Collection[str]:
    """Those cases of these calls that a person may open."""
    ids = {row.instance_id for row in rows if row.instance_id}
    if not ids:
        return ()
    query = select(ProcessInstance.id).where(ProcessInstance.id.in_(ids), is_visible_to(user_id))
    return frozenset(session.scalars(query))
