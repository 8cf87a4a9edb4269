"""What is deployed, read and put away by a program: versions at sites, pictures, decisions, what jobs will do."""

import io
from collections.abc import Callable

import pytest

from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import HERE, Dealership
from tests.integration.web.engine_rest.described import check_answer
from tests.integration.web.engine_rest.program import Program, deployed

pytestmark = SQLITE_ONLY


@pytest.fixture
def owner(program_of: Callable[[str], Program], dealership: Dealership) -> Program:
    return program_of("process_owner")


def test_versions_by_the_site_of_an_address(owner: Program) -> None:
    by_key, at_site = "/process-definition/key/complaint", f"/process-definition/key/complaint/tenant-id/{HERE}"
    for rest in ("", "/xml", "/startForm", "/form-variables", "/statistics"):
        found = owner.get(at_site + rest)
        assert found == owner.get(by_key + rest)
        check_answer("GET", at_site + rest, found)
        owner.done("GET", f"{by_key}/tenant-id/nowhere{rest}", status=404)
    drawn = owner.send("GET", f"{at_site}/diagram")
    assert (drawn.mimetype, b"<svg" in drawn.data, b"Complaint handling" in drawn.data) == ("image/svg+xml", True, True)


def test_versions_are_suspended_by_name_and_deleted(owner: Program) -> None:
    deployed(owner, "message_catch_event.bpmn")
    found = owner.get("/process-definition/key/p")
    for chosen in ({"processDefinitionId": found["id"]}, {"processDefinitionKey": "p"}):
        for is_suspended in (True, False):
            owner.done("PUT", "/process-definition/suspended", {**chosen, "suspended": is_suspended})
            assert owner.get("/process-definition/key/p")["suspended"] is is_suspended
    owner.done("PUT", "/process-definition/suspended", {"processDefinitionKey": "none", "suspended": True}, 404)
    deployed(owner, "timer_catch_event_duration.bpmn")
    assert owner.get("/process-definition/count", key="p") == {"count": 2}
    owner.done("DELETE", f"/process-definition/{owner.get('/process-definition/key/p')['id']}")
    assert owner.get("/process-definition/key/p") == found
    again = owner.done("POST", f"/deployment/{found['deploymentId']}/redeploy", {}, 200)
    check_answer("POST", f"/deployment/{found['deploymentId']}/redeploy", again)
    assert again["id"] == found["deploymentId"]  # what is in force already gives no new version
    named = {"resourceNames": ["none.bpmn"]}
    owner.done("POST", f"/deployment/{found['deploymentId']}/redeploy", named, 404)
    assert found["deploymentId"] in owner.get("/deployment/registered")
    owner.done("POST", "/process-definition/key/p/start", {"variables": {"order": {"value": "A"}}}, 200)
    owner.done("DELETE", "/process-definition/key/p", status=500)
    complaint = owner.done("DELETE", "/process-definition/key/complaint", status=500)
    assert "deployed together" in complaint["message"]


def test_an_older_version_is_put_into_force_again(owner: Program) -> None:
    first = deployed(owner, "message_catch_event.bpmn")
    deployed(owner, "timer_catch_event_duration.bpmn")
    again = owner.done(
        "POST", f"/deployment/{first['id']}/redeploy", {"resourceIds": ["message_catch_event.bpmn"]}, 200
    )
    (definition,) = again["deployedProcessDefinitions"].values()
    assert (definition["version"], definition["resource"]) == (3, "message_catch_event.bpmn")


def test_whom_a_process_calls(owner: Program) -> None:
    deployed(owner, "call_activity.bpmn")
    path = f"/process-definition/{owner.get('/process-definition/key/p')['id']}/static-called-process-definitions"
    (called,) = owner.get(path)
    check_answer("GET", path, [called])
    assert (called["key"], called["calledFromActivityIds"]) == ("called", ["call"])


def test_what_is_left_to_jobs(owner: Program) -> None:
    deployed(owner, "timer_catch_event_duration.bpmn")
    case_id = owner.done("POST", "/process-definition/key/p/start", {}, 200)["id"]
    (found,) = owner.get("/job-definition", processDefinitionKey="p")
    check_answer("GET", "/job-definition", [found])
    assert (found["activityId"], found["jobType"]) == ("wait", "timer-intermediate-transition")
    assert owner.get(f"/job-definition/{found['id']}") == found
    (job,) = owner.get("/job", jobDefinitionId=found["id"])
    assert (job["jobDefinitionId"], job["processInstanceId"]) == (found["id"], case_id)
    assert owner.done("POST", "/job-definition/count", {"activityIdIn": ["none"]}, 200) == {"count": 0}
    owner.done("GET", "/job-definition/none:wait:timer", status=404)
    types = {one["jobType"] for one in owner.get("/job-definition", processDefinitionKey="monthly_report")}
    assert types == {"timer-start-event", "timer-intermediate-transition", "async-continuation"}


