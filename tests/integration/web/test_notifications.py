"""The bell and the list behind it."""

import re

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import Notification, NotificationPreference
from app.models.paging import PAGE
from app.operations.actor import SYSTEM, Actor
from app.operations.notifications import notify
from tests.integration.web.browser import signed_in
from tests.integration.web.dealership import MARKER, Dealership
from tests.integration.web.filling import STRANGER

Sessions = sessionmaker[Session]


def _tell(sessions: Sessions, recipient: str, dealership: Dealership, kind: str = "assigned", **params: str) -> str:
    with writing(), sessions() as session:
        notify(
            session, [recipient], kind, params=params, instance_id=dealership.instance_id,
            user_task_id=dealership.user_task_id, actor=Actor("service_manager"), now=dealership.now,
        )  # fmt: skip
        session.commit()
        return str(session.scalars(select(Notification.id).order_by(Notification.id.desc())).first())


def test_bell_counts_and_list_leads_to_the_user_task(app: Flask, dealership: Dealership, sessions: Sessions) -> None:
    first = _tell(sessions, "cr_advisor", dealership, note="Please today")
    _tell(sessions, "cr_advisor", dealership)
    browser = signed_in(app, "cr_advisor")
    assert "2 unread" in browser.get("/notifications/bell").text
    page = browser.get("/notifications").text
    assert page.count("Assigned to you: ") >= 2
    assert MARKER in page
    assert "Please today" in page
    assert "Service Manager" in page
    answer = browser.post(f"/notifications/{first}/open")
    assert (answer.status_code, answer.location) == (303, f"/user-tasks/{dealership.user_task_id}")
    assert "1 unread" in browser.get("/notifications/bell").text


def test_w01_notifications_of_others_stay_theirs(app: Flask, dealership: Dealership, sessions: Sessions) -> None:
    mine = _tell(sessions, "cr_advisor", dealership, note=MARKER)
    other = signed_in(app, "customer_service")
    assert MARKER not in other.get("/notifications").text
    assert other.post(f"/notifications/{mine}/open").status_code == 404
    other.post(f"/notifications/{mine}/read")
    other.post("/notifications/read", {"newest": mine})
    with sessions() as session:
        assert session.get_one(Notification, mine).read_at is None


def test_w01_case_that_may_not_be_seen_is_not_named(app: Flask, dealership: Dealership, sessions: Sessions) -> None:
    _tell(sessions, STRANGER, dealership)
    page = signed_in(app, STRANGER).get("/notifications").text
    assert "Assigned to you" in page
    assert MARKER not in page
    assert dealership.instance_id not in page


def test_all_that_was_shown_is_read_and_what_came_meanwhile_is_not(
    app: Flask, dealership: Dealership, sessions: Sessions
) -> None:
    newest = _tell(sessions, "cr_advisor", dealership)
    browser = signed_in(app, "cr_advisor")
    assert f'value="{newest}"' in browser.get("/notifications").text
    _tell(sessions, "cr_advisor", dealership)
    browser.post("/notifications/read", {"newest": newest})
    assert "1 unread" in browser.get("/notifications/bell").text


def test_kinds_a_person_does_not_want_on_the_page_are_not_there(
    app: Flask, dealership: Dealership, sessions: Sessions
) -> None:
    _tell(sessions, "cr_advisor", dealership, "candidate")
    _tell(sessions, "cr_advisor", dealership, "mentioned")
    with writing(), sessions() as session:
        session.add(NotificationPreference(user_id="cr_advisor", kind="mentioned", on_page=False, mail="off"))
        session.commit()
    browser = signed_in(app, "cr_advisor")
    assert "unread" not in browser.get("/notifications/bell").text
    assert "Nothing new" in browser.get("/notifications").text


def test_long_lists_come_page_by_page(app: Flask, dealership: Dealership, sessions: Sessions) -> None:
    with writing(), sessions() as session:
        for number in range(PAGE + 3):
            params = {"note": f"Number {number:03}."}
            notify(session, ["auditor"], "mentioned", params=params, actor=SYSTEM, now=dealership.now)
        session.commit()
    browser = signed_in(app, "auditor")
    first = browser.get("/notifications").text
    assert "Number 052." in first
    assert "Number 002." not in first
    more = re.search(r'href="(/notifications\?after=[^"]+)"', first)
    assert more
    assert "Number 002." in browser.get(more[1].replace("&amp;", "&")).text
    assert browser.get("/notifications?after=nonsense").status_code == 422


def test_choices_are_kept_and_wrong_ones_are_shown_again(app: Flask, dealership: Dealership) -> None:
    browser = signed_in(app, "cr_advisor")
    assert 'name="mail-mentioned"' in browser.get("/account/notifications").text
    chosen = {"page-overdue": "yes", "mail-mentioned": "daily", "daily_at": "07:15"}
    assert browser.post("/account/notifications", {**chosen, "quiet_from": "22:00"}).status_code == 422
    refused = browser.post("/account/notifications", {**chosen, "quiet_from": "22:00", "quiet_until": "late"})
    assert "Give a time such as 22:00." in refused.text
    assert 'value="late"' in refused.text
    assert browser.post("/account/notifications", {**chosen, "mail-overdue": "sometimes"}).status_code == 422
    answer = browser.post("/account/notifications", {**chosen, "quiet_from": "22:00", "quiet_until": "07:00"})
    assert answer.status_code == 303
    page = browser.get("/account/notifications").text
    assert re.search(r'name="mail-mentioned".*?<option value="daily" selected>', page, re.DOTALL)
    assert 'name="page-overdue" value="yes" checked' in page
    assert 'name="page-mentioned" value="yes">' in page
    assert 'value="22:00"' in page
    assert 'name="mail-new_place"' not in page
