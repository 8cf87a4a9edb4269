"""One log line per request, and who asked on every line written meanwhile (W54, W55)."""

import time

import structlog
from flask import Flask, Response, g

from app.identifiers import new_id
from app.web.current import current_person_or_none, this_request
from app.web.request_metrics import count_request

# Asked for every few seconds by machines, or beside every page: only errors of them are worth a line.
QUIET = ("static", "health.health", "health.ready", "health.metrics")
FIRST_ERROR = 400

log = structlog.get_logger(__name__)


def install(app: Flask) -> None:
    """Must come first, so that what other hooks log carries the request's id."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=new_id(), address=this_request().remote_addr)


def _end(answer: Response) -> Response:
    asked = this_request()
    measured = time.perf_counter() - g.request_began if "request_began" in g else None
    if measured is not None:
        count_request(asked.endpoint, asked.method, answer.status_code, measured)
    if asked.endpoint in QUIET and answer.status_code < FIRST_ERROR:
        return answer
    # The rule, not the address: searches and form values are other people's data.
    rule = asked.url_rule.rule if asked.url_rule else None
    person = current_person_or_none()
    log.info(
        "request", method=asked.method, rule=rule, status=answer.status_code, user=person.id if person else None,
        milliseconds=round(measured * 1000, 1) if measured is not None else None,
    )
    return answer
