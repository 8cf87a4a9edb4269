"""What the log says of sign-ins and refusals: who, when, where, what; no secrets (W54, W55)."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.logs import configure_logging
from app.web.permissions import Permission, requires
from app.web.rate_limits import EXTENSION, LIMITS, Limit, RateLimits
from tests.integration.web.browser import PASSWORD, Browser
from tests.integration.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY


class Log:
    """The lines written since it was made."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        configure_logging(stream=self._stream)

    def events(self, name: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self._stream.getvalue().splitlines()]
        return [line for line in lines if line["event"] == name]

    @property
    def text(self) -> str:
        return self._stream.getvalue()


@pytest.fixture
def log(browser: Browser) -> Log:
    return Log()


def _check(event: dict[str, Any], **expected: object) -> None:
    assert {"at", "request_id", "address", "level"} <= event.keys()
    assert event["at"].endswith("Z")
    assert event["address"] == "127.0.0.1"
    assert {name: event.get(name) for name in expected} == expected


def test_w55_sign_in_and_out(browser: Browser, log: Log) -> None:
    browser.sign_in("cr_advisor", "wrong")
    browser.sign_in("cr_advisor")
    browser.post("/sign-out")
    _check(log.events("sign_in_failed")[0], level="warning")
    _check(log.events("signed_in")[0], user="cr_advisor")
    _check(log.events("signed_out")[0], user="cr_advisor")


def test_w55_throttled_sign_in(browser: Browser, log: Log) -> None:
    for _ in range(10):
        browser.sign_in("cr_advisor", "wrong")
    assert len(log.events("sign_in_throttled")) == 5


def test_w55_denied_access(app: Flask, browser: Browser, log: Log) -> None:
    app.add_url_rule("/deploy", "deploy", requires(Permission.DEPLOY)(lambda: ""))
    browser.sign_in("cr_advisor")
    assert browser.get("/deploy").status_code == 403
    _check(log.events("access_denied")[0], user="cr_advisor", endpoint="deploy", demanded="deploy")


def test_w55_forged_requests(browser: Browser, log: Log) -> None:
    browser.sign_in("cr_advisor")
    browser.post("/preferences", with_token=False)
    browser.post("/preferences", headers={"Origin": "https://evil.example"})
    _check(log.events("form_token_refused")[0], endpoint="preferences.store")
    _check(log.events("foreign_origin_refused")[0], origin="https://evil.example")


def test_w55_password_change(browser: Browser, log: Log) -> None:
    browser.sign_in("cr_advisor")
    new = "seven lamps over water"
    browser.post("/password", {"password": PASSWORD, "new_password": new, "new_password_again": new})
    _check(log.events("password_changed")[0], user="cr_advisor")
    assert new not in log.text


def test_w54_no_secrets_and_no_typed_text(browser: Browser, log: Log) -> None:
    browser.sign_in('a\n{"event": "signed_in"}', "wr0ng-password-typed")
    browser.sign_in("cr_advisor")
    browser.get("/sign-in?next=/inbox%3Fq%3D10012345678")
    cookie = browser.cookie("aftercare-session")
    assert cookie
    for secret in ("wr0ng", PASSWORD, cookie, browser.token or "", "10012345678"):
        assert secret not in log.text
    assert len(log.events("signed_in")) == 1


# What the line of an event holds besides when (at, UTC), from where (address) and for which request: docs/security.md.
FIELDS = {
    "signed_in": {"user"},
    "sign_in_failed": set(),  # the name typed may be a password
    "sign_in_throttled": {"seconds"},
    "signed_out": {"user"},
    "password_changed": {"user"},
    "password_change_failed": {"user"},
    "access_denied": {"user", "endpoint", "demanded"},
    "form_token_refused": {"endpoint"},
    "foreign_origin_refused": {"origin", "endpoint"},
    "rate_limited": {"user", "endpoint", "kind"},
    "request": {"user", "method", "rule", "status"},
}


def test_w55_every_event_says_who_when_where_and_what(app: Flask, browser: Browser, log: Log) -> None:
    app.extensions[EXTENSION] = RateLimits({**LIMITS, "search": Limit(1, 1)}, lambda: 0.0)
    for _ in range(6):
        browser.sign_in("cr_advisor", "wrong")
    app.extensions["session_clock"] = lambda: datetime.now(UTC) + timedelta(minutes=10)
    browser.sign_in("cr_advisor")
    browser.post("/password", {"password": "wrong", "new_password": "x", "new_password_again": "x"})
    browser.get("/cases?q=a")
    assert browser.get("/cases?q=b").status_code == 429
    assert browser.get("/admin").status_code == 403
    browser.post("/preferences", with_token=False)
    browser.post("/preferences", headers={"Origin": "https://evil.example"})
    new = "seven lamps over water"
    browser.post("/password", {"password": PASSWORD, "new_password": new, "new_password_again": new})
    browser.token = None
    browser.post("/sign-out")
    documented = (Path(__file__).parents[3] / "docs" / "security.md").read_text(encoding="utf-8")
    for name, fields in FIELDS.items():
        lines = log.events(name)
        assert lines, name
        for line in lines:
            assert fields <= line.keys(), (name, line)
            assert {"at", "request_id", "address", "level", "event"} <= line.keys(), name
            assert datetime.fromisoformat(line["at"]).utcoffset() == timedelta(0), name
        assert f"`{name}`" in documented, name


def test_every_request_leaves_one_line(browser: Browser, log: Log) -> None:
    browser.get("/sign-in?next=/x")
    [line] = log.events("request")
    _check(line, method="GET", rule="/sign-in", status=200, user=None)
