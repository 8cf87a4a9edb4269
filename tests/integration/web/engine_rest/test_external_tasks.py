"""/external-task: work fetched by programs, done, failed, taken over."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.operations.actor import SYSTEM
from app.operations.deployments import deploy
from app.operations.replay import replay_case
from app.web.engine_rest import external_task_changes
from app.worker import run_due
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import Dealership
from tests.integration.web.engine_rest.described import check_answer
from tests.integration.web.engine_rest.program import Program

RESOURCE = Path(__file__).parents[3] / "resources" / "operations" / "external_work.bpmn"
WORKER, OTHER = {"workerId": "w1"}, {"workerId": "w2"}
FETCH = {**WORKER, "maxTasks": 5, "usePriority": False, "topics": [{"topicName": "price", "lockDuration": 10_000}]}


@pytest.fixture
def program(program_of: Callable[[str], Program], dealership: Dealership, sessions: sessionmaker[Session]) -> Program:
    """Of a process owner, at whose site a process leaves work to others."""
    with writing(), sessions() as session:
        files = {"external_work.bpmn": RESOURCE.read_bytes()}
        deploy(session, files, name="external", reason="tests", actor=SYSTEM, now=dealership.now)
        session.commit()
    return program_of("process_owner")


def start(program: Program, order: int = 7) -> str:
    body = {"businessKey": f"order-{order}", "variables": {"order": {"value": order, "type": "Integer"}}}
    started = program.done("POST", "/process-definition/key/external_work/start", body, 200)
    check_answer("POST", "/process-definition/key/external_work/start", {**started, "variables": {}})
    return str(started["id"])


def fetch(program: Program, **changes: Any) -> list[dict[str, Any]]:
    return program.done("POST", "/external-task/fetchAndLock", {**FETCH, **changes}, 200)


def open_user_tasks(program: Program, case_id: str) -> list[str]:
    return [found["name"] for found in program.get("/task", processInstanceId=case_id)]


def test_fetched_once_and_done(
    program: Program, program_of: Callable[[str], Program], dealership: Dealership, sessions: sessionmaker[Session],
    app: Flask,
) -> None:  # fmt: skip
    case_id = start(program)
    admin = program_of("admin")  # whose groups read no case of this process
    assert (admin.get("/external-task/count"), fetch(admin)) == ({"count": 0}, [])
    (found,) = fetch(program)
    check_answer("POST", "/external-task/fetchAndLock", [found])
    assert found["variables"]["number"] == {"type": "Integer", "value": 7, "valueInfo": {}}
    assert (found["topicName"], found["workerId"], found["businessKey"]) == ("price", "w1", "order-7")
    assert fetch(program, **OTHER) == []
    path = f"/external-task/{found['id']}"
    check_answer("GET", path, program.get(path))
    assert program.get("/external-task/count", topicName="price", locked="true") == {"count": 1}
    assert program.get("/external-task/topic-names") == ["price"]
    assert program.done("POST", f"{path}/complete", OTHER, 400)["type"] == "BadUserRequestException"
    program.done("POST", f"{path}/extendLock", {**WORKER, "newDuration": 60_000})
    app.extensions["clock"] = lambda: dealership.now + timedelta(seconds=30)
    assert fetch(program, **OTHER) == []
    result = {"price": {"value": "12.50", "type": "String"}}
    program.done("POST", f"{path}/complete", {**WORKER, "variables": result})
    assert program.done("POST", f"{path}/complete", WORKER, 404)["type"] == "InvalidRequestException"
    assert open_user_tasks(program, case_id) == ["After"]
    with sessions() as session:
        assert not replay_case(session, case_id).difference


def test_a_lock_that_is_over_is_anybodys(program: Program, dealership: Dealership, app: Flask) -> None:
    start(program)
    (found,) = fetch(program)
    app.extensions["clock"] = lambda: dealership.now + timedelta(seconds=11)
    (again,) = fetch(program, **OTHER)
    assert again["id"] == found["id"]
    path = f"/external-task/{found['id']}"
    program.done("POST", f"{path}/complete", WORKER, 400)
    program.done("POST", f"{path}/unlock")
    (third,) = fetch(program)
    program.done("POST", f"{path}/complete", WORKER)
    assert third["id"] == found["id"]


@SQLITE_ONLY
def test_failures_wait_then_become_an_incident_that_can_be_retried(
    program: Program, dealership: Dealership, app: Flask, sessions: sessionmaker[Session]
) -> None:
    case_id = start(program)
    (found,) = fetch(program)
    path, clock = f"/external-task/{found['id']}", dealership.now
    failed = {**WORKER, "errorMessage": "no answer", "errorDetails": "a long story", "retries": 1, "retryTimeout": 5000}
    program.done("POST", f"{path}/failure", failed)
    assert (program.get(path)["retries"], program.get(path)["errorMessage"]) == (1, "no answer")
    assert program.send("GET", f"{path}/errorDetails").text == "a long story"
    assert fetch(program) == []
    app.extensions["clock"] = lambda: clock + timedelta(seconds=6)
    assert len(fetch(program)) == 1
    program.done("POST", f"{path}/failure", {**failed, "retries": 0})
    assert program.get(path)["retries"] == 0
    assert fetch(program) == []
    assert program.get("/process-instance/count", withIncident="true", processInstanceIds=case_id) == {"count": 1}
    with writing():
        run_due(sessions, clock)  # our own worker leaves it alone
    assert program.get("/external-task/count", noRetriesLeft="true") == {"count": 1}


@SQLITE_ONLY
def test_an_error_of_the_diagram_takes_its_variables_along(program: Program, sessions: sessionmaker[Session]) -> None:
    case_id = start(program)
    (found,) = fetch(program)
    error = {**WORKER, "errorCode": "sold_out", "variables": {"until": {"value": "May", "type": "String"}}}
    program.done("POST", f"/external-task/{found['id']}/bpmnError", error)
    assert open_user_tasks(program, case_id) == ["Instead"]
    assert program.get(f"/process-instance/{case_id}/variables/until")["value"] == "May"
    with sessions() as session:
        assert not replay_case(session, case_id).difference


@SQLITE_ONLY
def test_only_who_looks_after_the_cases_of_a_site_gets_their_work(
    program: Program, program_of: Callable[[str], Program]
) -> None:
    start(program)
    assert fetch(program_of("stranger")) == []
    advisor = program_of("cr_advisor")
    assert advisor.done("POST", "/external-task/fetchAndLock", FETCH, 403)["type"] == "AuthorizationException"
    assert fetch(program, asyncResponseTimeout=1, topics=[{"topicName": "none", "lockDuration": 1000}]) == []
    assert fetch(program, topics=[{"topicName": "price", "lockDuration": 1000, "businessKey": "other"}]) == []
    program.done("POST", "/external-task/fetchAndLock", {**FETCH, "topics": FETCH["topics"] * 101}, 400)


@SQLITE_ONLY
def test_locked_for_one_made_urgent_and_given_retries(program: Program) -> None:
    case_id = start(program)
    (found,) = program.get("/external-task", processInstanceId=case_id)
    path = f"/external-task/{found['id']}"
    lock = {**WORKER, "lockDuration": 10_000}
    program.done("POST", f"{path}/lock", lock)
    program.done("POST", f"{path}/lock", {**OTHER, "lockDuration": 10_000}, 400)
    assert fetch(program, **OTHER) == []
    program.done("PUT", f"{path}/priority", {"priority": -3})
    assert (program.get(path)["priority"], program.get(path)["workerId"]) == (-3, "w1")
    program.done("PUT", f"{path}/retries", {"retries": 0})
    assert program.get(path)["retries"] == 0
    program.done("POST", f"{path}/lock", lock, 400)
    assert program.get("/process-instance/count", withIncident="true", processInstanceIds=case_id) == {"count": 1}
    chosen = {"externalTaskQuery": {"noRetriesLeft": True}, "processInstanceQuery": {"processDefinitionKey": "none"}}
    program.done("PUT", "/external-task/retries", {"retries": 3, **chosen})
    assert program.get(path)["retries"] == 3
    assert program.get("/process-instance/count", withIncident="true", processInstanceIds=case_id) == {"count": 0}
    assert [one["id"] for one in fetch(program, **OTHER)] == [found["id"]]
    for body, status in (({}, 400), ({"retries": -1, "processInstanceIds": [case_id]}, 400)):
        program.done("PUT", "/external-task/retries", body, status)
    program.done("PUT", "/external-task/retries", {"retries": 1, "externalTaskIds": ["none"]}, 404)


@SQLITE_ONLY
def test_only_work_of_the_cases_a_worker_asks_for(program: Program) -> None:
    start(program)
    price = {"topicName": "price", "lockDuration": 1000}
    for topic in ({"processVariables": {"order": 8}}, {"tenantIdIn": ["outlet"]}, {"processDefinitionKey": "none"}):
        assert fetch(program, topics=[{**price, **topic}]) == [], topic
    tagged = {**FETCH, "topics": [{**price, "processDefinitionVersionTag": "a"}]}
    program.done("POST", "/external-task/fetchAndLock", tagged, 501)
    wanted = {**price, "processVariables": {"order": 7}, "tenantIdIn": ["hq"], "localVariables": True}
    (found,) = fetch(program, topics=[wanted])
    assert found["variables"].keys() == {"number"}  # of its input mapping


@SQLITE_ONLY
def test_retries_of_many_are_given_by_the_worker(
    program: Program, dealership: Dealership, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(external_task_changes, "MOST_ENTRIES", 1)  # more cases than one query may name
    ids = {start(program, order): order for order in (7, 8)}
    tasks = [found["id"] for found in program.get("/external-task")]
    for retries in (0, 4):
        body = {"retries": retries, "processInstanceIds": [*ids], "externalTaskIds": tasks[:1]}
        made = program.done("POST", "/external-task/retries-async", body, 200)
        check_answer("POST", "/external-task/retries-async", made)
        assert (made["type"], made["totalJobs"]) == ("set-external-task-retries", 2)
        with writing():
            run_due(sessions, dealership.now)
        assert {found["retries"] for found in program.get("/external-task")} == {retries}
    for body, status in (({"retries": 4}, 400), ({"retries": -1, "externalTaskIds": tasks}, 400)):
        program.done("POST", "/external-task/retries-async", body, status)
