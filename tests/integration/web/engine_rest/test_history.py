"""/history: decisions, changes of variables, jobs, external tasks, incidents, links, notes and figures of what was."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.models import Look
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import Dealership
from tests.integration.web.engine_rest.described import check_answer
from tests.integration.web.engine_rest.program import Program, deployed, started


@pytest.fixture
def owner(program_of: Callable[[str], Program], dealership: Dealership) -> Program:
    return program_of("process_owner")


def listed(program: Program, path: str, **query: Any) -> list[dict[str, Any]]:
    """A list, held against its description, its count and its first row alone."""
    found: list[dict[str, Any]] = program.get(path, **query)
    check_answer("GET", path, found)
    assert program.get(f"{path}/count", **query) == {"count": len(found)}
    return found


def one(program: Program, path: str, row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = program.get(f"{path}/{row['id']}")
    check_answer("GET", f"{path}/x", found)
    return found


def test_a_decision_is_found_with_inputs_outputs_and_rule(owner: Program, program_of: Callable[[str], Program]) -> None:
    deployed(owner, "operations/quote.bpmn", "operations/discount.dmn")
    owner = program_of("cr_advisor")
    case_id = started(owner, "quote", variables={"amount": {"value": 600}})
    started(owner, "quote", variables={"amount": {"value": 100}})
    path, both = "/history/decision-instance", {"includeInputs": "true", "includeOutputs": "true"}
    (found,) = listed(owner, path, processInstanceId=case_id, **both)
    assert (found["decisionDefinitionKey"], found["activityId"]) == ("discount", "Ask")
    assert [(one["clauseName"], one["value"]) for one in found["inputs"]] == [("amount", 600)]
    assert [(one["variableName"], one["value"], one["ruleId"]) for one in found["outputs"]] == [
        ("percent", 10, "Rule_large")
    ]
    assert one(owner, path, found)["inputs"] is None
    decision = owner.get(f"/decision-definition/{found['decisionDefinitionId']}")
    assert (decision["key"], decision["name"]) == ("discount", found["decisionDefinitionName"])
    figures = f"/history/decision-requirements-definition/{found['decisionRequirementsDefinitionId']}/statistics"
    check_answer("GET", "/history/decision-requirements-definition/x/statistics", owner.get(figures))
    assert owner.get(figures) == [{"decisionDefinitionKey": "discount", "evaluations": 2}]
    assert owner.get(figures, decisionInstanceId=found["id"])[0]["evaluations"] == 1
    for query, count in (
        ({"decisionDefinitionKey": "discount"}, 2), ({"decisionDefinitionKey": "dis"}, 0),
        ({"decisionDefinitionId": found["decisionDefinitionId"]}, 2), ({"decisionDefinitionId": "discount"}, 0),
        ({"decisionDefinitionKeyIn": "other,discount"}, 2), ({"decisionInstanceIdIn": found["id"]}, 1),
        ({"decisionInstanceId": "none"}, 0), ({"activityIdIn": "Ask", "rootDecisionInstancesOnly": "true"}, 2),
    ):  # fmt: skip
        assert owner.get(f"{path}/count", **query) == {"count": count}, query


@pytest.mark.parametrize("path", ["/variable-instance", "/history/variable-instance"])
def test_lists_of_variables_are_looks(
    owner: Program, dealership: Dealership, sessions: sessionmaker[Session], path: str
) -> None:
    assert owner.get(path, processInstanceIdIn=dealership.instance_id)
    assert _looks(sessions, path) == 1


def _looks(sessions: sessionmaker[Session], path: str) -> int:
    looks = select(func.count()).select_from(Look).where(Look.page == f"/engine-rest{path}")
    with sessions() as session:
        return session.scalars(looks.where(Look.user_id == "process_owner")).one()


def test_changes_of_variables(owner: Program, dealership: Dealership, sessions: sessionmaker[Session]) -> None:
    instance = dealership.instance_id
    for value in (7, 8):
        owner.done("PUT", f"/process-instance/{instance}/variables/score", {"value": value, "type": "Integer"})
    path, variable = "/history/detail", {"variableInstanceId": f"{instance}:score"}
    found = listed(owner, path, **variable, sortBy="time", sortOrder="asc")
    assert [(row["variableName"], row["value"], row["initial"]) for row in found] == [
        ("score", 7, True), ("score", 8, False),
    ]  # fmt: skip
    assert one(owner, path, found[1])["value"] == 8
    assert owner.get(f"{path}/count", **variable, initial="true") == {"count": 1}
    assert owner.get(f"{path}/count", **variable, formFields="true") == {"count": 0}
    assert len(owner.done("POST", path, {"processInstanceId": instance, "executionId": instance}, 200)) >= 2
    assert _looks(sessions, path) == 1  # where a row has something personal that is a look at the customer's file
    file = {"value": "aGk=", "type": "File", "valueInfo": {"filename": "a.txt", "mimetype": "text/plain"}}
    owner.done("PUT", f"/process-instance/{instance}/variables/note", file)
    (change,) = owner.get(path, variableInstanceId=f"{instance}:note")
    past = f"/history/variable-instance/{instance}:note"
    check_answer("GET", past, owner.get(past))
    for data in (f"{path}/{change['id']}/data", f"{past}/data"):
        assert owner.send("GET", data).data == b"hi"
    owner.done("GET", "/history/variable-instance/none:x", status=404)
    owner.done("GET", f"{path}/{found[0]['id']}/data", status=404)


@SQLITE_ONLY
def test_external_tasks_and_jobs_are_told_of_from_their_beginning_to_their_end(owner: Program) -> None:
    deployed(owner, "operations/external_work.bpmn")
    case_id = started(owner, "external_work", variables={"order": {"value": 7}})
    fetch = {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "price", "lockDuration": 10_000}]}
    failed = {"workerId": "w", "errorMessage": "no answer", "errorDetails": "a long story", "retries": 0}
    (fetched,) = owner.done("POST", "/external-task/fetchAndLock", fetch, 200)
    owner.done("POST", f"/external-task/{fetched['id']}/failure", failed)
    path = "/history/external-task-log"
    created, failure = listed(owner, path, processInstanceId=case_id)
    assert (created["creationLog"], created["topicName"]) == (True, "price")
    assert (failure["failureLog"], failure["errorMessage"], failure["retries"]) == (True, "no answer", 0)
    assert one(owner, path, failure)["externalTaskId"] == fetched["id"]
    assert owner.send("GET", f"{path}/{failure['id']}/error-details").text == "a long story"
    for query in ({"failureLog": "true"}, {"workerId": "w"}, {"externalTaskId": fetched["id"]}):
        assert [row["id"] for row in owner.get(path, **query)] == [failure["id"]], query
    assert owner.done("POST", f"{path}/count", {"successLog": True}, 200) == {"count": 0}
    (incident,) = listed(owner, "/history/incident", processInstanceId=case_id, open="true")
    note = f"/incident/{incident['id']}/annotation"
    owner.done("PUT", note, {"annotation": "asked the shop"})
    assert owner.get(f"/incident/{incident['id']}")["annotation"] == "asked the shop"
    owner.done("DELETE", note)
    assert owner.get("/history/incident", incidentId=incident["id"])[0]["annotation"] is None
    figures = owner.get(f"/history/process-definition/{fetched['processDefinitionId']}/statistics", incidents="true")
    check_answer("GET", "/history/process-definition/x/statistics", figures)
    assert [row["openIncidents"] for row in figures if row["id"] == fetched["activityId"]] == [1]
    deployed(owner, "timer_catch_event_duration.bpmn")
    waiting = started(owner)
    (timer,) = listed(owner, "/history/job-log", processInstanceId=waiting, creationLog="true")
    assert timer["jobDueDate"] is not None
    assert one(owner, "/history/job-log", timer)["jobDefinitionType"] == "timer-transition"
    assert owner.send("GET", f"/history/job-log/{timer['id']}/stacktrace").text == ""


@SQLITE_ONLY
def test_who_had_a_user_task_and_notes_on_what_they_did(owner: Program, dealership: Dealership) -> None:
    user_task = dealership.user_task_id
    owner.done("POST", f"/task/{user_task}/assignee", {"userId": "cr_advisor"})
    path = "/history/identity-link-log"
    found = listed(owner, path, taskId=user_task)
    assert ("candidate", "cr_advisor", "add") in {(row["type"], row["groupId"], row["operationType"]) for row in found}
    (assigned,) = listed(owner, path, taskId=user_task, type="assignee", operationType="add")
    assert (assigned["userId"], assigned["assignerId"]) == ("cr_advisor", "process_owner")
    (operation,) = owner.get("/history/user-operation", operationType="user_task_assigned")
    note = f"/history/user-operation/{operation['operationId']}"
    owner.done("PUT", f"{note}/set-annotation", {"annotation": "as agreed"})
    changed = owner.get("/history/user-operation", operationType="user_task_assigned")
    assert changed[0]["annotation"] == "as agreed"
    owner.done("PUT", f"{note}/clear-annotation")
    assert owner.get("/history/user-operation", operationType="user_task_assigned")[0]["annotation"] != "as agreed"
    owner.done("PUT", "/history/user-operation/none/clear-annotation", status=404)


@SQLITE_ONLY
def test_figures_of_what_is_over(owner: Program, dealership: Dealership) -> None:
    case_id = dealership.instance_id
    owner.done("DELETE", f"/process-instance/{case_id}")
    path = "/history/process-instance/report"
    report = owner.get(path, reportType="duration", periodUnit="quarter")
    check_answer("GET", path, report)
    assert [(row["period"], row["periodUnit"]) for row in report] == [(2, "QUARTER")]
    assert report[0]["minimum"] == report[0]["average"] == report[0]["maximum"]
    assert owner.get(path, reportType="duration", periodUnit="month", processDefinitionKeyIn="none") == []
    owner.done("GET", f"{path}?reportType=duration&periodUnit=week", status=400)
    figures = owner.get(
        f"/history/process-definition/{dealership.definition_id}/statistics", canceled="true", finished="true"
    )
    assert sum(row["canceled"] for row in figures) >= 1
    for query in (
        {"reportType": "duration", "periodUnit": "month"}, {"reportType": "count", "groupBy": "taskName"},
        {"reportType": "count", "groupBy": "processDefinition"},
    ):  # fmt: skip
        check_answer("GET", "/history/task/report", owner.get("/history/task/report", **query))
