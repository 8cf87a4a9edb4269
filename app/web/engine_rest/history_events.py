"""Events of the history in the shapes that clients know: decisions, changes of variables, jobs, external tasks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import feel
from app.extensions import db
from app.i18n import N_
from app.operations.definitions import load_definition
from app.operations.encoding import decode_values
from app.operations.history_reading import RecordedEvent, decode_events
from app.web.current import this_request
from app.web.engine_rest.case_looks import note_looks_at_cases
from app.web.engine_rest.decisions import decision_shape
from app.web.engine_rest.history_shapes import NO_CASE
from app.web.engine_rest.moments import write_moment
from app.web.engine_rest.variables import write_variable
from app.web.texts import gettext

ERASED = N_("The details were erased with the person's data.")


@dataclass(frozen=True, slots=True)
class Told:
    """A row of a list of events, and the event itself with what its reader may still know of people."""

    row: Any
    event: RecordedEvent


def events_of(rows: Sequence[Any]) -> list[Told]:
    """Rows of a list with their events, for who only counts them."""
    return [Told(row, event) for row, event in zip(rows, decode_events(db.session(), rows), strict=True)]


def told_events(rows: Sequence[Any]) -> Iterable[Told]:
    """Rows of a list with their events; whose facts stand in them counts as looked at."""
    told = events_of(rows)
    note_looks_at_cases({one.event.instance_id or "" for one in told if one.event.personal})
    return told


def decision(told: Told) -> dict[str, Any]:
    """A decision that a case asked; its inputs and outputs only where they are asked for."""
    event, row = told.event, told.row
    key = event.body["decision"]
    definition = load_definition(db.session(), row.definition_id)
    model = definition.decisions.get(key)  # a later version of the process may ask another one
    shown = decision_shape(key, model, definition) if model else {}
    asked = this_request().args
    return {
        **_of_case(told),
        "id": str(event.sequence),
        "decisionDefinitionId": shown.get("id"),
        "decisionDefinitionKey": key,
        "decisionDefinitionName": shown.get("name"),
        "evaluationTime": write_moment(event.at),
        "caseDefinitionId": None,
        "caseDefinitionKey": None,
        "caseInstanceId": None,
        "activityId": event.element_id,
        "activityInstanceId": event.activity_id,
        "userId": event.actor_id,
        "inputs": [*_inputs(event)] if asked.get("includeInputs") == "true" else None,
        "outputs": [*_outputs(event)] if asked.get("includeOutputs") == "true" else None,
        "collectResultValue": None,
        "rootDecisionInstanceId": None,
        "decisionRequirementsDefinitionId": shown.get("decisionRequirementsDefinitionId"),
        "decisionRequirementsDefinitionKey": shown.get("decisionRequirementsDefinitionKey"),
    }


def _inputs(event: RecordedEvent) -> Iterable[dict[str, Any]]:
    values = decode_values({**event.body["inputs"], **(event.personal or {}).get("inputs", {})})
    for number, (name, value) in enumerate(sorted(values.items())):
        yield {**_part(event, f"{event.sequence}:in:{number}", name), **write_variable(value)}


def _outputs(event: RecordedEvent) -> Iterable[dict[str, Any]]:
    rows: Sequence[Mapping[str, object]] = event.body.get("outputs") or (event.personal or {}).get("outputs", [])
    rules = event.body["rules"] if len(event.body["rules"]) == len(rows) else [None] * len(rows)
    for order, (row, rule) in enumerate(zip(rows, rules, strict=True), start=1):
        for name, value in decode_values(row).items():
            rule_part = {"ruleId": rule, "ruleOrder": order, "variableName": name}
            part = _part(event, f"{event.sequence}:out:{order}:{name}", name)
            yield {**part, **rule_part, **write_variable(value)}


def _part(event: RecordedEvent, part_id: str, name: str) -> dict[str, Any]:
    return {
        "id": part_id,
        "decisionInstanceId": str(event.sequence),
        "clauseId": None,
        "clauseName": name,
        "errorMessage": gettext(ERASED) if event.is_erased else None,
        "createTime": write_moment(event.at),
        "removalTime": None,
        "rootProcessInstanceId": event.instance_id,
    }


def detail(told: Told) -> dict[str, Any]:
    """A change of a variable."""
    event = told.event
    value = write_variable(value_after(event))
    return {
        **_of_case(told),
        **NO_CASE,
        "id": str(event.sequence),
        "type": "variableUpdate",
        "activityInstanceId": event.body["execution"],
        "executionId": event.body["execution"],
        "taskId": None,
        "userOperationId": None,
        "time": write_moment(event.at),
        "fieldId": None,
        "fieldValue": None,
        "variableName": event.body["name"],
        "variableInstanceId": f"{event.body['execution']}:{event.body['name']}",
        "variableType": value["type"],
        "value": value["value"],
        "valueInfo": value["valueInfo"],
        "initial": event.body["is_new"],
        "revision": 0,
        "errorMessage": gettext(ERASED) if event.is_erased else None,
    }


def value_after(event: RecordedEvent) -> object:
    """The FEEL value that a variable had after its change."""
    values = event.personal if event.personal is not None else event.body
    return feel.decode(values.get("new"))


def job_log(told: Told) -> dict[str, Any]:
    """What became of a job."""
    event = told.event
    is_failure, is_creation = event.type == "job_attempt_failed", event.type in ("job_requested", "timer_armed")
    return {
        **_of_case(told),
        **_log(event, is_creation=is_creation, is_failure=is_failure),
        "jobId": event.body.get("job"),
        "jobDueDate": write_moment(datetime.fromisoformat(event.body["due_at"])) if "due_at" in event.body else None,
        "jobRetries": event.body.get("retries"),
        "jobPriority": 0,
        "jobExceptionMessage": message_of(event) if is_failure else None,
        "failedActivityId": event.element_id if is_failure else None,
        "jobDefinitionId": None,
        "jobDefinitionType": "timer-transition" if event.type.startswith("timer") else "async-continuation",
        "jobDefinitionConfiguration": event.body.get("connector"),
        "executionId": None,
        "deploymentId": load_definition(db.session(), told.row.definition_id).deployment_id,
        "hostname": None,
    }


def external_task_log(told: Told) -> dict[str, Any]:
    """What became of an external task."""
    event = told.event
    is_failure = event.type in ("job_attempt_failed", "job_failure_reported")
    return {
        **_of_case(told),
        **_log(event, is_creation=event.type == "job_requested", is_failure=is_failure),
        "externalTaskId": event.body.get("job"),
        "topicName": event.body.get("topic"),
        "workerId": event.body.get("worker"),
        "retries": event.body.get("retries"),
        "priority": 0,
        "errorMessage": message_of(event) if is_failure else event.body.get("message"),
        "activityInstanceId": event.activity_id,
        "executionId": None,
    }


def message_of(event: RecordedEvent) -> str | None:
    """Why an attempt failed."""
    if event.is_erased:
        return str(gettext(ERASED))
    found = (event.personal or {}).get("remark") or event.body.get("message")
    return None if found is None else str(found)


def details_of(event: RecordedEvent) -> str:
    """What a worker said of it besides."""
    return str((event.personal or {}).get("details") or event.body.get("details") or "")


def _log(event: RecordedEvent, *, is_creation: bool, is_failure: bool) -> dict[str, Any]:
    return {
        "id": str(event.sequence),
        "timestamp": write_moment(event.at),
        "activityId": event.element_id,
        "creationLog": is_creation,
        "failureLog": is_failure,
        "successLog": not is_creation and not is_failure,
        "deletionLog": False,
    }


def _of_case(told: Told) -> dict[str, Any]:
    return {
        "processDefinitionKey": told.row.process_key,
        "processDefinitionId": told.row.definition_id,
        "processInstanceId": told.event.instance_id,
        "rootProcessInstanceId": told.event.instance_id,
        "tenantId": told.event.site_id,
        "removalTime": None,
    }
