"""Errors as people and programs see them (W52, W53): in their language, with an incident number, without innards."""

import io
import json
import re

import pytest
from flask import Flask
from sqlalchemy import text

from app.errors import AppError, Busy, Conflict, InvalidInput, NotAllowed, NotFound
from app.extensions import db
from app.logs import configure_logging
from app.models import Site
from app.web.permissions import public, signed_in
from tests.integration.web.browser import Browser
from tests.integration.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY

INNARDS = (
    "Traceback",
    'File "',
    "SELECT",
    "sqlalchemy",
    "psycopg",
    "/app/",
    "Werkzeug",
    "ZeroDivisionError",
    "no_such",
)


@public
def _broken() -> str:
    return str(1 / 0)


@public
def _broken_sql() -> str:
    return str(db.session.execute(text("select secret from no_such_table")))


def _raising(error: AppError) -> object:
    @signed_in
    def view() -> str:
        raise error

    return view


@pytest.mark.parametrize("view", [_broken, _broken_sql])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}, {"Accept": "application/json"}])
def test_w52_unforeseen_error_tells_a_number_only(
    app: Flask, browser: Browser, view: object, headers: dict[str, str]
) -> None:
    lines = io.StringIO()
    configure_logging(stream=lines)
    app.add_url_rule("/broken", view_func=view)  # type: ignore[arg-type]
    answer = browser.get("/broken", headers=headers)
    assert answer.status_code == 500
    assert not [word for word in INNARDS if word in answer.text]
    logged = [json.loads(line) for line in lines.getvalue().splitlines() if "Traceback" in line]
    assert len(logged) == 1
    assert logged[0]["request_id"] in answer.text


def test_w52_broken_page_template_still_gives_an_answer(app: Flask, browser: Browser) -> None:
    app.jinja_env.globals["get_flashed_messages"] = lambda **_: 1 / 0
    answer = browser.get("/sign-in")
    assert answer.status_code == 500
    assert "Incident number" in answer.text


def test_w53_database_out_of_reach_lets_nobody_in(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_in("cr_advisor")
    monkeypatch.setattr("app.web.sessions.find_signed_in_person", lambda *_: 1 / 0)
    answer = browser.get("/password")
    assert answer.status_code == 500
    assert "Incident number" in answer.text
    assert "New password" not in answer.text


def test_w53_failing_permission_check_refuses(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.sign_in("cr_advisor")
    monkeypatch.setattr("app.web.permissions._may", lambda *_: 1 / 0)
    assert browser.get("/password").status_code == 500


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (NotFound("There is no user “%(user_id)s”.", user_id="x"), 404, "Not found"),
        (NotAllowed("no"), 403, "Not allowed"),
        (Conflict("too late"), 409, "Somebody else was quicker"),
        (InvalidInput("wrong", fields={"plate": "Plate is wrong"}), 422, "Something is not filled in correctly"),
        (Busy("busy"), 503, "Busy at the moment"),
    ],
)
def test_w52_own_errors_become_pages_pieces_and_json(
    app: Flask, browser: Browser, error: AppError, status: int, title: str
) -> None:
    lines = io.StringIO()
    configure_logging(stream=lines)
    app.add_url_rule("/raise", view_func=_raising(error))  # type: ignore[arg-type]
    browser.sign_in("cr_advisor")
    page = browser.get("/raise")
    piece = browser.get("/raise", headers={"HX-Request": "true"})
    data = browser.get("/raise", headers={"Accept": "application/json"})
    assert page.status_code == piece.status_code == data.status_code == status
    assert title in page.text
    for answer, shown in ((page, page.text), (piece, piece.text), (data, data.get_json()["incident"])):
        assert _number_logged(lines, answer.status_code) & set(re.findall(r"[0-9a-f]{32}", shown))
    assert "<html" in page.text
    assert "<html" not in piece.text
    assert str(error) in data.get_json()["message"]
    assert data.get_json()["error"] == type(error).__name__
    assert data.get_json()["fields"] == (dict(error.fields) if isinstance(error, InvalidInput) else {})
    assert page.headers.get("Retry-After") == ("5" if status == 503 else None)


@pytest.mark.parametrize("path", ["/no-such-page", "/static/dist/no-such-file.css", "/sign-in?next=/a&next=/b"])
def test_w52_every_error_has_a_number_that_is_in_the_log(browser: Browser, path: str) -> None:
    lines = io.StringIO()
    configure_logging(stream=lines)
    answer = browser.get(path)
    assert answer.status_code in (400, 404)
    [number] = set(re.findall(r"[0-9a-f]{32}", answer.text))
    [line] = [json.loads(line) for line in lines.getvalue().splitlines() if number in line and '"request"' in line]
    assert line["status"] == answer.status_code
    assert line["error"]


def _number_logged(lines: io.StringIO, status: int) -> set[str]:
    logged = map(json.loads, lines.getvalue().splitlines())
    return {line["request_id"] for line in logged if line["event"] == "request" and line["status"] == status}


def test_unknown_address_is_not_found_for_everybody(browser: Browser) -> None:
    assert browser.get("/no-such-page").status_code == 404
    browser.sign_in("cr_advisor")
    assert browser.get("/no-such-page").status_code == 404


def test_wrong_method_says_which_are_right(browser: Browser) -> None:
    answer = browser.get("/preferences")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_ended_session_tells_htmx_where_to_go(browser: Browser) -> None:
    answer = browser.get("/password", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in"


def test_ended_session_takes_nobody_away_from_what_they_typed(browser: Browser) -> None:
    for answer in (
        browser.get("/inbox/rows", headers={"HX-Request": "true", "X-Background": "1"}),
        browser.post("/user-tasks/1/complete", headers={"HX-Request": "true"}),
    ):
        assert answer.status_code == 401
        assert "HX-Redirect" not in answer.headers
        assert "what you typed stays here" in answer.text


def test_error_leaves_nothing_in_the_database(app: Flask, browser: Browser) -> None:
    @signed_in
    def add_and_fail() -> str:
        db.session.add(Site(id="half", name="Half"))
        db.session.flush()
        raise Conflict("too late")

    app.add_url_rule("/half", view_func=add_and_fail, methods=["POST"])
    browser.sign_in("cr_advisor")
    assert browser.post("/half").status_code == 409
    with app.app_context():
        assert db.session.get(Site, "half") is None
