"""What programs do through it: each way from the first request to the last, and what is left behind in the history."""

import io
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import HistoryEvent, Look, User
from app.operations.actor import Actor
from app.operations.history_sealing import seal_history
from app.operations.process_instances import start_process
from app.worker import run_due
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import HERE, MARKER, Dealership
from tests.integration.web.engine_rest.program import Program
from tests.integration.web.test_clock_pages import REPORT

pytestmark = SQLITE_ONLY

EXPORT = "业务类型,单号,客户姓名,联系电话,VIN,交车时间,同意回访\n" + "".join(
    f"维修,RO-2{number},客户{number},1005555000{number},{vin},2026-05-25,是\n"
    for number, vin in enumerate(("ZZZFTRFX0TA000600", "ZZZFTRFX0TA000601", "SHORT"))
)
ProgramOf = Callable[[str], Program]


def told(sessions: sessionmaker[Session], event_type: str) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).where(HistoryEvent.type == event_type)) or 0


def test_a_clock_is_paused_by_who_has_seen_it_and_goes_on(
    app: Flask, dealership: Dealership, program_of: ProgramOf, sessions: sessionmaker[Session]
) -> None:
    with writing(), sessions() as session:
        case = start_process(
            session, "complaint", REPORT, site_id=HERE, actor=Actor("customer_service"), now=dealership.now
        )
        session.commit()
    with writing():
        run_due(sessions, dealership.now)
    manager, path = program_of("general_manager"), f"/cases/{case.id}/clocks"
    clocks = {one["clock"]: one for one in manager.get(path)["clocks"]}
    assert clocks["general_manager_informed"]["limitMinutes"] == 240
    path = f"{path}/general_manager_informed/1"
    seen = manager.send("GET", path).headers["ETag"]
    reason = {"reason": "away until tomorrow"}
    paused = manager.done("POST", f"{path}/pause", reason, 200, headers={"If-Match": seen})
    assert (paused["state"], paused["pauses"][0]["reason"]) == ("paused", "away until tomorrow")
    late = manager.done("POST", f"{path}/resume", None, 412, headers={"If-Match": seen})
    assert (late["error"], late["current"]) == ("VersionChanged", paused)
    lost = manager.done("POST", f"{path}/pause", reason, 409)
    assert (lost["error"], lost["current"]["state"]) == ("ClockNotPausable", "paused")
    app.extensions["clock"] = lambda: dealership.now + timedelta(hours=24)
    assert manager.done("POST", f"{path}/resume", None, 200)["dueAt"] > paused["dueAt"]
    program_of("customer_service").done("POST", f"{path}/pause", reason, 403)
    events = manager.get(f"/cases/{case.id}/history", limit=500)["events"]
    assert [event["personal"] for event in events if event["type"] == "clock_paused"] == [{"remark": reason["reason"]}]
    assert [event["number"] for event in events] == list(range(1, len(events) + 1))
    verified = manager.get(f"/cases/{case.id}/history/verification")
    assert verified == {"isIntact": True, "events": len(events), "problem": ""}


def test_a_file_is_found_looked_at_and_corrected_as_it_was_seen(
    dealership: Dealership, program_of: ProgramOf, sessions: sessionmaker[Session]
) -> None:
    advisor = program_of("service_advisor")
    [found] = advisor.get("/customers", q="RO-1")["customers"]
    assert (found["name"], found["vehicles"][0]["plate"]) == (MARKER, "示A11111")
    path = f"/customers/{found['id']}"
    answer = advisor.send("GET", path)
    assert answer.get_json()["card"]["values"]["phone"] == "10011112222"
    with sessions() as session:
        looks = session.scalars(select(Look.page).where(Look.customer_id == found["id"])).all()
    assert looks == ["/api/v1/customers/<customer_id>"]
    seen, change = {"If-Match": answer.headers["ETag"]}, {"values": {"postalAddress": "Lane 1", "grade": "valuable"}}
    assert advisor.done("PATCH", path, change, 200, headers=seen) == {"outcome": "changed"}
    assert advisor.done("PATCH", path, change, 412, headers=seen)["current"] is None, "nobody looks without a trace"
    assert advisor.get(path)["card"]["values"]["postalAddress"] == "Lane 1"
    refused = advisor.done("PATCH", path, {"values": {"birthDate": "yesterday"}}, 422)
    assert refused["fields"] == {"birthDate": "Write the date as 2026-01-31."}
    wishes = advisor.done("PUT", f"{path}/consent", {"state": "refused", "source": "call"}, 200)
    assert wishes == {"isDoNotContact": False, "consent": "refused"}
    new = {"name": "New", "phone": "100 2222 3333", "vin": "ZZZFTRFX0TA000999"}
    made = advisor.done("POST", "/customers", new, 201, headers={"Idempotency-Key": "1"})
    assert advisor.done("POST", "/customers", new, 201, headers={"Idempotency-Key": "1"}) == made
    assert told(sessions, "customer_created") == 2  # the one of the dealership and this one
    holder = {"name": "New", "phone": "10022223333"}
    exported = program_of("customer_service_manager").send("POST", "/customers/export")
    assert (exported.status_code, exported.mimetype) == (200, "text/csv")
    file = f"/vehicles/{dealership.vehicle_id}"
    seen = {"If-Match": advisor.send("GET", file).headers["ETag"]}
    assert advisor.done("PUT", f"{file}/holder", holder, 200, headers=seen) == {"outcome": "changed"}
    again = advisor.done("PUT", f"{file}/holder", {**holder, "name": "Another"}, 412, headers=seen)
    assert again["current"] is None
    holders = advisor.get(file)["holders"]
    assert [one["name"] for one in holders] == ["New", MARKER]


