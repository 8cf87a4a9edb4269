"""The dashboard: who sees it, that its numbers open their cases, and that it takes few statements."""

from __future__ import annotations

import re
from html import unescape

from flask import Flask
from sqlalchemy import Engine, event

from tests.integration.web.browser import signed_in
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import HERE, MARKER, Dealership
from tests.integration.web.filling import STRANGER

pytestmark = SQLITE_ONLY
MOST_STATEMENTS = 34  # of the whole page, navigation and names included; the numbers of it are eleven


def test_every_number_opens_its_list(app: Flask, dealership: Dealership) -> None:
    manager = signed_in(app, "general_manager")
    page = manager.get("/dashboard")
    assert "Open tasks by group" in page.text
    lists = {unescape(link) for link in re.findall(r'href="(/dashboard/cases[^"]+)"', page.text)}
    assert any("what=open" in link for link in lists)
    for link in lists:
        assert MARKER in manager.get(link).text, link


def test_other_sites_see_nothing_of_it(app: Flask, dealership: Dealership) -> None:
    stranger = signed_in(app, STRANGER)
    assert "/dashboard/cases" not in stranger.get("/dashboard").text
    assert stranger.get(f"/dashboard?site={HERE}").status_code == 404
    assert MARKER not in stranger.get("/dashboard/cases").text


def test_it_is_in_the_navigation_of_managers_only(app: Flask, people: None) -> None:
    for user, is_there in (("general_manager", True), ("service_manager", True), ("cr_advisor", False)):
        assert ('href="/dashboard"' in signed_in(app, user).get("/cases").text) is is_there, user


def test_it_takes_few_statements(app: Flask, dealership: Dealership, main_engine: Engine) -> None:
    manager = signed_in(app, "general_manager")
    manager.get("/dashboard")
    statements: list[str] = []
    event.listen(main_engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    manager.get("/dashboard")
    assert len(statements) <= MOST_STATEMENTS, "\n".join(statements)
