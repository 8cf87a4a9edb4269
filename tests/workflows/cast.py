"""Who acts in the scenarios: one person for each group that the shipped processes name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time

from app.calendars import Stretch, WorkingCalendar
from app.engine.outcome import OpenedUserTask
from app.operations.follow_up_occasions import CALLER_GROUPS
from tests.unit.engine.case import ZONE

WORKDAY = (Stretch(time(9), time(12)), Stretch(time(13), time(18)))
WEEK = dict.fromkeys(range(5), WORKDAY)
CALENDAR = WorkingCalendar(ZONE, WEEK, {})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works at the site."""

    id: str
    name: str
    group: str


CAST = (
    Person("caller", "林一", "cr_advisor"),
    Person("advisor", "许知秋", "service_advisor"),
    Person("expert", "高远", "technical_expert"),
    Person("manager", "周成", "service_manager"),
    Person("business", "何平", "business_manager"),
    Person("coordinator", "陈晨", "customer_service"),
    Person("coordinators_manager", "罗兰", "customer_service_manager"),
    Person("general_manager", "马明", "general_manager"),
    Person("office", "丁宁", "gm_office"),
)
BY_ID = {person.id: person for person in CAST}
_BY_GROUP = {person.group: person for person in CAST}


def whose(opened: OpenedUserTask) -> str:
    """The person who does a user task: its assignee, else the one of the first group it is meant for."""
    return opened.assignee or _BY_GROUP[opened.candidate_groups[0]].id


CUSTOMER = {"name": "沈小满", "title": "ms", "phone": "10000000001"}
VEHICLE = {"plate": "沪A00001", "vin": "LAFTERCARE0000001", "model": "晨风 3"}
VISIT = {
    "order_number": "R-2026-0001", "handed_over_at": datetime(2026, 2, 27, 17, 30, tzinfo=ZONE),
    "work_done": "更换刹车片", "advisor": "许知秋", "sent_in_by": "沈小满", "best_time": "下午",
}  # fmt: skip
SITE_NAME = "示例店"
DEPLOYED_AT = datetime(2026, 2, 14, 4, 0, tzinfo=UTC)
PLANNED_ID, VISIT_ID, CUSTOMER_ID, VEHICLE_ID = "plan-1", "visit-1", "customer-1", "vehicle-1"


def planned_variables(occasion: str, level: int, advisor_id: str | None) -> dict[str, object]:
    """What the case of a planned follow-up starts with."""
    return {
        "planned_follow_up_id": PLANNED_ID,
        "visit_id": VISIT_ID,
        "customer_id": CUSTOMER_ID,
        "vehicle_id": VEHICLE_ID,
        "occasion": occasion,
        "level": level,
        "caller_group": CALLER_GROUPS[level],
        "advisor_id": advisor_id,
    }