def test_an_export_is_uploaded_read_imported_planned_and_taken_back(
    dealership: Dealership, program_of: ProgramOf
) -> None:
    advisor = program_of("cr_advisor")
    again = {"Idempotency-Key": "export"}
    uploads = [
        advisor.done("POST", "/imports", status=201, headers=again, data=_upload()) for _attempt in range(2)
    ]  # fmt: skip
    assert uploads[0] == uploads[1]
    assert uploads[0]["rows"] == {"good": 2, "bad": 1}
    path = f"/imports/{uploads[0]['id']}"
    [bad] = advisor.get(f"{path}/rows", outcome="bad")["rows"]
    assert (bad["number"], *bad["problems"]) == (4, "vin")
    done = advisor.done("POST", f"{path}/confirm", {}, 200)
    assert (done["imported"], done["bad"]) == (2, 1)
    assert advisor.done("POST", f"{path}/confirm", {}, 409)["error"] == "FileAlreadyImported"
    calls = advisor.get("/follow-ups", week="2026-05-28", level=1, state="planned")["followUps"]
    counted = advisor.get("/follow-ups/counts", week="2026-05-28", level=1)["counts"]
    assert len(calls) == sum(one["count"] for one in counted if one["state"] == "planned") > 0
    first = calls[0]["id"]
    off = {"ids": [first], "reason": "on holiday"}
    assert advisor.done("POST", "/follow-ups/call-off", off, 200) == {"changed": 1}
    assert advisor.done("POST", "/follow-ups/move", {**off, "day": "2026-05-29"}, 409)["error"] == "FollowUpNotPlanned"
    month = calls[0]["lastDay"][:7]
    assert advisor.get("/follow-ups/made/calls", month=month, figure="called_off")["ids"] == [first]
    assert advisor.get("/follow-ups/made", month=month)["total"]["called_off"] == 1
    assert {one["obstacle"] for one in advisor.get(f"{path}/undo")["visits"]} == {""}
    assert advisor.done("POST", f"{path}/undo", {"reason": "wrong file"}, 200) == {"takenBack": 2, "kept": 0}


def _upload() -> dict[str, object]:
    return {"file": (io.BytesIO(EXPORT.encode()), "export.csv"), "site": HERE}


def test_reports_tell_what_their_pages_tell_and_files_are_written_down(
    dealership: Dealership, program_of: ProgramOf, sessions: sessionmaker[Session]
) -> None:
    manager = program_of("service_manager")
    report = manager.get(f"/reports/monthly/{HERE}/2026-05")
    figures = {one["id"]: one["count"] for one in report["months"][-1]["figures"]}
    assert len(report["months"]) == 13
    assert figures["repairs"] == 1
    behind = manager.get(f"/reports/monthly/{HERE}/2026-05/counted", figure="repairs")
    assert [visit["orderNumber"] for visit in behind["visits"]] == ["RO-1"]
    due = manager.get(f"/reports/monthly/{HERE}/2026-05/counted", figure="due")
    assert [case["id"] for case in due["cases"]] == [dealership.instance_id]
    statistics = manager.get("/reports/follow-ups", kind="month", on="2026-05-01")
    assert {one["id"]: one["count"] for one in statistics["figures"]}["due"] == figures["due"] == 1
    board = manager.get("/dashboard")
    assert sum(one["open"] for one in board["cases"]) == len(manager.get("/dashboard/cases")["cases"])
    for form, start in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("pdf", b"%PDF")):
        answer = manager.send("POST", f"/reports/monthly/{HERE}/2026-05/file", {"form": form})
        assert (answer.status_code, answer.data[: len(start)]) == (200, start)
    assert told(sessions, "report_exported") == 3
    program_of("auditor").done("POST", f"/reports/monthly/{HERE}/2026-05/file", {"form": "pdf"}, 403)


def test_refusals_speak_the_language_of_the_person_and_checkpoints_leave_the_house(
    program_of: ProgramOf, sessions: sessionmaker[Session], dealership: Dealership
) -> None:
    advisor = program_of("cr_advisor")
    wrong = advisor.done("PATCH", f"/customers/{dealership.customer_id}", {"values": {"nickname": "x"}}, 422)
    assert (wrong["error"], wrong["fields"]) == ("ShapeRefused", {"values": "“nickname” is not known here."})
    assert wrong["type"] == "/api-reference#status-422"
    assert wrong["incident"]
    with writing(), sessions() as session:
        session.execute(update(User).values(locale="zh_CN"))
        seal_history(session, dealership.now)
        session.commit()
    missing = advisor.done("GET", "/cases/none", status=404)
    assert (missing["title"], missing["instance"]) == ("找不到", "/api/v1/cases/none")
    assert advisor.done("GET", "/nothing-of-this-name", status=404)["status"] == 404
    assert advisor.done("DELETE", "/me", status=405)["status"] == 405
    assert advisor.done("GET", "/user-tasks?limit=0", status=422)["fields"] == {"limit": "此处应为 >= 1 的数字。"}
    newest = advisor.get("/history/checkpoint")
    assert newest["line"].startswith('{"format": "aftercare-checkpoint-1"')
    assert advisor.get("/user-tasks/counts")["views"]["claimable"] == 1
    with writing(), sessions() as session:
        session.execute(update(User).values(must_change_password=True))
        session.commit()
    assert advisor.done("GET", "/me", status=403)["error"] == "NotAllowed"  # a page would lead to the new password