def test_jobs_wait_by_themselves_and_by_what_they_do(owner: Program) -> None:
    deployed(owner, "timer_catch_event_duration.bpmn")
    case_id = owner.done("POST", "/process-definition/key/p/start", {}, 200)["id"]
    (work,) = owner.get("/job-definition", processDefinitionKey="p")
    (job,) = owner.get("/job", processInstanceId=case_id)
    of_p = {"processDefinitionKey": "p"}

    def waiting() -> tuple[object, ...]:
        found = owner.get(f"/job-definition/{work['id']}")["suspended"], owner.get(f"/job/{job['id']}")["suspended"]
        for path, name, is_suspended in (("/job-definition", work["id"], found[0]), ("/job", job["id"], found[1])):
            query = {"jobDefinitionId": work["id"], "suspended": "true"}
            assert [one["id"] for one in owner.get(path, **query)] == [name] * is_suspended
            assert owner.get(f"{path}/count", jobDefinitionId=work["id"], active="true")["count"] == (not is_suspended)
        return found

    for path, body, expected in (
        (f"/job/{job['id']}/suspended", {"suspended": True}, (False, True)),
        ("/job/suspended", {"processInstanceId": case_id, "suspended": False}, (False, False)),
        (f"/job-definition/{work['id']}/suspended", {"suspended": True, "includeJobs": False}, (True, False)),
        ("/job/suspended", {"jobDefinitionId": work["id"], "suspended": True}, (True, True)),
        ("/job-definition/suspended", {**of_p, "includeJobs": True}, (False, False)),
        ("/job-definition/suspended", {**of_p, "includeJobs": True, "suspended": True}, (True, True)),
    ):  # fmt: skip
        owner.done("PUT", path, body)
        assert waiting() == expected, (path, body)
    owner.done("PUT", f"/job/{job['id']}/duedate", {"duedate": None}, 403)  # for administrators
    (scheduled,) = owner.get("/job-definition", processDefinitionKey="monthly_report", jobType="timer-start-event")
    for is_suspended in (True, False):
        change = {"suspended": is_suspended, "includeJobs": True}
        owner.done("PUT", f"/job-definition/{scheduled['id']}/suspended", change)
        assert owner.get(f"/job-definition/{scheduled['id']}")["suspended"] is is_suspended
    for path, refused, status in (
        ("/job/suspended", {"suspended": True}, 400),
        ("/job-definition/suspended", {"suspended": True}, 400),
        ("/job/suspended", {**of_p, "processDefinitionTenantId": HERE}, 501),
        ("/job-definition/suspended", {**of_p, "executionDate": "2026-01-01T00:00:00.000+0000"}, 501),
    ):  # fmt: skip
        owner.done("PUT", path, refused, status)


def test_decisions_and_their_files(owner: Program) -> None:
    decisions, files = "/decision-definition", "/decision-requirements-definition"
    (decision,), (file,) = owner.get(decisions), owner.get(files)
    assert decision["decisionRequirementsDefinitionId"] == file["id"]
    assert (decision["resource"], file["resource"]) == ("remedy_approval.dmn", "remedy_approval.dmn")
    at_site = f"{decisions}/key/remedy_approval/tenant-id/{HERE}"
    for path in (f"{files}/{file['id']}", f"{files}/key/{file['key']}", f"{files}/key/{file['key']}/tenant-id/{HERE}"):
        assert owner.get(path) == file
        assert "<definitions" in owner.get(f"{path}/xml")["dmnXml"]
    check_answer("GET", files, [file])
    assert owner.get(at_site) == decision
    for path in (at_site, f"{decisions}/{decision['id']}", f"{files}/{file['id']}"):
        drawn = owner.send("GET", f"{path}/diagram")
        assert (drawn.mimetype, b"remedy_amount" in drawn.data) == ("image/svg+xml", True)
    values = {"variables": {"remedy_amount": {"value": 10}, "handling_round": {"value": 1}}}
    assert owner.done("POST", f"{at_site}/evaluate", values, 200) != []
    owner.done("POST", f"{decisions}/key/remedy_approval/tenant-id/nowhere/evaluate", values, 404)
    for query, count in (
        ({"keyLike": "remedy%"}, 1), ({"nameLike": "%none"}, 0), ({"latestVersion": "true"}, 1), ({"version": 9}, 0),
        ({"decisionRequirementsDefinitionKey": file["key"]}, 1), ({"tenantIdIn": HERE}, 0),
    ):  # fmt: skip
        assert owner.get(f"{decisions}/count", **query) == {"count": count}, query
    assert owner.get(decisions, sortBy="key", sortOrder="desc", maxResults=1) == [decision]
    owner.done("GET", f"{decisions}?versionTag=a", status=501)


def test_a_file_without_an_id_is_known_by_its_name(owner: Program) -> None:
    process = (b'<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D"><bpmn:process id="q"'
               b' isExecutable="true"><bpmn:startEvent id="s"/></bpmn:process></bpmn:definitions>')  # fmt: skip
    table = (b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="N" namespace="urn:n">'
             b'<decision id="d" name="The d"><variable name="The d"/><literalExpression><text>1</text>'
             b"</literalExpression></decision></definitions>")  # fmt: skip
    files = {name: (io.BytesIO(content), name) for name, content in (("q.bpmn", process), ("d.dmn", table))}
    owner.done("POST", "/deployment/create", status=200, data=files)
    found = owner.get("/decision-definition/key/d")
    assert (found["name"], found["decisionRequirementsDefinitionKey"]) == ("The d", "d.dmn")
