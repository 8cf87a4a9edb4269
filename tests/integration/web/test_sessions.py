"""Sessions: cookies, their end by time, by sign-out, by a new password, by being disabled (W17-W21)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import pytest
from flask import Flask
from flask import session as page_session
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.config import Config
from app.database import writing
from app.models import WebSession
from app.operations.actor import SYSTEM
from app.operations.user_accounts import disable_user
from app.operations.users import set_password
from app.web.sessions import BACKGROUND_HEADER
from tests.integration.web.browser import PASSWORD, Browser
from tests.integration.web.conftest import SteppedClock

JSON = {"Accept": "application/json"}
NEW_PASSWORD = "seven lamps over water"


@pytest.fixture
def signed_in(browser: Browser) -> Browser:
    browser.sign_in("cr_advisor")
    return browser


def _status(browser: Browser) -> int:
    return browser.get("/password", headers=JSON).status_code


def _replay(app: Flask, cookie: str | None) -> int:
    thief = Browser(app)
    assert cookie
    thief.set_cookie("aftercare-session", cookie)
    return _status(thief)


def test_w18_cookie_is_dead_after_sign_out(app: Flask, signed_in: Browser) -> None:
    cookie = signed_in.cookie("aftercare-session")
    assert _replay(app, cookie) == 200
    assert signed_in.post("/sign-out").location == "/sign-in"
    assert signed_in.cookie("aftercare-session") is None
    assert _replay(app, cookie) == 401


def test_w18_all_cookies_are_dead_after_password_change(app: Flask, signed_in: Browser) -> None:
    elsewhere = Browser(app)
    elsewhere.sign_in("cr_advisor")
    before = signed_in.cookie("aftercare-session")
    data = {"password": PASSWORD, "new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    assert signed_in.post("/password", data).status_code == 302
    assert _status(signed_in) == 200  # in a new session
    assert _replay(app, before) == 401
    assert _status(elsewhere) == 401
    assert Browser(app).sign_in("cr_advisor", NEW_PASSWORD).status_code == 302


def test_w18_cookie_is_dead_after_disabling(signed_in: Browser, main_engine: Engine) -> None:
    with writing(), Session(main_engine) as session:
        disable_user(session, "cr_advisor", actor=SYSTEM, now=datetime.now(UTC))
        session.commit()
    assert _status(signed_in) == 401


def test_w18_cookie_is_dead_after_reset_and_new_password_must_be_changed(
    app: Flask, signed_in: Browser, main_engine: Engine
) -> None:
    with writing(), Session(main_engine) as session:
        set_password(session, "cr_advisor", NEW_PASSWORD, actor=SYSTEM, now=datetime.now(UTC))
        session.commit()
    assert _status(signed_in) == 401
    again = Browser(app)
    again.sign_in("cr_advisor", NEW_PASSWORD)
    assert again.get("/sessions").location == "/password"
    assert again.get("/events").location == "/password"
    own = "eleven paper boats drift"
    data = {"password": NEW_PASSWORD, "new_password": own, "new_password_again": own}
    assert again.post("/password", data).status_code == 302
    assert again.get("/sessions").status_code == 200


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"password": "wrong", "new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}, "present password"),
        ({"password": PASSWORD, "new_password": NEW_PASSWORD, "new_password_again": "x"}, "differ"),
        ({"password": PASSWORD, "new_password": "short", "new_password_again": "short"}, "at least 12"),
        (
            {
                "password": PASSWORD,
                "new_password": "cr_advisor cr_advisor",
                "new_password_again": "cr_advisor cr_advisor",
            },
            "tried first",
        ),
    ],
)
def test_refused_password_change_says_why_and_changes_nothing(
    signed_in: Browser, data: dict[str, str], problem: str
) -> None:
    answer = signed_in.post("/password", data)
    assert answer.status_code == 422
    assert problem in answer.text
    assert _status(signed_in) == 200


def test_w22_changing_the_password_is_throttled_too(signed_in: Browser) -> None:
    data = {"password": "wrong", "new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    assert [signed_in.post("/password", data).status_code for _ in range(10)][-1] == 429


def test_w19_idle_session_ends_after_30_minutes(signed_in: Browser, session_clock: SteppedClock) -> None:
    session_clock.ahead = timedelta(minutes=29)
    assert _status(signed_in) == 200
    session_clock.ahead += timedelta(minutes=29)
    assert _status(signed_in) == 200
    session_clock.ahead += timedelta(minutes=31)
    assert _status(signed_in) == 401


@pytest.mark.parametrize(("path", "header"), [("/password", {BACKGROUND_HEADER: "1"}), ("/events", {})])
def test_w19_what_a_page_does_by_itself_does_not_keep_it_alive(
    signed_in: Browser, session_clock: SteppedClock, path: str, header: dict[str, str]
) -> None:
    statuses = []
    for _ in range(3):
        session_clock.ahead += timedelta(minutes=14)
        answer = signed_in.get(path, headers={**JSON, **header}, buffered=False)
        answer.close()
        statuses.append(answer.status_code)
    assert statuses == [200, 200, 401]


def test_w19_session_ends_after_12_hours_however_busy(signed_in: Browser, session_clock: SteppedClock) -> None:
    for _ in range(12 * 3 - 1):
        session_clock.ahead += timedelta(minutes=20)
        assert _status(signed_in) == 200
    session_clock.ahead += timedelta(minutes=21)
    assert _status(signed_in) == 401


def test_ended_sessions_are_swept_at_the_next_sign_in(
    app: Flask, signed_in: Browser, session_clock: SteppedClock, main_engine: Engine
) -> None:
    session_clock.ahead = timedelta(hours=13)
    Browser(app).sign_in("admin")
    with Session(main_engine) as session:
        assert session.scalars(select(WebSession.user_id)).all() == ["admin"]


def test_test_clock_does_not_move_sessions(app: Flask, signed_in: Browser, session_clock: SteppedClock) -> None:
    app.extensions["clock"] = lambda: session_clock() + timedelta(days=400)
    assert _status(signed_in) == 200


def test_w20_person_sees_and_ends_own_sessions(app: Flask, signed_in: Browser) -> None:
    elsewhere = Browser(app)
    elsewhere.sign_in("cr_advisor")
    page = signed_in.get("/sessions").text
    assert page.count('name="session"') == 1  # the other one; this one has a mark instead
    name = page.split('name="session" value="')[1].split('"')[0]
    assert signed_in.post("/sessions/end", {"session": name}).status_code == 302
    assert (_status(signed_in), _status(elsewhere)) == (200, 401)


def test_w20_sessions_of_others_are_out_of_reach(app: Flask, signed_in: Browser, main_engine: Engine) -> None:
    other = Browser(app)
    other.sign_in("admin")
    with Session(main_engine) as session:
        name = session.scalars(select(WebSession.token_hash).where(WebSession.user_id == "admin")).one().hex()
    signed_in.post("/sessions/end", {"session": name})
    assert _status(other) == 200


def test_w17_cookies_on_loopback(signed_in: Browser, browser: Browser) -> None:
    cookies = _cookies_of_sign_in(browser)
    assert set(cookies) == {"aftercare-session", "aftercare-page"}
    for cookie in cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
        assert not cookie["domain"]
        assert not cookie["secure"]  # plain HTTP, which the settings allow on the loopback address only


def test_w17_cookies_over_https(people: None, config: Config, make_app: Callable[[Config], Flask]) -> None:
    changes = {"public_url": "https://aftercare.example", "trusted_hosts": ("aftercare.example",)}
    secure = make_app(replace(config, **changes))
    client = secure.test_client()
    base = {"base_url": "https://aftercare.example"}
    token = client.get("/sign-in", **base).text.split('name="csrf_token" value="')[1].split('"')[0]
    headers = {"X-CSRFToken": token, "Referer": "https://aftercare.example/sign-in"}
    data = {"user_id": "cr_advisor", "password": PASSWORD}
    answer = client.post("/sign-in", data=data, headers=headers, **base)
    assert answer.status_code == 302
    cookies = _parse(answer.headers.getlist("Set-Cookie"))
    assert set(cookies) == {"__Host-aftercare-session", "__Host-aftercare-page"}
    for cookie in cookies.values():
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/")
        assert not cookie["domain"]
    assert client.get("/sessions", **base).headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_w21_forged_page_cookie_signs_nobody_in(app: Flask, people: None) -> None:
    with app.test_request_context():
        page_session.update(_user_id="admin", user_id="admin", _fresh=True)
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        forged = serializer.dumps(dict(page_session))
    thief = Browser(app)
    thief.set_cookie("aftercare-page", forged)  # even signed with the real key
    assert _status(thief) == 401


@pytest.mark.parametrize("cookie", ["", "x", "a" * 3000, "eyJhIjoxfQ.x.y", "%00", "'; drop table user; --"])
def test_w21_guessed_session_cookie_signs_nobody_in(app: Flask, people: None, cookie: str) -> None:
    thief = Browser(app)
    thief.set_cookie("aftercare-session", cookie)
    assert _status(thief) == 401


def _cookies_of_sign_in(browser: Browser) -> dict[str, dict[str, object]]:
    answer = browser.post("/sign-in", {"user_id": "cr_advisor", "password": PASSWORD})
    return _parse(answer.headers.getlist("Set-Cookie"))


def _parse(headers: list[str]) -> dict[str, dict[str, object]]:
    cookies: dict[str, dict[str, object]] = {}
    for header in headers:
        for name, morsel in SimpleCookie(header).items():
            cookies[name] = dict(morsel)
    return cookies
