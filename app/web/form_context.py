"""What a form may read besides the variables of its case: customer, vehicle, visit, site, who fills it in, today.

Read-only: none of it is stored with the answers.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app import feel
from app.models.customer import Customer, Vehicle, Visit
from app.models.organisation_facts import site_facts
from app.models.user_task_place import SeenCase
from app.operations.step_context import SiteCalendar
from app.web.current import current_person


@dataclass(frozen=True, slots=True)
class Surroundings:
    """FEEL values by name; and the clock, zone and working time of the site for the expressions of the form."""

    values: dict[str, object]
    environment: feel.Environment


def case_surroundings(session: Session, instance: SeenCase, now: datetime) -> Surroundings:
    """The surroundings of a form of this case; what the case has not is null."""
    customer = session.get(Customer, instance.customer_id) if instance.customer_id else None
    vehicle = session.get(Vehicle, instance.vehicle_id) if instance.vehicle_id else None
    visit = session.get(Visit, instance.visit_id) if instance.visit_id else None
    found = {"customer": _customer(customer), "vehicle": _vehicle(vehicle), "visit": _visit(visit)}
    return _surroundings(session, instance.site_id, found, now)


def start_surroundings(session: Session, site_id: str, now: datetime) -> Surroundings:
    """The surroundings of a start form: there is no case yet."""
    return _surroundings(session, site_id, {"customer": None, "vehicle": None, "visit": None}, now)


def _surroundings(session: Session, site_id: str, of_case: dict[str, Any], now: datetime) -> Surroundings:
    person, site = current_person(), site_facts(session, site_id)
    found = {
        **of_case,
        "site": {"id": site.id, "name": site.name},
        "me": {"id": person.id, "name": person.display_name},
        "today": now.astimezone(site.zone).date(),
    }
    return Surroundings(
        {name: feel.from_python(value) for name, value in found.items()},
        feel.Environment(now=now, zone=site.zone, calendar=SiteCalendar(session, site_id)),
    )


def _customer(customer: Customer | None) -> dict[str, Any] | None:
    if customer is None:
        return None
    return {"id": customer.id, "name": customer.name, "title": customer.title, "phone": customer.phone}


def _vehicle(vehicle: Vehicle | None) -> dict[str, Any] | None:
    if vehicle is None:
        return None
    return {"id": vehicle.id, "plate": vehicle.plate, "vin": vehicle.vin, "model": vehicle.model}


def _visit(visit: Visit | None) -> dict[str, Any] | None:
    if visit is None:
        return None
    return {
        "id": visit.id,
        "kind": visit.kind,
        "order_number": visit.order_number,
        "handed_over_at": visit.handed_over_at,
        "work_done": visit.work_done,
        "advisor": visit.advisor,
        "sent_in_by": visit.sent_in_by,
        "contact_phone": visit.contact_phone,
        "best_time": visit.best_time,
    }
