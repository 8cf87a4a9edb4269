"""A case that people start by hand belongs to the customer and the vehicle its form tells."""

import json

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, HistoryEvent, ProcessInstance, Vehicle, Visit
from app.operations.actor import SYSTEM, Actor
from app.operations.case_customers import customer_variables
from app.operations.deployments import deploy
from app.operations.process_instances import start_process
from app.operations.shipped import shipped_resources
from tests.integration.operations.dealership import CUSTOMER, NOW, Dealership

PHONE, PLATE = "10012345678", "示A12345"


@pytest.fixture
def complaints(session: Session, dealership: Dealership) -> Session:
    deploy(session, shipped_resources(), name="shipped", reason="for the tests", actor=SYSTEM, now=NOW)
    session.add(Vehicle(id="vehicle1", vin="LSVAA00000TEST001", plate=PLATE, holder_id=CUSTOMER, created_at=NOW))
    session.flush()
    return session


def start(session: Session, **told: object) -> ProcessInstance:
    values = {
        "is_form_complete": True, "vin": "", "order_number": "",
        "complainant_name": "王小明", "complainant_phone": PHONE, "plate": "", "complaint_channel": "phone",
        "complaint_contact_time": "any", "complaint_text": "the noise is still there", **told,
    }  # fmt: skip
    case = start_process(session, "complaint", values, site_id="main", actor=Actor("cam"), now=NOW)
    return session.get_one(ProcessInstance, case.id)


def test_phone_and_plate_are_found_as_people_write_them(complaints: Session) -> None:
    case = start(complaints, complainant_phone="100 1234-5678", plate="示a·12345")
    assert (case.customer_id, case.vehicle_id) == (CUSTOMER, "vehicle1")
    told = complaints.scalars(select(HistoryEvent.canonical).where(HistoryEvent.instance_id == case.id))
    subjects = {personal["subject"] for personal in (json.loads(text)["personal"] for text in told) if personal}
    assert subjects == {CUSTOMER}, "the customer's key covers what was said"


def test_the_phone_alone_finds_a_customer_whose_name_is_written_otherwise(complaints: Session) -> None:
    assert start(complaints, complainant_name="王先生").customer_id == CUSTOMER


def test_those_who_share_a_phone_are_told_apart_by_name(complaints: Session) -> None:
    complaints.add(Customer(id="wife", name="李小红", phone=PHONE, created_at=NOW, created_by="ada"))
    complaints.flush()
    assert start(complaints, complainant_name="李小红").customer_id == "wife"
    stranger = complaints.get_one(Customer, start(complaints, complainant_name="赵一").customer_id)
    assert (stranger.name, stranger.verification) == ("赵一", "unverified")


def test_the_holder_who_calls_from_another_number_is_found_by_plate_and_name(complaints: Session) -> None:
    case = start(complaints, complainant_phone="10099999999", plate=PLATE)
    assert (case.customer_id, case.vehicle_id) == (CUSTOMER, "vehicle1")


def test_the_number_of_the_order_finds_visit_and_vehicle_and_the_vin_the_vehicle(complaints: Session) -> None:
    dates = {"handed_over_at": NOW, "created_at": NOW, "customer_id": CUSTOMER, "vehicle_id": "vehicle1"}
    for site_id, kind in (("main", "repair"), ("outlet", "repair"), ("outlet", "delivery")):
        visit = Visit(id=f"{site_id}-{kind}", site_id=site_id, kind=kind, order_number="R-1", **dates)
        complaints.add(visit)
    complaints.flush()
    case = start(complaints, order_number="R-1")
    assert (case.visit_id, case.vehicle_id) == ("main-repair", "vehicle1")
    assert start(complaints, vin="lsvaa 00000 test001").vehicle_id == "vehicle1"
    assert start(complaints, order_number="R-2").visit_id is None
    assert customer_variables(
        complaints, {"order_number": "order"}, {"order": "R-1"}, site_id="outlet", actor=SYSTEM, now=NOW
    ) == {}, "a repair and a delivery have that number there"


def test_somebody_unknown_gets_one_file_marked_unverified(complaints: Session) -> None:
    before = complaints.scalar(select(func.count()).select_from(Customer))
    first = start(complaints, complainant_name="赵一", complainant_phone="10088888888", plate="示B00000")
    second = start(complaints, complainant_name="赵一", complainant_phone="100 8888 8888")
    assert first.customer_id == second.customer_id is not None
    assert complaints.get_one(Customer, first.customer_id).verification == "unverified"
    assert first.vehicle_id is None
    assert complaints.scalar(select(func.count()).select_from(Customer)) == (before or 0) + 1


def test_what_the_case_is_given_holds(complaints: Session) -> None:
    case = start(complaints, customer_id="somebody", vehicle_id="some vehicle")
    assert (case.customer_id, case.vehicle_id) == ("somebody", "some vehicle")
