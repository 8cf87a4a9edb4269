"""Customer and vehicle files on their pages: typed in, checked and filed by three, changed by request, looked at."""

import io

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.database import Base, writing
from app.models import Attachment, CardRequest, Customer, FileStep, HistoryEvent, Look, ProcessInstance, Vehicle
from app.operations.actor import SYSTEM, Actor
from app.operations.customer_erasure import erase_customer
from app.operations.history_verification import verify_history
from app.operations.process_instances import cancel_instance
from app.operations.projections import deviations
from tests.integration.operations.dealership import follow
from tests.integration.web.browser import signed_in
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import HERE, MARKER, Dealership
from tests.integration.web.filling import STRANGER

pytestmark = SQLITE_ONLY
VIN = "ZZZFTRFX0TA000999"
PHONE, PLATE = "10011112222", "示A11111"  # of the dealership's customer
NEW = {"name": "安宁", "title": "ms", "phone": "100 2222-3333", "vin": VIN, "plate": "示b·22222", "site_id": HERE}


def test_a_file_is_typed_in_found_and_never_made_twice(
    app: Flask, people: None, sessions: sessionmaker[Session]
) -> None:
    advisor = signed_in(app, "service_advisor")
    refused = advisor.post("/customers/new", {**NEW, "vin": "SHORT"})
    assert refused.status_code == 422
    assert "安宁" in refused.text
    made = advisor.post("/customers/new", NEW)
    assert made.location == advisor.post("/customers/new", NEW).location
    with sessions() as session:
        assert session.scalars(select(Vehicle.plate)).all() == ["示B22222"]
    for words in ("安宁", "10022223333", "22222", VIN):
        assert made.location in advisor.get("/customers", query_string={"q": words}).text
    page = advisor.get(made.location).text
    assert "100 2222 3333" in page
    taken = advisor.post("/customers/new", {**NEW, "name": "李红", "phone": "10000000001"})
    assert taken.status_code == 409


def test_other_sites_learn_only_that_a_number_is_known(app: Flask, dealership: Dealership) -> None:
    stranger = signed_in(app, STRANGER)
    page = stranger.get("/customers?q=10011112222").text
    assert "Another site knows this number" in page
    assert MARKER not in page
    assert dealership.customer_id not in page
    assert "Another site knows" not in stranger.get(f"/customers?q={MARKER}").text
    created = stranger.post("/customers/new", {**NEW, "site_id": HERE})
    assert created.status_code == 403


