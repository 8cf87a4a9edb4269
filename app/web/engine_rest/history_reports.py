"""/history: figures of what is over: by element of a process, and how long cases and user tasks took by period."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from statistics import fmean
from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.i18n import N_
from app.models.program_events import DECISIONS
from app.models.program_lists import count_of
from app.models.program_reports import (
    OF_CASES,
    OF_INCIDENTS,
    OF_PASSES,
    OF_USER_TASKS,
    counts_of_user_tasks,
    incidents_by_element,
    passes_by_element,
    times_of_cases,
    times_of_user_tasks,
)
from app.web.camunda_errors import MalformedRequest
from app.web.current import current_person, this_request
from app.web.engine_rest.decisions import decisions_of, existing_file
from app.web.engine_rest.definitions import existing
from app.web.engine_rest.list_routes import BY_ADDRESS, add_reading
from app.web.engine_rest.lists import conditions_for, wanted_of
from app.web.engine_rest.resource import resource
from app.web.permissions import Permission

blueprint = resource("history_reports", "/history")

WANTED_FIGURES = frozenset({"canceled", "finished", "completeScope", "incidents"})
MONTHS = {"month": 1, "quarter": 3}


def statistics(definition_id: str) -> ResponseReturnValue:
    """For each element of a version what is open; what is over, was cancelled or went wrong where asked for."""
    session, user_id, found = db.session(), current_person().id, existing(definition_id, None)
    asked = this_request().args
    conditions = conditions_for(OF_PASSES, beside=WANTED_FIGURES | {"sortBy", "sortOrder"})
    rows: dict[str, dict[str, Any]] = {}
    for row in passes_by_element(session, user_id, found.id, conditions):
        rows[row.element_id] = _figures(row.element_id, row.open)
        rows[row.element_id]["finished"] = row.finished if asked.get("finished") == "true" else 0
        rows[row.element_id]["canceled"] = row.cancelled if asked.get("canceled") == "true" else 0
    if asked.get("incidents") == "true":
        beside = {name for name in asked if name not in OF_INCIDENTS}
        for row in incidents_by_element(session, user_id, found.id, conditions_for(OF_INCIDENTS, beside)):
            figures = rows.setdefault(row.element_id, _figures(row.element_id, 0))
            figures |= {"openIncidents": row.open, "resolvedIncidents": row.resolved}
    in_order = sorted(rows.values(), key=lambda figures: str(figures["id"]), reverse=asked.get("sortOrder") == "desc")
    return [figures for figures in in_order if any(value for name, value in figures.items() if name != "id")]


def decision_statistics(file_id: str) -> ResponseReturnValue:
    """How often each decision of a file was asked; of one evaluation only where it is named."""
    file, session, user_id = existing_file({"file_id": file_id}), db.session(), current_person().id
    sent = {"deploymentId": file["deploymentId"], "decisionInstanceId": this_request().args.get("decisionInstanceId")}
    counts = {
        key: count_of(session, DECISIONS, user_id, wanted_of(DECISIONS, {**sent, "decisionDefinitionKey": key}))
        for key in decisions_of(file)
    }
    return [{"decisionDefinitionKey": key, "evaluations": count} for key, count in counts.items() if count]


def cleanup_configuration() -> ResponseReturnValue:
    """The history is kept: nothing cleans it up, at no time of the day."""
    return {"batchWindowStartTime": None, "batchWindowEndTime": None, "enabled": False}


def cleanup_jobs() -> ResponseReturnValue:
    """There are none."""
    return []


def report_of_cases() -> ResponseReturnValue:
    """How long the cases took that began in each period."""
    conditions = conditions_for(OF_CASES, beside=frozenset({"reportType", "periodUnit"}))
    _need("reportType", ("duration",))
    return [*_durations(times_of_cases(db.session(), current_person().id, conditions))]


def report_of_user_tasks() -> ResponseReturnValue:
    """How long user tasks took by period, or how many were completed by their name or process."""
    conditions = conditions_for(OF_USER_TASKS, beside=frozenset({"reportType", "periodUnit", "groupBy"}))
    session, user_id = db.session(), current_person().id
    if _need("reportType", ("duration", "count")) == "duration":
        found = _durations(times_of_user_tasks(session, user_id, conditions))
        return [{**dict.fromkeys(_OF_COUNT), **row} for row in found]
    group_by = _need("groupBy", ("taskName", "processDefinition"))
    return [
        {
            **dict.fromkeys(_OF_DURATION),
            "taskName": row.name if group_by == "taskName" else None,
            "count": row.count_,
            "processDefinitionKey": row.process_key,
            "processDefinitionId": row.definition_id,
            "processDefinitionName": row.definition_name,
        }
        for row in counts_of_user_tasks(session, user_id, group_by, conditions)
    ]


_OF_COUNT = ("taskName", "count", "processDefinitionKey", "processDefinitionId", "processDefinitionName")
_OF_DURATION = ("period", "periodUnit", "minimum", "maximum", "average")


def _durations(times: Iterable[tuple[datetime, datetime]]) -> Iterable[dict[str, Any]]:
    """In milliseconds, by the month or quarter of the beginning."""
    unit = _need("periodUnit", tuple(MONTHS))
    periods: dict[int, list[int]] = defaultdict(list)
    for begin, end in times:
        month = begin.astimezone(current_person().zone).month
        periods[(month - 1) // MONTHS[unit] + 1].append(round((end - begin).total_seconds() * 1000))
    for period, durations in sorted(periods.items()):
        yield {
            "period": period,
            "periodUnit": unit.upper(),
            "minimum": min(durations),
            "maximum": max(durations),
            "average": round(fmean(durations)),
        }


def _figures(element_id: str, instances: int) -> dict[str, Any]:
    missing = ("canceled", "finished", "completeScope", "openIncidents", "resolvedIncidents", "deletedIncidents")
    return {"id": element_id, "instances": instances, **dict.fromkeys(missing, 0)}


def _need(name: str, known: tuple[str, ...]) -> str:
    """The value of a parameter that must be one of these. Raises MalformedRequest."""
    value = this_request().args.get(name, "")
    if value not in known:
        raise MalformedRequest(N_("“%(name)s” must be one of %(known)s."), name=name, known=", ".join(known))
    return value


for path, view in (
    ("/process-definition/<definition_id>/statistics", statistics),
    ("/decision-requirements-definition/<file_id>/statistics", decision_statistics),
    ("/cleanup/configuration", cleanup_configuration),
    ("/cleanup/jobs", cleanup_jobs),
    ("/process-instance/report", report_of_cases),
    ("/task/report", report_of_user_tasks),
):
    add_reading(blueprint, path, BY_ADDRESS, view, Permission.READ_HISTORY)
