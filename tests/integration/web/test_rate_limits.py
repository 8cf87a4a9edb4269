"""Whoever asks for too much is told when to come again; nobody else notices (W51)."""

import io

import pytest
from flask import Flask

from app.web.rate_limits import EXTENSION, LIMITS, PROGRAMS_PER_PERSON, Limit, RateLimits
from tests.integration.web.browser import Browser, signed_in
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.engine_rest.program import Program, bearer, make_token

pytestmark = SQLITE_ONLY


@pytest.fixture
def at_rest(app: Flask) -> None:
    """Time stands still, however slow the machine is."""
    app.extensions[EXTENSION] = RateLimits(clock=lambda: 0.0)


def _burst(browser: Browser, kind: str) -> list[int]:
    """Ten times what is allowed at once: the statuses."""
    statuses = []
    for _ in range(LIMITS[kind].at_once * 10):
        if kind == "search":
            answer = browser.get("/cases?q=x", headers={"HX-Request": "true"})
        else:
            answer = browser.post("/imports", {"file": (io.BytesIO(b"x"), "x.csv"), "site_id": "hq"})
        statuses.append(answer.status_code)
        if answer.status_code == 429:
            assert int(answer.headers["Retry-After"]) > 0
            assert "Wait" in answer.text
    return statuses


@pytest.mark.usefixtures("at_rest")
@pytest.mark.parametrize("kind", ["search", "upload"])
def test_w51_a_burst_is_stopped_and_others_go_on(app: Flask, browser: Browser, kind: str) -> None:
    browser.sign_in("cr_advisor")
    statuses = _burst(browser, kind)
    assert 429 not in statuses[: LIMITS[kind].at_once]
    assert set(statuses[LIMITS[kind].at_once :]) == {429}
    other = signed_in(app, "service_advisor")
    assert other.get("/cases?q=x").status_code == 200
    assert browser.get("/cases").status_code == 200  # what costs little goes on for both


@pytest.mark.usefixtures("at_rest")
def test_w51_all_pages_with_a_search_count(browser: Browser) -> None:
    browser.sign_in("admin")
    pages = ("/cases?q=x", "/inbox?q=x", "/inbox/rows?q=x", "/admin/users?q=x")
    asked = [
        browser.get(pages[number % len(pages)], headers={"HX-Request": "true"}).status_code
        for number in range(LIMITS["search"].at_once + len(pages))
    ]
    assert asked == [200] * LIMITS["search"].at_once + [429] * len(pages)


@pytest.mark.usefixtures("at_rest", "people")
def test_w51_each_token_is_limited_and_all_of_a_person_together(app: Flask) -> None:
    app.extensions[EXTENSION].limits = {**LIMITS, "engine_rest": Limit(3, 6)}
    tokens = [make_token(app, "cr_advisor") for _ in range(PROGRAMS_PER_PERSON + 1)]

    def burst(token: str) -> list[int]:
        program = Program(app, bearer(token))
        answers = [program.send("GET", "/version") for _ in range(4)]
        assert {answer.headers["Retry-After"] for answer in answers if answer.status_code == 429} <= {"2", "10"}
        return [answer.status_code for answer in answers]

    assert [burst(token) for token in tokens] == [[200, 200, 200, 429]] * PROGRAMS_PER_PERSON + [[429] * 4]
    assert burst(make_token(app, "service_advisor"))[0] == 200


@pytest.mark.usefixtures("at_rest")
def test_w51_sign_ins_from_one_address(app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.sign_in.has_proved_password", lambda *_: False)  # a hundred would take long
    most = LIMITS["sign_in"].at_once * 10
    token = browser.read_token()
    statuses = [
        browser.post("/sign-in", {"user_id": f"u{number}", "password": "x"}, headers={"X-CSRFToken": token}).status_code
        for number in range(most + 3)
    ]
    assert statuses == [401] * most + [429] * 3
