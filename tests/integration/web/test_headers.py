"""Headers on every kind of answer (W30, W31, W37, W57)."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.config import Config
from app.web.permissions import public
from tests.integration.web.browser import Browser
from tests.integration.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)


@public
def _broken() -> str:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sign-in", 200),
        ("/password", 302),
        ("/health", 200),
        ("/no-such-page", 404),
        ("/static/none.js", 404),
        ("/broken", 500),
        ("/preferences", 405),
    ],
)
def test_w31_headers_on_every_answer(app: Flask, browser: Browser, path: str, status: int) -> None:
    app.add_url_rule("/broken", view_func=_broken)
    answer = browser.get(path)
    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_files_named_after_their_content_are_kept_for_ever(app: Flask, browser: Browser, tmp_path: Path) -> None:
    app.static_folder = str(tmp_path)
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "app-abc123.js").write_text("1")
    (tmp_path / "plain.txt").write_text("1")
    assert browser.get("/static/dist/app-abc123.js").headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert browser.get("/static/plain.txt").headers["Cache-Control"] == "no-cache"
    assert browser.get("/static/plain.txt").headers["Content-Security-Policy"] == POLICY


def test_static_files_stay_in_their_folder(browser: Browser) -> None:
    for path in ("/static/../config.py", "/static/%2e%2e/config.py", "/static/..%2fconfig.py"):
        assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8080", "localhost@evil.example"]
)
def test_w57_unknown_host_names_are_refused(browser: Browser, host: str) -> None:
    answer = browser.get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert answer.headers["Content-Security-Policy"] == POLICY


def test_w57_forwarded_headers_of_strangers_are_ignored(browser: Browser) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
    answer = browser.get("/password", headers=headers)
    assert answer.location == "/sign-in?next=/password"


def test_w57_forwarded_headers_of_the_configured_proxy_count(
    config: Config, make_app: Callable[[Config], Flask]
) -> None:
    changes = {
        "public_url": "https://aftercare.example",
        "trusted_hosts": ("aftercare.example",),
        "trusted_proxies": ("10.0.0.0/30",),
    }
    client = make_app(replace(config, **changes)).test_client()
    headers = {"X-Forwarded-Host": "aftercare.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    for address, status in (("10.0.0.1", 200), ("10.0.0.9", 400)):
        answer = client.get("/health", headers=headers, environ_base={"REMOTE_ADDR": address})
        assert answer.status_code == status, address


NOT_ALLOWED = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|<[^>]+\s(?:style|on[a-z]+)=|javascript:|(?:src|href|action)=\"(?:https?:)?//",
    re.IGNORECASE,
)


def test_w30_no_page_has_anything_that_the_policy_refuses(app: Flask, browser: Browser) -> None:
    browser.sign_in("admin")
    seen = 0
    for rule in app.url_map.iter_rules():
        if rule.arguments or "GET" not in (rule.methods or ()) or rule.endpoint == "events.events":
            continue
        answer = browser.get(rule.rule)
        assert answer.headers["Content-Security-Policy"] == POLICY, rule.rule
        if answer.mimetype == "text/html":
            assert not NOT_ALLOWED.findall(answer.text), rule.rule
            seen += 1
    assert seen > 20
