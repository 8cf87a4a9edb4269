"""People: found, made, changed and disabled by the administrators of their sites only, each change in the history."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import Department, HistoryEvent, Membership, User, WebSession
from app.operations.history import CONFIGURATION_STREAM
from app.operations.history_reading import read_events
from tests.integration.web.browser import Browser, signed_in
from tests.integration.web.conftest import SteppedClock
from tests.integration.web.dealership import ELSEWHERE, HERE
from tests.integration.web.filling import CHIEF, STRANGER

NEW = {
    "id": "Lin.New", "display_name": "林新", "email": "lin@shop.example", "locale": "", "home_site_id": HERE,
    "member": [f"cr_advisor@{HERE}", f"front_desk@{HERE}"],
}  # fmt: skip


def memberships(session: Session, user_id: str) -> set[str]:
    rows = session.execute(select(Membership.group_id, Membership.site_id).where(Membership.user_id == user_id))
    return {f"{group}@{site}" for group, site in rows}


def groups_form(before: set[str], after: set[str], reason: str = "change of post") -> dict[str, object]:
    return {"seen": sorted(before), "member": sorted(after), "reason": reason}


def test_person_is_made_with_a_password_shown_once(app: Flask, people: None, sessions: sessionmaker[Session]) -> None:
    admin = signed_in(app, "admin")
    answer = admin.post("/admin/users", NEW)
    assert answer.status_code == 200
    password = re.search(r"once\">([^<]+)<", answer.text)
    assert password
    assert password[1] not in admin.get("/admin/users/lin.new").text
    newcomer = Browser(app)
    assert newcomer.sign_in("lin.new", password[1]).status_code == 302
    assert newcomer.get("/inbox").headers["Location"] == "/password"
    with sessions() as session:
        assert memberships(session, "lin.new") == {f"cr_advisor@{HERE}", f"front_desk@{HERE}"}
        assert session.get_one(User, "lin.new").locale == ""


def test_w52_what_was_typed_stays_when_the_new_person_is_refused(app: Flask, people: None) -> None:
    answer = signed_in(app, "admin").post("/admin/users", {**NEW, "email": "no address"})
    assert answer.status_code == 422
    assert 'value="林新"' in answer.text
    assert f'value="cr_advisor@{HERE}" checked' in answer.text
    assert 'aria-invalid="true"' in answer.text
    taken = signed_in(app, "admin").post("/admin/users", {**NEW, "id": "cr_advisor"})
    assert taken.status_code == 409


def test_w02_administrator_puts_nobody_into_groups_of_other_sites(
    app: Flask, people: None, sessions: sessionmaker[Session]
) -> None:
    admin = signed_in(app, "admin")
    assert admin.post("/admin/users", {**NEW, "member": f"admin@{ELSEWHERE}"}).status_code == 403
    assert admin.post("/admin/users", {**NEW, "home_site_id": ELSEWHERE}).status_code == 403
    answer = admin.post("/admin/users/cr_advisor/groups", groups_form(set(), {f"admin@{ELSEWHERE}"}))
    assert answer.status_code == 403
    with sessions() as session:
        assert session.get(User, "lin.new") is None
        assert memberships(session, "cr_advisor") == {f"cr_advisor@{HERE}"}


def test_w01_people_of_other_sites_do_not_exist_for_an_administrator(app: Flask, people: None) -> None:
    admin = signed_in(app, "admin")
    assert STRANGER not in admin.get("/admin/users?state=all").text
    assert STRANGER not in admin.get(f"/admin/users?group=cr_advisor&site={ELSEWHERE}").text
    assert admin.get(f"/admin/users/{STRANGER}").status_code == 404
    for path in ("", "/groups", "/state", "/password", "/second-factor"):
        form = {"display_name": "x", "reason": "x", "member": f"cr_advisor@{HERE}"}
        assert admin.post(f"/admin/users/{STRANGER}{path}", form).status_code == 404
    assert signed_in(app, CHIEF).get(f"/admin/users/{STRANGER}").status_code == 200


def test_account_of_somebody_who_works_elsewhere_too_is_changed_by_who_administers_both(
    app: Flask, people: None, sessions: sessionmaker[Session]
) -> None:
    with writing(), sessions() as session:
        session.add(Membership(user_id="cr_advisor", group_id="cr_advisor", site_id=ELSEWHERE))
        session.commit()
    admin, chief = signed_in(app, "admin"), signed_in(app, CHIEF)
    assert 'name="display_name"' not in admin.get("/admin/users/cr_advisor").text
    for path in ("", "/password", "/state"):
        assert admin.post(f"/admin/users/cr_advisor{path}", {"display_name": "x", "reason": "x"}).status_code == 403
    changed = chief.post("/admin/users/cr_advisor", {"display_name": "Other", "home_site_id": HERE})
    assert changed.status_code == 303


def test_w09_groups_need_a_reason_and_are_recorded(app: Flask, people: None, sessions: sessionmaker[Session]) -> None:
    admin = signed_in(app, "admin")
    before, after = {f"cr_advisor@{HERE}"}, {f"front_desk@{HERE}"}
    path = "/admin/users/cr_advisor/groups"
    refused = admin.post(path, groups_form(before, after, reason=" "))
    assert refused.status_code == 422
    assert f'value="front_desk@{HERE}" checked' in refused.text
    assert admin.post(path, groups_form(before, after)).status_code == 303
    with sessions() as session:
        assert memberships(session, "cr_advisor") == after
        [event] = session.scalars(select(HistoryEvent).where(HistoryEvent.type == "memberships_changed"))
        content = json.loads(event.canonical)
        assert content["reason"] == "change of post"
        assert content["actor"] == "admin"
        assert content["body"] == {"user": "cr_advisor", "added": sorted(after), "removed": sorted(before)}


@pytest.mark.parametrize("path", ["", "/groups", "/state", "/password", "/second-factor"])
def test_w09_changes_of_people_need_a_recent_sign_in(
    app: Flask, people: None, session_clock: SteppedClock, path: str
) -> None:
    admin = signed_in(app, "admin")
    session_clock.ahead = timedelta(minutes=11)
    answer = admin.post(f"/admin/users/cr_advisor{path}", {"display_name": "Kept", "reason": "Kept"})
    assert answer.status_code == 403
    assert "Kept" in answer.text


def test_groups_changed_meanwhile_are_not_overwritten(
    app: Flask, people: None, sessions: sessionmaker[Session]
) -> None:
    admin = signed_in(app, "admin")
    path = "/admin/users/cr_advisor/groups"
    assert admin.post(path, groups_form({f"auditor@{HERE}"}, set())).status_code == 409
    with sessions() as session:
        assert memberships(session, "cr_advisor") == {f"cr_advisor@{HERE}"}


def test_nobody_locks_himself_out_and_a_site_keeps_an_administrator(
    app: Flask, people: None, sessions: sessionmaker[Session]
) -> None:
    admin, chief = signed_in(app, "admin"), signed_in(app, CHIEF)
    own = {f"admin@{HERE}"}
    assert admin.post("/admin/users/admin/groups", groups_form(own, set())).status_code == 409
    assert admin.post("/admin/users/admin/state", {"reason": "x"}).status_code == 409
    assert admin.post("/admin/users/admin/password").status_code == 409
    both = {f"admin@{HERE}", f"admin@{ELSEWHERE}"}
    assert admin.post(f"/admin/users/{CHIEF}/groups", groups_form(own, set())).status_code == 303
    refused = chief.post("/admin/users/admin/state", {"reason": "gone"})
    assert refused.status_code == 404  # CHIEF administers only the outlet now
    with sessions() as session:
        assert memberships(session, CHIEF) == both - own


def test_last_administrator_is_not_disabled(app: Flask, people: None, sessions: sessionmaker[Session]) -> None:
    chief = signed_in(app, CHIEF)
    with writing(), sessions() as session:
        session.get_one(User, "admin").is_active = False
        session.commit()
    assert chief.post("/admin/users", {**NEW, "member": f"admin@{HERE}"}).status_code == 200
    assert chief.post("/admin/users/lin.new/state", {"reason": "left"}).status_code == 303
    with sessions() as session:
        assert not session.get_one(User, "lin.new").is_active


def test_disabled_person_is_out_at_once_and_comes_back(
    app: Flask, people: None, sessions: sessionmaker[Session]
) -> None:
    admin, advisor = signed_in(app, "admin"), signed_in(app, "cr_advisor")
    assert admin.post("/admin/users/cr_advisor/state", {"reason": ""}).status_code == 422
    assert admin.post("/admin/users/cr_advisor/state", {"reason": "long leave"}).status_code == 303
    assert advisor.get("/inbox").status_code == 302
    assert "Cr Advisor" not in admin.get("/admin/users").text
    assert "Cr Advisor" in admin.get("/admin/users?state=disabled").text
    assert admin.post("/admin/users/cr_advisor/state", {"reason": "back again"}).status_code == 303
    assert signed_in(app, "cr_advisor").get("/inbox").status_code == 200
    with sessions() as session:
        wanted = ("user_disabled", "user_enabled")
        found = session.scalars(select(HistoryEvent.type).where(HistoryEvent.type.in_(wanted)))
        assert found.all() == ["user_disabled", "user_enabled"]


def test_new_password_is_shown_once_and_ends_sessions(app: Flask, people: None) -> None:
    admin, advisor = signed_in(app, "admin"), signed_in(app, "cr_advisor")
    answer = admin.post("/admin/users/cr_advisor/password")
    password = re.search(r"once\">([^<]+)<", answer.text)
    assert password
    assert advisor.get("/inbox").status_code == 302
    assert Browser(app).sign_in("cr_advisor", password[1]).status_code == 302


def test_account_keeps_name_and_address_encrypted_in_the_history(
    app: Flask, people: None, sessions: sessionmaker[Session]
) -> None:
    admin = signed_in(app, "admin")
    form = {"display_name": "琥珀", "email": "amber@shop.example", "locale": "zh_CN", "home_site_id": HERE}
    assert admin.post("/admin/users/cr_advisor", form).status_code == 303
    with sessions() as session:
        events = read_events(session, CONFIGURATION_STREAM)
        [event] = [event for event in events if event.type == "user_changed"]
        assert event.body["changes"] == {"locale": {"old": "en", "new": "zh_CN"}}
        assert event.personal == {
            "display_name": {"old": "Cr Advisor", "new": "琥珀"},
            "email": {"old": None, "new": "amber@shop.example"},
        }
        assert (
            "琥珀".encode()
            not in session.scalars(select(HistoryEvent.canonical).where(HistoryEvent.type == "user_changed")).one()
        )


def test_group_with_a_second_factor_demands_it_in_the_middle_of_work(
    app: Flask, people: None, sessions: sessionmaker[Session]
) -> None:
    chief, advisor = signed_in(app, CHIEF), signed_in(app, "cr_advisor")
    form = {"name_zh": "总经理", "name_en": "General manager", "requires_second_factor": "yes"}
    assert chief.post("/admin/groups/general_manager", form).status_code == 303
    before = {f"cr_advisor@{HERE}"}
    answer = chief.post("/admin/users/cr_advisor/groups", groups_form(before, before | {f"general_manager@{HERE}"}))
    assert answer.status_code == 303
    assert advisor.get("/inbox").headers["Location"].startswith("/account/second-factor")
    with sessions() as session:
        found = session.scalars(select(WebSession.second_factor).where(WebSession.user_id == CHIEF))
        assert found.all() == [""]


def test_site_is_added_with_departments_and_its_administrators(
    app: Flask, people: None, sessions: sessionmaker[Session]
) -> None:
    chief = signed_in(app, CHIEF)
    form = {"id": "west", "name": "城西", "zone": "Asia/Shanghai", "is_outlet": "yes"}
    assert chief.post("/admin/sites", {**form, "zone": "Mars"}).status_code == 422
    assert chief.post("/admin/sites", form).status_code == 303
    assert chief.post("/admin/sites/west/departments", {"name_zh": "", "name_en": "x"}).status_code == 422
    assert chief.post("/admin/sites/west/departments", {"name_zh": "维修", "name_en": "Repair"}).status_code == 303
    with sessions() as session:
        assert "admin@west" in memberships(session, CHIEF)
        assert "admin@west" not in memberships(session, "admin")
        department_id = session.scalars(select(Department.id)).one()
    path = f"/admin/sites/departments/{department_id}"
    assert chief.post(path, {"name_zh": "机修", "name_en": "Repair"}).status_code == 303
    user = {"display_name": "Chief", "home_site_id": HERE, "department": department_id}
    assert chief.post(f"/admin/users/{CHIEF}", user).status_code == 303
    assert "Chief" in chief.get("/admin/sites/west").text
    admin = signed_in(app, "admin")
    assert admin.get(path).status_code == 404
    assert admin.get("/admin/sites/west").status_code == 404
    foreign = {"display_name": "Admin", "home_site_id": HERE, "department": department_id}
    assert admin.post("/admin/users/admin", foreign).status_code == 404
    with sessions() as session:
        [event] = session.scalars(select(HistoryEvent).where(HistoryEvent.type == "department_changed"))
        assert json.loads(event.canonical)["body"]["changes"] == {"name_zh": {"old": "维修", "new": "机修"}}
