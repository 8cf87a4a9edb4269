"""One request, one transaction: unsafe ones commit once or not at all, safe ones never write."""

import time
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.database import writing
from app.extensions import db
from app.models import Site
from app.web.permissions import signed_in
from app.web.transactions import commits_itself
from tests.integration.web.browser import Browser


def _add(status: int = 200) -> object:
    @signed_in
    def add() -> tuple[str, int]:
        db.session.add(Site(id="new", name="New"))
        db.session.flush()
        return "", status

    return add


def _exists(engine: Engine) -> bool:
    with Session(engine) as session:
        return session.get(Site, "new") is not None


@pytest.mark.parametrize(("status", "kept"), [(200, True), (204, True), (302, True), (409, False), (422, False)])
def test_accepted_requests_commit_and_refused_ones_do_not(
    app: Flask, browser: Browser, main_engine: Engine, status: int, kept: bool
) -> None:
    app.add_url_rule("/add", view_func=_add(status), methods=["POST"])  # type: ignore[arg-type]
    browser.sign_in("cr_advisor")
    assert browser.post("/add").status_code == status
    assert _exists(main_engine) is kept


def test_one_commit_per_request(app: Flask, browser: Browser, main_engine: Engine) -> None:
    app.add_url_rule("/add", view_func=_add(), methods=["POST"])  # type: ignore[arg-type]
    browser.sign_in("cr_advisor")
    browser.read_token("/password")
    commits: list[object] = []
    event.listen(main_engine, "commit", commits.append)
    browser.post("/add")
    assert len(commits) == 1


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_w15_a_view_that_is_read_cannot_write(app: Flask, browser: Browser, main_engine: Engine, method: str) -> None:
    app.add_url_rule("/add", view_func=_add())  # type: ignore[arg-type]
    browser.sign_in("cr_advisor")
    assert browser.request(method, "/add").status_code == 500
    assert not _exists(main_engine)


def test_view_that_commits_itself_holds_no_lock(app: Flask, browser: Browser, main_engine: Engine) -> None:
    @signed_in
    @commits_itself
    def add() -> str:
        db.session.add(Site(id="new", name="New"))
        with pytest.raises(DBAPIError):
            db.session.flush()
        db.session.rollback()
        return ""

    app.add_url_rule("/add", view_func=add, methods=["POST"])
    browser.sign_in("cr_advisor")
    assert browser.post("/add").status_code == 200
    assert not _exists(main_engine)


def test_r10_writer_waits_then_says_try_again(
    app: Flask, browser: Browser, sqlite_only: None, main_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.transactions.WEB_WAIT_SECONDS", 0.2)
    app.add_url_rule("/add", view_func=_add(), methods=["POST"])  # type: ignore[arg-type]
    browser.sign_in("cr_advisor")
    token = browser.token
    held, done = Event(), Event()

    def hold() -> None:
        with writing(), Session(main_engine) as session:
            session.get(Site, "new")
            held.set()
            done.wait(10)

    holder = Thread(target=hold)
    holder.start()
    held.wait(5)
    began = time.monotonic()
    answer = browser.post("/add", headers={"X-CSRFToken": token})
    waited = time.monotonic() - began
    reading = browser.get("/password")
    done.set()
    holder.join()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert 0.2 <= waited < 3
    assert reading.status_code == 200
    assert browser.post("/add", headers={"X-CSRFToken": token}).status_code == 200


@pytest.fixture
def sqlite_only(main_engine: Engine) -> None:
    """On PostgreSQL writers of different rows do not wait for each other."""
    if main_engine.dialect.name != "sqlite":
        pytest.skip("only SQLite has one writer at a time")
