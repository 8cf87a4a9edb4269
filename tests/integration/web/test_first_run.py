"""W25: the first start of a fresh product, end to end over HTTP."""

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.database import writing
from app.extensions import db
from app.models import CalendarDay, FirstRun, Membership, ProcessDefinition, Site, User
from app.operations.first_run import issue_first_run_token
from app.web.current import session_time
from tests.integration.web.browser import Browser
from tests.integration.web.filling import add_people

PASSWORD = "nine quiet harbours wait"
TYPED = {
    "display_name": "Li Ming", "user_id": "Li.Ming", "new_password": PASSWORD, "new_password_again": PASSWORD,
    "site_name": "Main house", "site_id": "hq", "zone": "Asia/Shanghai",
}  # fmt: skip


@pytest.fixture
def token(app: Flask) -> str:
    with app.app_context(), writing():
        issued = issue_first_run_token(db.session(), now=session_time())
        db.session.commit()
    assert issued
    return issued


def count(engine: Engine, model: type) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def post(browser: Browser, path: str, data: dict[str, str]) -> tuple[int, str]:
    answer = browser.post(path, data, headers={"X-CSRFToken": browser.read_token("/set-up")})
    return answer.status_code, answer.text


def test_w25_a_fresh_product_leads_to_its_set_up(app: Flask, main_engine: Engine) -> None:
    browser = Browser(app)
    assert browser.get("/").location.startswith("/sign-in")
    assert browser.get("/sign-in").location == "/set-up"
    assert count(main_engine, User) == 0


def test_w25_the_token_makes_the_first_administrator_once(app: Flask, main_engine: Engine, token: str) -> None:
    browser = Browser(app)
    status, page = post(browser, "/set-up", {**TYPED, "token": "guessed"})
    assert (status, "not the token" in page) == (422, True)
    assert 'value="Li Ming"' in page, "nothing typed is lost"
    assert PASSWORD not in page
    assert count(main_engine, User) + count(main_engine, Site) == 0
    assert post(browser, "/set-up", {**TYPED, "token": token})[0] == 303
    assert browser.get("/set-up/calendar").status_code == 200, "signed in"
    with Session(main_engine) as session:
        assert set(session.scalars(select(Membership.group_id))) == {"admin", "process_owner"}
        assert session.scalars(select(User.id)).all() == ["li.ming"]
        assert session.scalars(select(CalendarDay.day)).first() is not None
    other = Browser(app)
    headers = {"X-CSRFToken": other.read_token()}
    again = other.post("/set-up", {**TYPED, "user_id": "thief", "token": token}, headers=headers)
    assert again.status_code == 410
    assert other.get("/set-up").status_code == 410
    assert count(main_engine, User) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"new_password": "short", "new_password_again": "short"},
        {"new_password_again": "another one entirely"},
        {"user_id": "x"},
        {"site_id": "No Good"},
        {"zone": "Mars/Base"},
    ],
)
def test_w25_what_is_refused_leaves_nothing_half_done(
    app: Flask, main_engine: Engine, token: str, wrong: dict[str, str]
) -> None:
    browser = Browser(app)
    status, page = post(browser, "/set-up", {**TYPED, "token": token, **wrong})
    assert status == 422
    assert "Main house" in page
    assert count(main_engine, User) + count(main_engine, Site) == 0
    assert post(browser, "/set-up", {**TYPED, "token": token})[0] == 303, "the token is still good"


def test_w25_the_pages_after_it_can_wait_and_are_found_again(app: Flask, main_engine: Engine, token: str) -> None:
    browser = Browser(app)
    post(browser, "/set-up", {**TYPED, "token": token})
    browser.token = browser.read_token("/password")
    assert "Go on with the set-up" in browser.get("/admin").text
    assert browser.get("/set-up").location == "/set-up/second-factor"
    for name in ("second-factor", "calendar", "people", "processes"):
        assert browser.get(f"/set-up/{name}").status_code == 200, name
    assert browser.post("/set-up/processes").status_code == 303
    assert "Customer follow-up" in browser.get("/set-up/processes").text
    versions = count(main_engine, ProcessDefinition)
    assert browser.post("/set-up/processes").status_code == 303
    assert count(main_engine, ProcessDefinition) == versions > 0
    assert browser.post("/set-up/finish").location == "/"
    assert "Go on with the set-up" not in browser.get("/admin").text
    with Session(main_engine) as session:
        assert session.scalars(select(FirstRun.finished_at)).one() is not None


def test_w25_a_user_made_by_command_closes_the_door(app: Flask, main_engine: Engine, token: str) -> None:
    add_people(app)
    browser = Browser(app)
    answer = browser.post("/set-up", {**TYPED, "token": token}, headers={"X-CSRFToken": browser.read_token()})
    assert answer.status_code == 410
