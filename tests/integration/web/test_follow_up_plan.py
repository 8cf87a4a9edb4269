"""The plan in the browser: looked at, changed, picked from lists, compared with what was made; an import taken back."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import FollowUpList, HistoryEvent, PlannedFollowUp, VisitImport
from app.operations.actor import Actor
from app.operations.visit_imports import import_good_rows, upload_visits
from app.visit_files import read_export
from tests.integration.web.browser import signed_in
from tests.integration.web.dealership import HERE, Dealership

# Pages are the same on both databases; their statements are asked for on both by the tests of all routes.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
THURSDAY, FRIDAY = date(2026, 5, 28), date(2026, 5, 29)
ROWS = "业务类型,单号,客户姓名,联系电话,VIN,交车时间,金额,同意回访\n" + "".join(
    f"维修,RO-1{number},客户{number},1005555000{number},ZZZFTRFX0TA00060{number},2026-05-25,{number}00,是\n"
    for number in range(4)
)


@pytest.fixture
def import_id(dealership: Dealership, sessions: sessionmaker[Session]) -> str:
    """Four repairs, to be followed up from Thursday to Monday."""
    actor = Actor("cr_advisor")
    with writing(), sessions() as session:
        export = read_export(ROWS.encode(), "x.csv")
        upload = upload_visits(session, export, site_id=HERE, actor=actor, now=dealership.now)
        import_good_rows(session, upload.id, is_consent_assumed=False, actor=actor, now=dealership.now)
        session.commit()
        return upload.id


def planned(sessions: sessionmaker[Session]) -> list[PlannedFollowUp]:
    with sessions() as session:
        query = select(PlannedFollowUp).where(PlannedFollowUp.latest_on > FRIDAY).order_by(PlannedFollowUp.id)
        return list(session.scalars(query))


def test_a_call_is_moved_within_its_days_and_called_off(
    app: Flask, import_id: str, sessions: sessionmaker[Session]
) -> None:
    advisor = signed_in(app, "cr_advisor")
    first = planned(sessions)[0]
    week = advisor.get("/plan?week=2026-05-28").text
    assert f'value="{first.id}"' in week
    assert "Nobody at this site" not in week
    assert 'href="/plan/lists' not in week
    too_late = {"id": first.id, "action": "move", "to_day": "2026-06-02", "reason": "zu Besuch"}
    answer = advisor.post("/plan?week=2026-05-28", too_late)
    assert answer.status_code == 409
    assert "may be called from 2026-05-28 to 2026-06-01 only." in answer.text
    assert "zu Besuch" in answer.text
    assert re.search(rf'value="{first.id}" checked', answer.text)
    move = {**too_late, "to_day": "2026-05-29", "to_caller": "-"}
    assert advisor.post("/plan?week=2026-05-28", move).status_code == 303
    assert (planned(sessions)[0].planned_on, planned(sessions)[0].advisor_id) == (FRIDAY, None)
    assert "Not assigned" in advisor.get("/plan?week=2026-05-28").text
    off = {"id": first.id, "action": "call_off", "reason": "has sold the car"}
    assert advisor.post("/plan?month=2026-05&day=all", off).status_code == 303
    assert "has sold the car" in advisor.get("/plan?month=2026-05&day=2026-05-29&state=skipped").text


def test_others_see_how_many_and_not_whom(app: Flask, import_id: str) -> None:
    service = signed_in(app, "customer_service")
    page = service.get("/plan?month=2026-05&day=all&level=1").text
    assert "客户0" not in page
    assert "not for you to see" in page
    assert ">1</strong>" in page


def test_days_are_spread_again_as_they_were_shown(app: Flask, import_id: str, sessions: sessionmaker[Session]) -> None:
    with writing(), sessions() as session:
        for call in session.scalars(select(PlannedFollowUp).where(PlannedFollowUp.latest_on > FRIDAY)):
            call.planned_on = THURSDAY
        session.commit()
    manager = signed_in(app, "service_manager")
    preview = manager.get("/plan/spread?week=2026-05-28").text
    digest = re.search(r'name="digest" value="(\w+)"', preview)
    assert digest
    assert manager.post("/plan/spread?week=2026-05-28", {"digest": "x", "reason": "ill"}).status_code == 409
    answer = manager.post("/plan/spread?week=2026-05-28", {"digest": digest[1], "reason": "ill"})
    assert answer.status_code == 303
    assert sorted(call.planned_on for call in planned(sessions)) == [THURSDAY, THURSDAY, FRIDAY, FRIDAY]


def test_a_list_is_supplied_by_one_and_picked_by_another(
    app: Flask, import_id: str, sessions: sessionmaker[Session]
) -> None:
    manager = signed_in(app, "service_manager")
    wanted = {"occasion": "quarter_repair", "first_day": "2026-05-20", "last_day": "2026-05-31", "amount_from": "100"}
    assert manager.post("/plan/lists", {**wanted, "last_day": "bald"}).status_code == 422
    address = manager.post("/plan/lists", wanted).location
    asked_for = manager.get("/plan/lists?occasion=quarter_new_car").text
    assert "nobody to list" in asked_for  # of April: the visits above are of May
    assert 'value="2026-01-01"' in asked_for
    page = manager.get(address).text
    assert "客户3" in page
    assert "客户0" not in page  # cost too little
    assert "Draw at random" not in page
    chief = signed_in(app, "general_manager")
    drawn = chief.post(address, {"action": "draw", "count": "2", "seed": "7"}, follow_redirects=True).text
    assert "Last drawn with seed 7." in drawn
    ids = re.findall(r'name="id" value="(\w+)" checked', drawn)
    assert len(ids) == 2
    marks = {f"ground-{ids[0]}": "vip"}
    assert chief.post(address, {"action": "confirm", "id": ids, **marks}).status_code == 303
    with sessions() as session:
        listed = session.scalars(select(FollowUpList).where(FollowUpList.state == "confirmed")).one()
        calls = session.scalars(select(PlannedFollowUp).where(PlannedFollowUp.list_id == listed.id)).all()
        assert sorted(call.visit_id for call in calls) == sorted(ids)
        assert {call.level for call in calls} == {3}
    assert "VIP" in chief.get(address).text


def test_every_figure_opens_its_calls_and_a_file_is_recorded(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    advisor = signed_in(app, "cr_advisor")
    page = advisor.get("/plan/made?month=2026-05").text
    link = re.search(r'href="(/plan/made/calls[^"]*figure=not_made[^"]*cut=occasion[^"]*)"', page)
    assert link
    behind = advisor.get(link[1].replace("&amp;", "&")).text
    assert f'href="/cases/{dealership.instance_id}"' in behind
    for form, begin in (("xlsx", b"PK"), ("csv", "\ufeff".encode())):
        file = advisor.post("/plan/made/file?month=2026-05", {"form": form})
        assert file.data.startswith(begin)
        assert file.headers["Content-Security-Policy"].startswith("sandbox")
    assert advisor.post("/plan/made/file?month=2026-05", {"form": "pdf"}).status_code == 422
    with sessions() as session:
        told = session.scalars(select(HistoryEvent.actor_id).where(HistoryEvent.type == "report_exported")).all()
        assert told == ["cr_advisor", "cr_advisor"]


def test_settings_are_changed_by_those_who_lead(app: Flask, dealership: Dealership) -> None:
    manager = signed_in(app, "service_manager")
    typed = {
        "most_calls_a_day": "30", "lost_after_months": "x", "sample_size": "10", "high_value_from": "8000",
        "lists_due_day": "5",
    }  # fmt: skip
    assert "Type a number." in manager.post("/plan/settings", typed).text
    assert manager.post("/plan/settings", {**typed, "lost_after_months": "9"}).status_code == 303
    assert 'value="30"' in manager.get("/plan/settings").text


def test_an_import_is_taken_back_after_a_look(app: Flask, import_id: str, sessions: sessionmaker[Session]) -> None:
    advisor = signed_in(app, "cr_advisor")
    preview = advisor.get(f"/imports/{import_id}/undo").text
    assert "4 visits go" in preview
    assert advisor.post(f"/imports/{import_id}/undo", {"reason": ""}).status_code == 422
    assert advisor.post(f"/imports/{import_id}/undo", {"reason": "wrong site"}).status_code == 303
    assert planned(sessions) == []
    assert "Taken back 4" in advisor.get(f"/imports/{import_id}").text
    with sessions() as session:
        assert session.get_one(VisitImport, import_id).state == "taken_back"
