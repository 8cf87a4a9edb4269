"""The clocks of a complaint on pages: time left, paused with a reason, resumed, and who may."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import UserTask
from app.operations.actor import Actor
from app.operations.process_instances import start_process
from app.worker import run_due
from tests.integration.web.browser import signed_in
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import HERE, Dealership

REPORT = {
    "complaint_text": "The brake squeals", "complaint_channel": "phone", "complaint_contact_time": "now",
    "complainant_name": "x", "complainant_phone": "100", "plate": "",
}  # fmt: skip


@SQLITE_ONLY
def test_a_clock_is_seen_paused_and_resumed(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    """Reported on a Wednesday at 10:00: half a working day is over at 15:30, lunch left out."""
    with writing(), sessions() as session:
        case = start_process(
            session, "complaint", REPORT, site_id=HERE, actor=Actor("customer_service"), now=dealership.now
        )
        session.commit()
    with writing():
        run_due(sessions, dealership.now)  # the complaint is registered
    with sessions() as session:
        note = session.scalars(select(UserTask.id).where(UserTask.element_id == "Activity_NoteComplaint")).one()
    app.extensions["clock"] = lambda: dealership.now + timedelta(minutes=90)
    gm = signed_in(app, "general_manager")
    assert "2 h 30 min left" in gm.get("/inbox?view=claimable").text
    page = gm.get(f"/user-tasks/{note}").text
    assert "General manager informed: due Today 15:30, limit 4 h" in " ".join(page.split())
    address = f"/cases/{case.id}/clocks/general_manager_informed/1"
    assert f'href="{address}/pause?user_task={note}"' in page
    assert "clocks/" not in signed_in(app, "customer_service").get(f"/cases/{case.id}").text
    assert gm.get(f"{address}/pause?user_task={note}").status_code == 200
    assert gm.post(f"{address}/pause", {"reason": " "}).status_code == 422
    assert gm.post(f"{address}{10**20}/pause", {"reason": "no such round"}).status_code == 404
    answer = gm.post(f"{address}/pause", {"reason": "away until tomorrow", "user_task": note})
    assert answer.headers["Location"].startswith(f"/user-tasks/{note}")
    assert "Paused" in gm.get("/inbox?view=claimable").text
    ledger = gm.get(f"/cases/{case.id}").text
    assert "away until tomorrow" in ledger
    assert "until now" in ledger
    app.extensions["clock"] = lambda: dealership.now + timedelta(hours=24)
    assert gm.post(f"{address}/resume", {}).status_code == 303
    ledger = gm.get(f"/cases/{case.id}").text
    assert "2 h 30 min left of 4 h" in ledger
    history = gm.get(f"/cases/{case.id}/history").text
    assert "Clock paused: General manager informed" in history
    assert "Due date moved: Take note of complaint" in history
    late = dealership.now + timedelta(days=3)
    app.extensions["clock"] = lambda: late
    with writing():
        run_due(sessions, late)
    told = gm.get("/notifications").text
    assert "Not done in time: Answer to the customer" in told
    assert "not done in time" in gm.get(f"/cases/{case.id}").text
