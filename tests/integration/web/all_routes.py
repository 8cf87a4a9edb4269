"""All addresses of the product and the answers that routes.csv expects; the ids in them are those of the dealership."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.integration.web.browser import Browser
from tests.integration.web.dealership import Dealership
from tests.integration.web.filling import ROLES, STRANGER

PROGRAMS = "/engine-rest"
FILE = Path(__file__).with_name("routes.csv")
ANONYMOUS = "anonymous"
# Ids of what belongs to no site; every other id of an address is of something that other sites must not reach.
COMPANY_WIDE = frozenset(
    {
        "authorization_id", "decision_id", "decision_key", "definition_id", "deployment_id", "filename", "group_id",
        "metric_name", "month", "process_key", "questionnaire_id", "token",
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
# The same for what programs send; `_` is a word that nothing has as its id.
BODIES: dict[tuple[str, str], dict[str, object]] = {
    ("/api/v1/cases/<instance_id>/clocks/<clock_id>/<int:number>/pause", "POST"): {"reason": "test"},
    ("/api/v1/customers", "POST"): {"name": "New", "phone": "10012345678"},
    ("/api/v1/customers/<customer_id>", "PATCH"): {"values": {"grade": "potential"}},
    ("/api/v1/customers/<customer_id>/consent", "PUT"): {"state": "refused", "source": "call"},
    ("/api/v1/customers/<customer_id>/do-not-contact", "PUT"): {"isDoNotContact": True},
    ("/api/v1/follow-ups/call-off", "POST"): {"ids": ["_"], "reason": "test"},
    ("/api/v1/follow-ups/move", "POST"): {"ids": ["_"], "reason": "test", "day": "2026-05-28"},
    ("/api/v1/follow-ups/plan-again", "POST"): {"ids": ["_"], "reason": "test"},
    ("/api/v1/imports/<import_id>/undo", "POST"): {"reason": "test"},
    ("/api/v1/reports/follow-ups/file", "POST"): {"form": "csv"},
    ("/api/v1/reports/issued/<report_id>/file", "POST"): {"form": "csv"},
    ("/api/v1/reports/monthly/<site_id>/<month>/file", "POST"): {"form": "csv"},
    ("/api/v1/vehicles/<vehicle_id>", "PATCH"): {"values": {"model": "X"}},
    ("/api/v1/vehicles/<vehicle_id>/holder", "PUT"): {"name": "New", "phone": "10012345678"},
}
QUERIES = {
    "/api/v1/reports/follow-ups/counted": {"figure": "closed"},
    "/api/v1/reports/monthly/<site_id>/<month>/counted": {"figure": "due"},
}


def expected_rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every rule with each method it answers."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def path_of(rule: Rule, dealership: Dealership) -> str:
    """The rule's address with the ids of the dealership."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(getattr(dealership, match[1])), rule.rule)


def ask(browser: Browser, rule: Rule, method: str, dealership: Dealership) -> TestResponse:
    sent: dict[str, object] = {"buffered": rule.endpoint != "events.events", "query_string": QUERIES.get(rule.rule)}
    if body := BODIES.get((rule.rule, method)):
        sent["json"] = body
    elif method == "POST":
        sent["data"] = FORMS.get(rule.rule)
    answer = browser.copy().request(method, path_of(rule, dealership), **sent)
    answer.close()
    return answer


def routes_for_people(app: Flask) -> list[tuple[Rule, str]]:
    """Those for programs have a test of their own (engine_rest/test_roles.py)."""
    return [(rule, method) for rule, method in routes(app) if not rule.rule.startswith(PROGRAMS)]
