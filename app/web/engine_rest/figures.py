"""/metrics, /schema/log and /telemetry: counters, the version of the tables, and that nothing is sent anywhere."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask.typing import ResponseReturnValue

from app.database import schema_version
from app.extensions import db
from app.models.program_figures import COUNTERS, counts_by_interval, sum_of
from app.web.bearers import needs_scope
from app.web.camunda_errors import NotOffered
from app.web.current import current_person, current_time, this_request
from app.web.engine_rest.bodies import flag_in, read_body
from app.web.engine_rest.filter_values import read_value
from app.web.engine_rest.list_routes import BOTH, BY_ADDRESS, add_reading
from app.web.engine_rest.lists import sent_query
from app.web.engine_rest.moments import read_moment, write_moment
from app.web.engine_rest.resource import DONE, resource
from app.web.permissions import Permission, requires

blueprint = resource("figures")

REPORTER = "aftercare"
INTERVAL_SECONDS, LONGEST_INTERVAL, MOST_INTERVALS = 900, 86_400, 200


def total(metric_name: str) -> ResponseReturnValue:
    """How often something happened, between two moments where they are given."""
    since, until = _moment("startDate"), _moment("endDate")
    return {"result": sum_of(db.session(), current_person().id, _known(metric_name), since, until)}


def intervals() -> ResponseReturnValue:
    """How often things happened in each stretch of time, the latest first."""
    seconds = min(_whole("interval", INTERVAL_SECONDS), LONGEST_INTERVAL) or INTERVAL_SECONDS
    most = min(_whole("maxResults", MOST_INTERVALS), MOST_INTERVALS)
    until = _moment("endDate") or current_time() + timedelta(seconds=1)
    since = max(_moment("startDate") or datetime.min.replace(tzinfo=UTC), until - timedelta(seconds=seconds * most))
    asked = this_request().args.get("name")
    found: list[dict[str, Any]] = []
    for name in [_known(asked)] if asked else COUNTERS:
        counts = counts_by_interval(db.session(), current_person().id, name, since, until, seconds)
        found += [_interval(name, begin, value) for begin, value in counts.items()]
    found.sort(key=lambda one: (one["timestamp"], one["name"]), reverse=True)
    first = _whole("firstResult", 0)
    return found[first : first + most]


def schema_log() -> ResponseReturnValue:
    """The version that the tables are in; when each one came is not kept."""
    version, sent = schema_version(db.engine), sent_query()
    is_asked_for = sent.get("version") in (None, version)
    return [{"id": "0", "timestamp": None, "version": version}] if is_asked_for else []


def telemetry() -> ResponseReturnValue:
    """Nothing is collected."""
    return {"enableTelemetry": False}


def collected() -> ResponseReturnValue:
    """Nothing."""
    return {"installation": None, "product": None}


@blueprint.post("/telemetry/configuration")
@requires(Permission.ADMINISTER)
@needs_scope("administer")
def configure_telemetry() -> ResponseReturnValue:
    """It stays off."""
    if flag_in(read_body(), "enableTelemetry"):
        raise NotOffered("enableTelemetry")
    return DONE


def _interval(name: str, begin: int, value: int) -> dict[str, Any]:
    return {
        "timestamp": write_moment(datetime.fromtimestamp(begin, UTC)),
        "name": name,
        "reporter": REPORTER,
        "value": value,
    }


def _known(name: str) -> str:
    if name not in COUNTERS:
        raise NotOffered(f"metrics {name:.60}")
    return name


def _moment(name: str) -> datetime | None:
    text = this_request().args.get(name)
    return None if text is None else read_moment(text)


def _whole(name: str, default: int) -> int:
    text = this_request().args.get(name)
    return default if text is None else int(read_value("number", name, text))


add_reading(blueprint, "/metrics", BY_ADDRESS, intervals, Permission.READ_HISTORY)
add_reading(blueprint, "/metrics/<metric_name>/sum", BY_ADDRESS, total, Permission.READ_HISTORY)
add_reading(blueprint, "/schema/log", BOTH, schema_log, Permission.ADMINISTER)
add_reading(blueprint, "/telemetry/configuration", BY_ADDRESS, telemetry, Permission.WORK)
add_reading(blueprint, "/telemetry/data", BY_ADDRESS, collected, Permission.WORK)
