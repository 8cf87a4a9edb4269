"""What administrators do about the sign-in of others (W20, W29, W09), on both databases."""

import re

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.operations.history import CONFIGURATION_STREAM
from app.operations.history_reading import read_events
from tests.integration.web.browser import Browser, signed_in
from tests.integration.web.filling import STRANGER

PERSON = "cr_advisor"
NEW = "seven lamps over water"


@pytest.fixture
def admin(app: Flask, people: None) -> Browser:
    return signed_in(app, "admin")


def test_w20_an_administrator_sees_and_ends_all_sessions_of_a_person(
    app: Flask, admin: Browser, main_engine: Engine
) -> None:
    browsers = [Browser(app) for _ in range(2)]
    for browser in browsers:
        browser.sign_in(PERSON)
    page = admin.get(f"/admin/users/{PERSON}/sign-in").text
    assert page.count("<tr><td>") == 2
    refused = admin.post(f"/admin/users/{PERSON}/sign-in/end", {"reason": " "})
    assert (refused.status_code, "Say why" in refused.text) == (422, True)
    assert [browser.get("/inbox").status_code for browser in browsers] == [200, 200]
    assert admin.post(f"/admin/users/{PERSON}/sign-in/end", {"reason": "telephone lost"}).status_code == 303
    assert [browser.get("/inbox").status_code for browser in browsers] == [302, 302]
    assert admin.get("/inbox").status_code == 200
    with Session(main_engine) as session:
        told = read_events(session, CONFIGURATION_STREAM)[-1]
    assert (told.type, told.actor_id, told.reason) == ("user_signed_out_everywhere", "admin", "telephone lost")


def test_w29_an_administrator_hands_over_a_link_that_is_good_once(app: Flask, admin: Browser) -> None:
    page = admin.post(f"/admin/users/{PERSON}/sign-in/password-link", headers={"X-Forwarded-Host": "evil.example"}).text
    found = re.search(r"http://127\.0\.0\.1:8080(/password/link/[\w-]+)<", page)
    assert found
    assert found[1] not in admin.get(f"/admin/users/{PERSON}/sign-in").text
    visitor = Browser(app)
    wish = {"new_password": NEW, "new_password_again": NEW}
    assert [visitor.post(found[1], wish).status_code for _ in range(2)] == [303, 410]
    assert Browser(app).sign_in(PERSON, NEW).status_code == 302


def test_people_of_other_sites_and_oneself_are_left_alone(admin: Browser) -> None:
    for path in ("sign-in/end", "sign-in/password-link"):
        assert admin.post(f"/admin/users/{STRANGER}/{path}", {"reason": "x"}).status_code == 404
    assert admin.post("/admin/users/admin/sign-in/password-link").status_code == 409
