"""Cross-site requests: every unsafe method of every route needs our form token and our origin (W14, W36)."""

import pytest
from flask import Flask

from app.web.permissions import SAFE_METHODS
from tests.integration.web.browser import Browser, signed_in
from tests.integration.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY

EVIL = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:9999"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]

COOKIELESS = "/engine-rest/"  # what a browser sends by itself counts for nothing there


def unsafe_routes(app: Flask) -> list[tuple[str, str]]:
    """(method, path) of every route that changes something, with places filled in."""
    found = []
    for rule in app.url_map.iter_rules():
        path = (
            app.url_map.bind("").build(rule.endpoint, dict.fromkeys(rule.arguments, "1"), force_external=False)
            if rule.arguments
            else rule.rule
        )
        found += [(method, path) for method in sorted((rule.methods or set()) - SAFE_METHODS)]
    return found


def test_w14_no_token_no_change(app: Flask, browser: Browser) -> None:
    browser.sign_in("cr_advisor")
    routes = unsafe_routes(app)
    assert len(routes) > 4
    for method, path in routes:
        answer = browser.request(method, path, with_token=False)
        if path.startswith(COOKIELESS):
            assert answer.status_code == 401, (method, path)
        else:
            assert answer.status_code == 400, (method, path)
            assert "belongs to an earlier sign-in" in answer.text


def test_w14_token_of_another_session_is_refused(app: Flask, browser: Browser) -> None:
    other = signed_in(app, "admin")
    browser.sign_in("cr_advisor")
    for method, path in unsafe_routes(app):
        answer = browser.request(method, path, headers={"X-CSRFToken": other.token})
        assert answer.status_code == (401 if path.startswith(COOKIELESS) else 400), (method, path)


def test_w14_token_from_before_sign_in_is_refused_after_it(browser: Browser) -> None:
    before = browser.read_token()
    browser.sign_in("cr_advisor")
    assert browser.post("/preferences", {"theme": "dark"}, headers={"X-CSRFToken": before}).status_code == 400


def test_w14_page_cookie_of_an_attacker_does_not_bring_a_token_along(app: Flask, browser: Browser) -> None:
    attacker = Browser(app)
    attackers_token = attacker.read_token()
    browser.sign_in("cr_advisor")
    browser.set_cookie("aftercare-page", attacker.cookie("aftercare-page") or "")
    assert browser.post("/preferences", {"theme": "dark"}, headers={"X-CSRFToken": attackers_token}).status_code == 400


@pytest.mark.parametrize("headers", EVIL)
def test_w14_foreign_pages_are_refused_even_with_token(app: Flask, browser: Browser, headers: dict[str, str]) -> None:
    browser.sign_in("cr_advisor")
    for method, path in unsafe_routes(app):
        answer = browser.request(method, path, headers=headers)
        assert answer.status_code == 403, (method, path)


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://127.0.0.1:8080", "Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}]
)
def test_own_pages_are_let_through(browser: Browser, headers: dict[str, str]) -> None:
    browser.sign_in("cr_advisor")
    assert browser.post("/preferences", {"theme": "dark"}, headers=headers).status_code == 302


def test_w14_json_needs_the_token_too(browser: Browser) -> None:
    browser.sign_in("cr_advisor")
    answer = browser.request("POST", "/preferences", json={"theme": "dark"}, with_token=False)
    assert answer.status_code == 400
    assert answer.get_json()["error"] == "FormTokenRefused"


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "https://sub.127.0.0.1"])
def test_w36_no_other_site_may_read_answers(app: Flask, browser: Browser, origin: str) -> None:
    browser.sign_in("cr_advisor")
    for path in ("/password", "/health", "/sign-in", "/no-such-page"):
        assert "Access-Control-Allow-Origin" not in browser.get(path, headers={"Origin": origin}).headers


def test_w21_pages_opened_before_the_secret_key_changed_still_send_their_forms(app: Flask, browser: Browser) -> None:
    browser.sign_in("cr_advisor")
    earlier, app.config["SECRET_KEY"] = app.config["SECRET_KEY"], "another key of the product, long enough"
    assert browser.post("/preferences", {"theme": "dark"}).status_code == 400
    app.config["SECRET_KEY_FALLBACKS"] = [earlier]
    assert browser.post("/preferences", {"theme": "dark"}).status_code < 400
    assert browser.read_token("/password") != browser.token, "new pages get the new one"
