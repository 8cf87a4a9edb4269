"""Every route has an expected answer (routes.csv); what belongs to another site is out of reach (W01, W03, W04).

A route without a row fails the tests, and so does a row without a route. The cells are the statuses that a well-formed
request with the ids of a case of the main house gets; `stranger` has every group, but at another site.
"""

import pytest
from flask import Flask

from app.extensions import db
from tests.integration.web.all_routes import (
    COMPANY_WIDE,
    SAYS_NOTHING,
    ask,
    expected_rows,
    routes,
    routes_for_people,
)
from tests.integration.web.browser import Browser
from tests.integration.web.dealership import MARKER, Dealership
from tests.integration.web.filling import STRANGER


@pytest.fixture
def browsers(app: Flask, dealership: Dealership, monkeypatch: pytest.MonkeyPatch) -> dict[str, Browser]:
    """Two browsers, signed in. From then on nothing is committed, so that every request meets the same case."""
    browsers = {name: Browser(app) for name in ("cr_advisor", STRANGER)}
    for name, browser in browsers.items():
        browser.sign_in(name)
    monkeypatch.setattr(db.session, "commit", db.session.flush)
    return browsers


def test_w04_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    written = [(row["rule"], row["method"]) for row in expected_rows()]
    assert len(written) == len(set(written))
    assert set(written) == {(rule.rule, method) for rule, method in routes(app)}


def test_w01_things_of_another_site_are_out_of_reach(
    app: Flask, browsers: dict[str, Browser], dealership: Dealership
) -> None:
    own, foreign = browsers["cr_advisor"], browsers[STRANGER]
    shown = 0
    for rule, method in routes_for_people(app):
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
