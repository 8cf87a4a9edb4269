"""What a form may read besides the variables of its case: customer, vehicle, visit, site, who fills it in, today.

Read-only: none of it is stored with the answers. `people`, `files` and
`questionnaires` are looked up only for forms that name them.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import feel
from app.forms import FormDefinition
from app.models.case_content_queries import attachments_of
from app.models.customer import Customer, Vehicle, Visit
from app.models.follow_up_plan import PlannedFollowUp
from app.models.organisation_facts import site_facts
from app.models.people import memberships_by_person, people_at
from app.models.questionnaire import Question, questionnaires_for, questions_of
from app.models.user_task_place import SeenCase
from app.operations.step_context import SiteCalendar

KEPT = ("pending", "available")  # states of files that are there


@dataclass(frozen=True, slots=True)
class Reader:
    """Who fills the form in, and in which language."""

    id: str
    name: str
    locale: str


@dataclass(frozen=True, slots=True)
class FormSurroundings:
    """FEEL values by name; and the clock, zone and working time of the site for the expressions of the form."""

    values: dict[str, object]
    environment: feel.Environment


def _questionnaires(session: Session, instance_id: str) -> list[dict[str, object]]:
    """What the form of a follow-up may choose from: versions as options, with their questions as options again."""
    query = select(PlannedFollowUp.occasion, PlannedFollowUp.level).where(PlannedFollowUp.instance_id == instance_id)
    planned = session.execute(query).one_or_none()
    found = questionnaires_for(session, planned.occasion, planned.level) if planned else []
    return [
        {
            "value": version.id,
            "label": questionnaire.name,
            "label.zh_CN": questionnaire.name_zh,
            "questions": [_question(question) for question in questions_of(version) if question.is_active],
        }
        for questionnaire, version in found
    ]


def _question(question: Question) -> dict[str, object]:
    return {"value": question.id, "label": question.text, "label.zh_CN": question.text_zh, **asdict(question)}


def case_surroundings(
    session: Session, form: FormDefinition, instance: SeenCase, user_task_id: str, reader: Reader, now: datetime
) -> FormSurroundings:
    """The surroundings of a form of this case; what the case has not is null.

    `files` are those added at the user task, by their names.
    """
    customer = session.get(Customer, instance.customer_id) if instance.customer_id else None
    vehicle = session.get(Vehicle, instance.vehicle_id) if instance.vehicle_id else None
    visit = session.get(Visit, instance.visit_id) if instance.visit_id else None
    found: dict[str, Any] = {"customer": _customer(customer), "vehicle": _vehicle(vehicle), "visit": _visit(visit)}
    if "questionnaires" in form.names:
        found["questionnaires"] = _questionnaires(session, instance.id)
    if "files" in form.names:
        found["files"] = _files(session, instance.id, user_task_id)
    return _surroundings(session, form, instance.site_id, found, reader, now)


def start_surroundings(
    session: Session, form: FormDefinition, site_id: str, reader: Reader, now: datetime
) -> FormSurroundings:
    """The surroundings of a start form: there is no case yet."""
    return _surroundings(session, form, site_id, {"customer": None, "vehicle": None, "visit": None}, reader, now)


def _surroundings(
    session: Session, form: FormDefinition, site_id: str, of_case: dict[str, Any], reader: Reader, now: datetime
) -> FormSurroundings:
    site = site_facts(session, site_id)
    found = {
        **of_case,
        "site": {"id": site.id, "name": site.name},
        "me": asdict(reader),
        "today": now.astimezone(site.zone).date(),
    }
    if "people" in form.names:
        found["people"] = _people(session, site_id)
    return FormSurroundings(
        {name: feel.from_python(value) for name, value in found.items()},
        feel.Environment(now=now, zone=site.zone, calendar=SiteCalendar(session, site_id)),
    )


def _people(session: Session, site_id: str) -> list[dict[str, Any]]:
    """Who works at the site, as options of a drop-down list, each with the groups to choose by."""
    people = people_at(session, [site_id])
    groups = memberships_by_person(session, [user_id for user_id, _ in people], [site_id])
    return [
        {"value": user_id, "label": name, "groups": [group for group, _ in groups[user_id]]} for user_id, name in people
    ]


def _files(session: Session, instance_id: str, user_task_id: str) -> list[str]:
    return [
        attachment.original_name
        for attachment in attachments_of(session, instance_id)
        if attachment.user_task_id == user_task_id and attachment.state in KEPT
    ]


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
