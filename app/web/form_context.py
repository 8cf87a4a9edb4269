"""What a form may read besides the variables of its case: customer, vehicle, visit, site, who fills it in, today.

Read-only: none of it is stored with the answers.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app import feel
from app.models.customer import Customer, Vehicle, Visit
from app.models.organisation import Site
from app.models.process_instance import ProcessInstance
from app.operations.step_context import SiteCalendar
from app.web.current import current_person


def case_context(session: Session, instance: ProcessInstance, now: datetime) -> dict[str, object]:
    """The context of a form of this case, as FEEL values; what the case has not is null."""
    customer = session.get(Customer, instance.customer_id) if instance.customer_id else None
    vehicle = session.get(Vehicle, instance.vehicle_id) if instance.vehicle_id else None
    visit = session.get(Visit, instance.visit_id) if instance.visit_id else None
    found = {
        "customer": _customer(customer),
        "vehicle": _vehicle(vehicle),
        "visit": _visit(visit),
        **_surroundings(session.get_one(Site, instance.site_id), now),
    }
    return {name: feel.from_python(value) for name, value in found.items()}


def start_context(session: Session, site_id: str, now: datetime) -> dict[str, object]:
    """The context of a start form: there is no case yet."""
    found = {"customer": None, "vehicle": None, "visit": None, **_surroundings(session.get_one(Site, site_id), now)}
    return {name: feel.from_python(value) for name, value in found.items()}


def form_environment(session: Session, site_id: str, now: datetime) -> feel.Environment:
    """The clock, zone and working time of a site for the expressions of a form."""
    zone = ZoneInfo(session.get_one(Site, site_id).zone)
    return feel.Environment(now=now, zone=zone, calendar=SiteCalendar(session, site_id))


def _surroundings(site: Site, now: datetime) -> dict[str, Any]:
    person = current_person()
    return {
        "site": {"id": site.id, "name": site.name},
        "me": {"id": person.id, "name": person.display_name},
        "today": now.astimezone(ZoneInfo(site.zone)).date(),
    }


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
