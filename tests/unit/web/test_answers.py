"""What kind of answer the asker can read."""

import pytest
from flask import Flask

from app.web.answers import wants_json, wants_page, wants_partial

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"Accept": BROWSER}, "page"),
        ({"Accept": "*/*"}, "page"),
        ({}, "page"),
        ({"Accept": "application/json"}, "json"),
        ({"Accept": "application/json, text/html;q=0.5"}, "json"),
        ({"Accept": "text/html, application/json;q=0.5"}, "page"),
        ({"Accept": BROWSER, "HX-Request": "true"}, "partial"),
        ({"Accept": "*/*", "Content-Type": "application/json"}, "page"),
        ({"Content-Type": "application/json"}, "json"),
    ],
)
def test_kinds(headers: dict[str, str], kind: str) -> None:
    with Flask(__name__).test_request_context(headers=headers, method="POST"):
        found = {"json": wants_json(), "partial": wants_partial(), "page": wants_page()}
    assert [name for name, is_wanted in found.items() if is_wanted] == [kind]
