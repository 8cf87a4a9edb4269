"""What is described is what is there, and whatever is sent, the answer is one that is described."""

import html
import os
import re
from typing import Any

import hypothesis
import pytest
import schemathesis
from flask import Flask
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.database import writing
from app.extensions import db
from app.models import Membership
from app.web.rate_limits import EXTENSION, Limit, RateLimits
from tests.integration.web.api.conftest import PREFIX
from tests.integration.web.browser import signed_in
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import HERE, Dealership
from tests.integration.web.engine_rest.program import ADDRESS, Program, bearer, make_token

pytestmark = SQLITE_ONLY

CHECKS = (
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
)  # fmt: skip
PERSON = "cr_advisor"
MORE_GROUPS = ("customer_service_manager", "general_manager", "business_manager")
EXAMPLES = 300 if os.environ.get("DRILL") else 4  # of each operation: right ones and wrong ones
WRONG = schemathesis.GenerationMode.NEGATIVE
NOT_DESCRIBED = {(f"{PREFIX}/openapi.json", "get")}


@pytest.fixture
def described(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get(f"{PREFIX}/openapi.json", base_url=ADDRESS).get_json()
    return found


def operations_of(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_route_is_described_and_everything_described_is_a_route(app: Flask, described: dict[str, Any]) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    found = operations_of(described)
    assert routes - NOT_DESCRIBED == {(PREFIX + path, method) for path, method, _ in found}
    names = [operation["operationId"] for _, _, operation in found]
    assert len(names) == len(set(names))


def test_the_document_is_openapi_and_says_the_same_in_chinese(app: Flask, described: dict[str, Any]) -> None:
    schemathesis.openapi.from_dict(described).validate()
    client = app.test_client()
    headers = {"Accept-Language": "zh-CN"}
    chinese = client.get(f"{PREFIX}/openapi.json", base_url=ADDRESS, headers=headers).get_json()
    assert chinese["paths"].keys() == described["paths"].keys()
    for path, method, operation in operations_of(chinese):
        assert re.search(r"[\u4e00-\u9fff]", operation["summary"]), (method, path)


def test_the_page_shows_every_operation_with_an_example(
    app: Flask, dealership: Dealership, described: dict[str, Any]
) -> None:
    browser = signed_in(app, PERSON)
    page = html.unescape(browser.get("/api-reference").text)
    for path, method, operation in operations_of(described):
        assert f'id="{operation["operationId"]}"' in page
        assert f'curl -X {method.upper()} "{ADDRESS}{PREFIX}{path}' in page
    assert '-d \'{\n  "reason": "…"\n}\'' in page
    assert browser.get("/account/tokens").text.count('href="/api-reference"') == 1


def test_strangers_and_tokens_for_something_else_are_refused_as_described(
    app: Flask, dealership: Dealership, described: dict[str, Any]
) -> None:
    _join_more_groups(app)
    nobody, no_scope = Program(app, {}, PREFIX), Program(app, bearer(make_token(app, PERSON, ("deploy",))), PREFIX)
    _without_limits(app)
    for path, method, operation in operations_of(described):
        place = re.sub(r"{(\w+)}", lambda found: str(getattr(dealership, found[1])), path)
        assert {"401", "403", "429"} <= operation["responses"].keys()
        answer = nobody.send(method, place)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), (method, path)
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        answer = no_scope.send(method, place)
        assert (answer.status_code, answer.get_json()["error"]) == (403, "ScopeMissing"), (method, path)


def test_whatever_is_sent_is_answered_as_described(app: Flask, dealership: Dealership) -> None:
    """Every operation, with places that exist and with some that do not."""
    _join_more_groups(app)
    headers = bearer(make_token(app, PERSON))
    _without_limits(app)
    app.config["SERVER_NAME"] = None
    schema = schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", app, base_url=ADDRESS)
    statuses: dict[str, set[int]] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        cases = hypothesis.strategies.one_of(operation.as_strategy(), operation.as_strategy(generation_mode=WRONG))
        statuses[operation.label] = set()

        @hypothesis.settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(case=cases, exists=hypothesis.strategies.booleans())
        def ask(case: schemathesis.Case, exists: bool) -> None:
            if exists:
                case.path_parameters = {name: getattr(dealership, name) for name in case.path_parameters}
                if "site" in (case.query or {}):
                    case.query["site"] = HERE
            answer = case.call_and_validate(headers=headers, checks=CHECKS)
            statuses[case.operation.label].add(answer.status_code)

        ask()
    unseen = [label for label, found in statuses.items() if not found & {200, 201, 404, 409}]
    assert not unseen, "never came further than the shape of the request"


def _join_more_groups(app: Flask) -> None:
    """Who may do everything there is at the site."""
    with app.app_context(), writing():
        db.session.add_all(Membership(user_id=PERSON, group_id=group, site_id=HERE) for group in MORE_GROUPS)
        db.session.commit()


def _without_limits(app: Flask) -> None:
    app.extensions[EXTENSION] = RateLimits(dict.fromkeys(("api", "search", "export", "upload"), Limit(10**6, 10**6)))
