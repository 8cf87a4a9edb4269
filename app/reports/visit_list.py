"""The visits behind a figure that counts customers or orders: no case stands for them."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.models import Vehicle, Visit
from app.models.paging import ListPage, list_page


def visit_page(session: Session, facts: Select[*tuple[Any, ...]], *, after: str | None = None) -> ListPage:
    """A page of the visits among `facts`, the newest first: moment, id, order number, kind, model, amount."""
    ids = facts.with_only_columns(facts.selected_columns.key)
    statement = (
        select(Visit.handed_over_at, Visit.id, Visit.order_number, Visit.kind, Vehicle.model, Visit.amount)
        .join(Vehicle, Vehicle.id == Visit.vehicle_id)
        .where(Visit.id.in_(ids))
    )
    return list_page(session, statement, (Visit.handed_over_at, Visit.id), after=after, newest_first=True)
