"""Every route × role has an expected answer: routes.csv (W01-W04, W15).

A route without a row fails the tests, and so does a row without a route. The cells are the statuses that a well-formed
request with the ids of a case of the main house gets; `stranger` has every group, but at another site.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.extensions import db
from tests.integration.web.browser import Browser
from tests.integration.web.dealership import MARKER, Dealership
from tests.integration.web.filling import ROLES, STRANGER

PROGRAMS = "/engine-rest"
FILE = Path(__file__).with_name("routes.csv")
ANONYMOUS = "anonymous"
# Ids of what belongs to no site; every other id of an address is of something that other sites must not reach.
COMPANY_WIDE = frozenset(
    {
        "decision_id", "decision_key", "definition_id", "deployment_id", "filename", "group_id", "month", "process_key",
        "questionnaire_id", "token",
    }
)  # fmt: skip
# The same answer whoever asks for whatever id; that it stays unread is tested with the notifications.
SAYS_NOTHING = frozenset({"/notifications/<notification_id>/read"})
COLUMNS = (ANONYMOUS, *ROLES, STRANGER)
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE|CREATE|ALTER|DROP)\b", re.IGNORECASE)
# What was looked at is written down when a page is shown (decisions: the append-only look-log).
MAY_LOG_A_LOOK = re.compile(r"\s*INSERT INTO look\b", re.IGNORECASE)
FORMS = {
    "/user-tasks/<user_task_id>/assign": {"assignee": "cr_advisor", "reason": "test"},
    "/preferences": {"theme": "dark"},
    "/attachments/<attachment_id>/remove": {"reason": "test"},
    "/cases/<instance_id>/discussion": {"text": "test"},
    "/comments/<comment_id>": {"text": "test"},
    "/customers/requests/<request_id>": {"decision": "reject"},
}


def expected_rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every rule with each method it answers."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


@pytest.fixture
def asked(app: Flask) -> list[tuple[Rule, str]]:
    """The addresses for people; those for programs have a test of their own (engine_rest/test_roles.py)."""
    return [(rule, method) for rule, method in routes(app) if not rule.rule.startswith(PROGRAMS)]


def path_of(rule: Rule, dealership: Dealership) -> str:
    """The rule's address with the ids of the dealership."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(getattr(dealership, match[1])), rule.rule)


@pytest.fixture
def browsers(app: Flask, dealership: Dealership, monkeypatch: pytest.MonkeyPatch) -> dict[str, Browser]:
    """A browser per role, signed in. From then on nothing is committed, so that every request meets the same case."""
    browsers = {name: Browser(app) for name in COLUMNS}
    for name, browser in browsers.items():
        if name != ANONYMOUS:
            browser.sign_in(name)
    monkeypatch.setattr(db.session, "commit", db.session.flush)
    return browsers


def ask(browser: Browser, rule: Rule, method: str, dealership: Dealership) -> TestResponse:
    buffered = rule.endpoint != "events.events"
    answer = browser.copy().request(
        method, path_of(rule, dealership), data=FORMS.get(rule.rule) if method == "POST" else None, buffered=buffered
    )
    answer.close()
    return answer


def test_w04_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    written = [(row["rule"], row["method"]) for row in expected_rows()]
    assert len(written) == len(set(written))
    assert set(written) == {(rule.rule, method) for rule, method in routes(app)}


def test_w04_every_role_gets_the_expected_answer(
    asked: list[tuple[Rule, str]], browsers: dict[str, Browser], dealership: Dealership
) -> None:
    expected = {(row["rule"], row["method"]): row for row in expected_rows()}
    wrong = []
    for rule, method in asked:
        row = expected[rule.rule, method]
        for name, browser in browsers.items():
            status = ask(browser, rule, method, dealership).status_code
            if str(status) != row[name]:
                wrong.append(f"{method} {rule.rule} as {name}: {status} instead of {row[name]}")
    assert not wrong, "\n".join(wrong)


def test_w01_things_of_another_site_are_out_of_reach(
    asked: list[tuple[Rule, str]], browsers: dict[str, Browser], dealership: Dealership
) -> None:
    own, foreign = browsers["cr_advisor"], browsers[STRANGER]
    shown = 0
    for rule, method in asked:
        if rule.arguments - COMPANY_WIDE:
            answer = ask(foreign, rule, method, dealership)
            assert answer.status_code in (403, 404) or rule.rule in SAYS_NOTHING, (method, rule.rule)
            assert MARKER not in answer.text, (method, rule.rule)
            shown += method == "GET" and MARKER in ask(own, rule, method, dealership).text
    assert shown > 3  # the marker is really there for those who may see it


@pytest.mark.parametrize("path", ["/inbox", "/inbox/rows", "/cases", "/customers", "/imports"])
def test_w03_lists_and_searches_hold_what_may_be_seen(
    browsers: dict[str, Browser], dealership: Dealership, path: str
) -> None:
    queries = ["", "&state=all", *(f"&view={view}" for view in ("mine", "claimable", "overdue", "due_today", "done"))]
    for words in ("", MARKER, "%", "_", "RO-1"):
        for query in queries:
            headers = {"HX-Request": "true"} if path == "/inbox/rows" else {}
            answer = browsers[STRANGER].get(path, query_string=f"q={words}{query}", headers=headers)
            assert answer.status_code == 200
            hidden = {dealership.instance_id, dealership.user_task_id, dealership.import_id, *({MARKER} - {words})}
            assert not [word for word in hidden if word in answer.text], (path, words)


def test_w15_reading_writes_nothing(
    asked: list[tuple[Rule, str]], browsers: dict[str, Browser], dealership: Dealership, main_engine: Engine
) -> None:
    writes: list[str] = []

    def watch(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if WRITES.match(statement) and not MAY_LOG_A_LOOK.match(statement):
            writes.append(statement)

    event.listen(main_engine, "before_cursor_execute", watch)
    for rule, method in asked:
        if method == "GET":
            for browser in browsers.values():
                ask(browser, rule, method, dealership)
    event.remove(main_engine, "before_cursor_execute", watch)
    assert not writes


def test_auditors_change_nothing(
    asked: list[tuple[Rule, str]], browsers: dict[str, Browser], dealership: Dealership
) -> None:
    own_affairs = {
        "/preferences", "/password", "/sessions/end", "/sign-in", "/sign-in/again", "/sign-out", "/second-factor",
        "/set-up", "/sign-in/provider",
    }  # fmt: skip
    for rule, method in asked:
        is_own = rule.rule in own_affairs or rule.rule.startswith(("/account/", "/notifications", "/password/"))
        if method != "GET" and not is_own:
            assert ask(browsers["auditor"], rule, method, dealership).status_code == 403, (method, rule.rule)
