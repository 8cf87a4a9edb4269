"""Every route × role has the expected answer, and reading writes nothing (W04, W15); each is asked once for both.

What a role may do does not depend on the database; that the pages work on PostgreSQL as well, three roles show that
meet all of them.
"""

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from app.extensions import db
from tests.integration.web.all_routes import (
    ANONYMOUS,
    COLUMNS,
    MAY_LOG_A_LOOK,
    WRITES,
    ask,
    expected_rows,
    routes_for_people,
)
from tests.integration.web.browser import Browser
from tests.integration.web.dealership import Dealership

ON_BOTH = ("cr_advisor", "general_manager", "admin")
OWN_AFFAIRS = {
    "/preferences", "/password", "/sessions/end", "/sign-in", "/sign-in/again", "/sign-out", "/second-factor",
    "/set-up", "/sign-in/provider",
}  # fmt: skip
CASES = [("sqlite", name) for name in COLUMNS] + [("postgresql", name) for name in ON_BOTH]


@pytest.fixture
def writes(main_engine: Engine) -> list[str]:
    """The statements that write, but for the log of looks."""
    found: list[str] = []

    def watch(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if WRITES.match(statement) and not MAY_LOG_A_LOOK.match(statement):
            found.append(statement)

    event.listen(main_engine, "before_cursor_execute", watch)
    return found


@pytest.mark.parametrize(("database_url", "name"), CASES, indirect=["database_url"])
def test_w04_w15_every_role_gets_the_expected_answer(
    app: Flask, dealership: Dealership, writes: list[str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(app)
    if name != ANONYMOUS:
        browser.sign_in(name)
    monkeypatch.setattr(db.session, "commit", db.session.flush)  # every request meets the same case
    expected = {(row["rule"], row["method"]): row[name] for row in expected_rows()}
    wrong = []
    for rule, method in routes_for_people(app):
        writes.clear()
        status = ask(browser, rule, method, dealership).status_code
        if str(status) != expected[rule.rule, method]:
            wrong.append(f"{method} {rule.rule}: {status} instead of {expected[rule.rule, method]}")
        if method == "GET" and writes:
            wrong.append(f"GET {rule.rule} writes: {writes}")
        if name == "auditor" and method != "GET" and status != 403 and not _is_own(rule.rule):
            wrong.append(f"{method} {rule.rule}: auditors change nothing")
    assert not wrong, "\n".join(wrong)


def _is_own(rule: str) -> bool:
    return rule in OWN_AFFAIRS or rule.startswith(("/account/", "/notifications", "/password/"))