def test_cards_are_checked_and_filed_in_batches_by_three(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    manager = signed_in(app, "customer_service_manager")
    ticked = {"kind": "vehicle", "step": "verified", "card": dealership.vehicle_id}
    assert dealership.vehicle_id in manager.get("/customers/checks").text
    assert signed_in(app, "cr_advisor").post("/customers/checks", ticked).status_code == 200  # refused, row by row
    assert manager.post("/customers/checks", ticked).status_code == 303
    own = manager.post("/customers/checks", {**ticked, "step": "filed"})
    assert "you checked this card" in own.text
    assert signed_in(app, "customer_service").post("/customers/checks", {**ticked, "step": "filed"}).status_code == 303
    with sessions() as session:
        assert session.get_one(Vehicle, dealership.vehicle_id).verification == "filed"
        steps = session.execute(select(FileStep.step, FileStep.user_id).where(FileStep.card_kind == "vehicle")).all()
    assert {tuple(step) for step in steps} == {
        ("entered", "service_advisor"), ("verified", "customer_service_manager"), ("filed", "customer_service"),
    }  # fmt: skip


def test_a_request_is_decided_by_somebody_else(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    manager = signed_in(app, "customer_service_manager")
    listed = manager.get("/customers/requests").text
    assert "10011113333" in listed
    assert "Approve" not in signed_in(app, "service_advisor").get("/customers/requests").text
    path = f"/customers/requests/{dealership.request_id}"
    assert manager.post(path, {"decision": "approve"}).status_code == 303
    assert manager.post(path, {"decision": "approve"}).status_code == 409
    with sessions() as session:
        customer = session.get_one(Customer, dealership.customer_id)
        assert (customer.phone, customer.verification) == ("10011113333", "verified")
        assert session.get_one(CardRequest, dealership.request_id).decided_by == "customer_service_manager"


def test_every_look_and_every_export_is_written_down(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    manager = signed_in(app, "customer_service_manager")
    manager.get(f"/customers/{dealership.customer_id}")
    manager.get(f"/vehicles/{dealership.vehicle_id}")
    manager.get("/customers/requests")
    exported = manager.post("/customers/export")
    assert MARKER in exported.data.decode("utf-8-sig")
    copied = manager.post(f"/customers/{dealership.customer_id}/copy")
    assert copied.json is not None
    assert copied.json["customer"]["name"] == MARKER
    with sessions() as session:
        looks = session.execute(
            select(Look.page, func.count()).where(Look.user_id == "customer_service_manager").group_by(Look.page)
        ).all()
        events = session.scalars(select(HistoryEvent.type).where(HistoryEvent.actor_id == "customer_service_manager"))
        assert {"customers_exported", "customer_copy_made"} <= set(events)
    assert {tuple(row) for row in looks} == {
        ("/customers/<customer_id>", 1), ("/vehicles/<vehicle_id>", 1), ("/customers/requests", 1), ("export", 2),
    }  # fmt: skip


def test_a_paper_of_the_vehicle_is_for_its_site(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    advisor, path = signed_in(app, "service_advisor"), f"/vehicles/{dealership.vehicle_id}"
    file = {"paper": "sales", "file": (io.BytesIO(b"contract of sale"), "contract.txt")}
    assert advisor.post(f"{path}/papers", file).status_code == 303
    with sessions() as session:
        paper = session.scalars(select(Attachment).where(Attachment.vehicle_id == dealership.vehicle_id)).one()
    assert "contract.txt" in advisor.get(path).text
    assert advisor.get(f"/attachments/{paper.id}").data == b"contract of sale"
    assert signed_in(app, STRANGER).get(f"/attachments/{paper.id}").status_code == 404
    assert signed_in(app, "process_owner").get(f"/attachments/{paper.id}").status_code == 404
    remove = f"{path}/papers/{paper.id}/remove"
    assert signed_in(app, "cr_advisor").post(remove, {"reason": "x"}).status_code == 403
    assert advisor.post(remove, {"reason": "the wrong car"}).status_code == 303
    assert advisor.get(f"/attachments/{paper.id}").status_code == 404


def test_a_sold_car_goes_to_a_new_holder_and_wishes_hold_at_once(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    advisor = signed_in(app, "service_advisor")
    sold = advisor.post(f"/vehicles/{dealership.vehicle_id}/holder", {"name": "李红", "phone": "10000000001"})
    assert sold.status_code == 303
    page = advisor.get(f"/vehicles/{dealership.vehicle_id}").text
    assert "李红" in page
    assert MARKER in page, "who had it before"
    wish = {"state": "withdrawn", "source": "counter"}
    assert advisor.post(f"/customers/{dealership.customer_id}/consent", wish).status_code == 303
    tick = {"is_do_not_contact": "yes"}
    assert advisor.post(f"/customers/{dealership.customer_id}/do-not-contact", tick).status_code == 303
    assert "no longer wants to be called" in advisor.get(f"/customers/{dealership.customer_id}").text
    with sessions() as session:
        assert session.get_one(Customer, dealership.customer_id).is_do_not_contact
        assert session.get_one(Vehicle, dealership.vehicle_id).unverified_fields == []  # never checked: all of it


def test_who_was_merged_leads_to_the_kept_file(app: Flask, dealership: Dealership) -> None:
    manager = signed_in(app, "service_manager")
    assert manager.get("/customers/merged").location == f"/customers/{dealership.customer_id}"
    assert signed_in(app, STRANGER).get("/customers/merged").status_code == 404
    assert manager.post(f"/customers/duplicates/undo/{dealership.pair_id}").location == "/customers/merged"
    page = manager.get("/customers/duplicates").text
    assert "10011112223" in page
    pair = {"kept": dealership.customer_id, "other": "merged"}
    assert manager.post("/customers/duplicates/merge", pair).status_code == 409  # something is asked for of one


def test_the_page_of_a_case_leads_to_the_file_for_who_may_read_it(app: Flask, dealership: Dealership) -> None:
    case = f"/cases/{dealership.instance_id}"
    advisor = signed_in(app, "cr_advisor").get(case).text
    assert f'href="/customers/{dealership.customer_id}"' in advisor
    assert f'href="/vehicles/{dealership.vehicle_id}"' in advisor
    assert "/customers/" not in signed_in(app, "process_owner").get(case).text


def test_w61_after_an_erasure_nothing_tells_the_person(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    with writing(), sessions() as session:
        follow(session)
        instance_id = session.scalars(select(ProcessInstance.id)).one()
        cancel_instance(session, instance_id, "erased", actor=Actor("process_owner"), now=dealership.now)
        session.commit()
    assert places_of(sessions, PHONE) >= {"customer", "visit_import_row", "search_case"}
    advisor, manager = signed_in(app, "service_advisor"), signed_in(app, "customer_service_manager")
    manager.post(f"/customers/requests/{dealership.request_id}", {"decision": "reject"})
    path, asked = f"/customers/{dealership.customer_id}", {"kind": "deletion", "reason": "asked for by letter"}
    assert advisor.post(f"{path}/removal", asked).status_code == 303
    with sessions() as session:
        request_id = session.scalars(select(CardRequest.id).where(CardRequest.kind == "deletion")).one()
    assert manager.post(f"/customers/requests/{request_id}", {"decision": "approve"}).status_code == 303
    assert advisor.get(path).status_code == 404
    assert [places_of(sessions, text) for text in (PHONE, PLATE, "10011112223")] == [set(), set(), set()]
    with writing(), sessions() as session:
        erase_customer(session, dealership.customer_id, "once more", actor=SYSTEM, now=dealership.now)
        follow(session)
        session.commit()
        assert verify_history(session).is_intact
        assert deviations(session, instance_id) == []
    assert places_of(sessions, PHONE) == set()


def places_of(sessions: sessionmaker[Session], text: str) -> set[str]:
    """The tables of the main database in which a text stands somewhere, readable."""
    with sessions() as session:
        return {
            table.name
            for table in Base.metadata.sorted_tables
            for row in session.execute(select(table))
            if any(text in _readable(value) for value in row)
        }


def _readable(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
