"""Is the product up, is it ready, and what does it do? For load balancers and monitoring."""

import hmac
from collections.abc import Iterator

from flask import Blueprint, Response, current_app, jsonify, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric
from sqlalchemy import select

from app.config import Config
from app.extensions import db
from app.i18n import N_
from app.models.operating_facts import operating_facts
from app.operations.readiness import look_at_all
from app.web.current import current_time
from app.web.permissions import SignInNeeded, public
from app.web.request_metrics import RequestFigures
from app.web.texts import gettext

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@public
def health() -> Response:
    """200 when the database answers; otherwise the error page's 500."""
    db.session.execute(select(1))
    return jsonify(status="ok")


@blueprint.get("/health/ready")
@public
def ready() -> tuple[Response, int]:
    """200 when all that the work needs is there, else 503; what is missing is told to operators only."""
    findings = look_at_all(db.session(), _config().data_dir, current_time())
    is_ready = all(finding.is_well for finding in findings)
    answer: dict[str, object] = {"status": "ready" if is_ready else "not ready"}
    if _is_operator():
        answer["checks"] = {
            finding.name: gettext(finding.msgid, **dict(finding.params)) if finding.msgid else "ok"
            for finding in findings
        }
    return jsonify(answer), 200 if is_ready else 503


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """Figures in the format of Prometheus. Raises SignInNeeded for who has no right to them."""
    if not _is_operator():
        raise SignInNeeded(N_("These figures need the token of AFTERCARE_METRICS_TOKEN (Authorization: Bearer …)."))
    figures = CollectorRegistry()
    figures.register(RequestFigures())
    figures.register(_Facts())
    return Response(generate_latest(figures), content_type=CONTENT_TYPE_LATEST)


class _Facts:
    """What the database knows, asked when the figures are read."""

    def collect(self) -> Iterator[Metric]:
        now = current_time()
        facts = operating_facts(db.session(), now)
        jobs = GaugeMetricFamily("aftercare_jobs", "Jobs not done, by kind and state.", labels=["kind", "state"])
        for labels, count in sorted(facts.jobs.items()):
            jobs.add_metric(labels, count)
        cases = GaugeMetricFamily("aftercare_cases", "Cases by state.", labels=["state"])
        for state, count in sorted(facts.cases.items()):
            cases.add_metric([state], count)
        yield jobs
        yield cases
        waiting = (now - facts.oldest_due).total_seconds() if facts.oldest_due else 0.0
        for name, text, value in (
            ("oldest_due_job_seconds", "For how long the job that waits longest could have been done.", waiting),
            ("incidents_open", "Incidents that nobody has looked after.", facts.incidents),
            ("sessions", "Browsers signed in, ended ones included until they are swept.", facts.sessions),
            ("history_unsealed", "Events of the history that no seal covers yet.", facts.unsealed),
            ("search_unindexed", "Sealed events that the search has not followed yet.", facts.unindexed),
        ):
            yield GaugeMetricFamily(f"aftercare_{name}", text, value=value)


def _config() -> Config:
    config: Config = current_app.extensions["config"]
    return config


def _is_operator() -> bool:
    """Whoever knows the token; without one in the settings, everybody, where the product serves this machine only."""
    config = _config()
    if config.metrics_token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), config.metrics_token.encode())
    return config.is_loopback_only
