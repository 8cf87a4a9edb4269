"""The discussion over HTTP: written, refused with everything kept, mentions for those who may see the case."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.models import Comment
from tests.integration.web.browser import signed_in
from tests.integration.web.dealership import Dealership
from tests.integration.web.filling import STRANGER

HTMX = {"HX-Request": "true"}


@pytest.fixture
def address(dealership: Dealership) -> str:
    return f"/cases/{dealership.instance_id}/discussion"


def test_a_comment_is_written_with_and_without_script(
    app: Flask, address: str, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    browser = signed_in(app, "cr_advisor")
    answer = browser.post(address, {"text": "first <b>", "user_task": dealership.user_task_id})
    assert answer.status_code == 303
    assert answer.location.startswith(f"/user-tasks/{dealership.user_task_id}/discussion")
    answer = browser.post(address, {"text": "second @service_manager"}, headers=HTMX)
    assert answer.status_code == 200
    assert "first &lt;b&gt;" in answer.text
    assert ">@Service Manager</span>" in answer.text
    with sessions() as session:
        assert len(session.scalars(select(Comment).where(Comment.id != dealership.comment_id)).all()) == 2
    for page in (address, f"/user-tasks/{dealership.user_task_id}/discussion", f"{address}/list"):
        assert "second" in signed_in(app, "service_manager").get(page).text
    assert 'Discussion <span class="count">2<' in browser.get(f"/cases/{dealership.instance_id}").text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_is_refused_stays_in_the_form(app: Flask, address: str, headers: dict[str, str]) -> None:
    browser = signed_in(app, "cr_advisor")
    long = "typed for an hour " * 300
    answer = browser.post(address, {"text": long}, headers=headers)
    assert answer.status_code == 422
    assert "too long" in answer.text
    assert long.strip() in answer.text
    assert ("<html" in answer.text) == (not headers)


def test_an_own_comment_is_changed(app: Flask, address: str, sessions: sessionmaker[Session]) -> None:
    browser = signed_in(app, "cr_advisor")
    browser.post(address, {"text": "a typo"})
    with sessions() as session:
        comment_id = session.scalars(select(Comment.id).where(Comment.text == "a typo")).one()
    assert f'action="/comments/{comment_id}"' in browser.get(address).text
    answer = browser.post(f"/comments/{comment_id}", {"text": " "}, headers=HTMX)
    assert answer.status_code == 422
    assert browser.post(f"/comments/{comment_id}", {"text": "no typo"}, headers=HTMX).status_code == 200
    assert "(edited)" in browser.get(address).text
    colleague = signed_in(app, "service_manager")
    assert f'action="/comments/{comment_id}"' not in colleague.get(address).text
    assert colleague.post(f"/comments/{comment_id}", {"text": "not mine"}).status_code == 403
    assert signed_in(app, STRANGER).post(f"/comments/{comment_id}", {"text": "x"}).status_code == 404
    history = browser.get(address.replace("discussion", "history")).text
    assert "<del>a typo</del>" in history
    assert "no typo" in history


def test_w03_people_who_may_not_see_the_case_are_not_offered(app: Flask, dealership: Dealership) -> None:
    people = f"/cases/{dealership.instance_id}/people"
    browser = signed_in(app, "cr_advisor")
    found = browser.get(f"{people}?q=manager").json["people"]
    assert {entry["id"] for entry in found} == {"general_manager", "service_manager"}
    assert browser.get(f"{people}?q={STRANGER}").json["people"] == []
    assert signed_in(app, STRANGER).get(people).status_code == 404


def test_auditors_read_and_write_nothing(app: Flask, address: str) -> None:
    signed_in(app, "cr_advisor").post(address, {"text": "a remark"})
    auditor = signed_in(app, "auditor")
    page = auditor.get(address).text
    assert "a remark" in page
    assert "<textarea" not in page
    assert auditor.post(address, {"text": "mine"}).status_code == 403
