"""Cases and what surrounds them, changed by a program: started, woken, moved, suspended, ended; deployed anew."""

import io
from collections.abc import Callable

import pytest

from app.web.engine_rest import lists
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import ELSEWHERE, HERE, Dealership
from tests.integration.web.engine_rest.described import check_answer
from tests.integration.web.engine_rest.program import RESOURCES, Program, deployed, started

pytestmark = SQLITE_ONLY


@pytest.fixture
def owner(program_of: Callable[[str], Program], dealership: Dealership) -> Program:
    return program_of("process_owner")


def test_deployed_once_read_and_deleted(owner: Program) -> None:
    made = deployed(owner, "message_catch_event.bpmn")
    check_answer("POST", "/deployment/create", made)
    (definition,) = made["deployedProcessDefinitions"].values()  # type: ignore[attr-defined]
    assert (definition["key"], definition["version"]) == ("p", 1)
    again = deployed(owner, "message_catch_event.bpmn", **{"enable-duplicate-filtering": "true"})
    assert (again["id"], again["deployedProcessDefinitions"]) == (made["id"], None)
    assert deployed(owner, "message_catch_event.bpmn") == made  # nothing is filtered: told again
    path = f"/deployment/{made['id']}"
    (file,) = owner.get(f"{path}/resources")
    check_answer("GET", f"{path}/resources", [file])
    content = owner.send("GET", f"{path}/resources/{file['id']}/data")
    assert (content.status_code, b"bpmn:definitions" in content.data) == (200, True)
    owner.done("DELETE", path)
    owner.done("GET", path, status=404)
    used = owner.get("/process-definition/key/follow_up")["deploymentId"]
    assert owner.done("DELETE", f"/deployment/{used}?cascade=true", status=500)["type"] == "ProcessEngineException"
    unknown = RESOURCES / "operations" / "external_work.bpmn"
    text = unknown.read_text(encoding="utf-8").replace("process_owner", "nobody_here")
    elsewhere = {"x.bpmn": (io.BytesIO(text.encode()), "x.bpmn")}
    owner.done("POST", "/deployment/create", status=200, data=elsewhere)  # groups of other places are no refusal
    broken = {"x.bpmn": (io.BytesIO(b"<no/>"), "x.bpmn")}
    assert owner.done("POST", "/deployment/create", status=400, data=broken)["type"] == "ParseException"


def test_messages_find_the_case_that_was_meant(owner: Program, program_of: Callable[[str], Program]) -> None:
    deployed(owner, "message_catch_event.bpmn")
    first, second = (
        started(owner, businessKey=key, variables={"order": {"value": key, "type": "String"}}) for key in ("A", "B")
    )
    (waiting,) = owner.get("/event-subscription", processInstanceId=first)
    name = waiting["eventName"]
    for chosen in ({}, {"correlationKeys": {"order": {"value": "C", "type": "String"}}}, {"processInstanceId": "none"}):
        refused = owner.done("POST", "/message", {"messageName": name, **chosen}, 400)
        assert refused["type"] == "MismatchingMessageCorrelationException", chosen
    for key in ("B", "C"):  # what stands in cases of another site is not told by the kind of a refusal
        asked = {"tenantId": HERE, "correlationKeys": {"order": {"value": key, "type": "String"}}}
        program_of("stranger").done("POST", "/message", {"messageName": name, **asked}, 403)
    keys = {"correlationKeys": {"order": {"value": "B", "type": "String"}}, "resultEnabled": True}
    result = owner.done("POST", "/message", {"messageName": name, **keys}, 200)
    check_answer("POST", "/message", result)
    assert result[0]["processInstance"]["id"] == second
    owner.done("POST", "/message", {"messageName": name, "businessKey": "A"})
    assert owner.get("/event-subscription/count", eventName=name) == {"count": 0}
    owner.done("POST", "/signal", {"name": "nobody listens"})


def test_started_once_for_the_same_key(owner: Program) -> None:
    deployed(owner, "message_catch_event.bpmn")
    path, headers = "/process-definition/key/p/tenant-id/hq/start", {"Idempotency-Key": "order 7"}
    body = {"businessKey": "7", "withVariablesInReturn": True, "variables": {"order": {"value": "7", "type": "String"}}}
    first, second = (owner.done("POST", path, body, 200, headers=headers) for _ in range(2))
    assert (first["id"], first["tenantId"]) == (second["id"], HERE)
    assert first["variables"]["order"]["value"] == "7"
    assert owner.done("POST", path, {**body, "businessKey": "8"}, 422, headers=headers)["code"] == 0
    assert owner.done("POST", "/process-definition/key/p/tenant-id/outlet/start", body, 403)["type"] == (
        "AuthorizationException"
    )


def test_moved_suspended_migrated_and_ended(owner: Program) -> None:
    deployed(owner, "operations/external_work.bpmn")
    old = owner.get("/process-definition/key/external_work")
    start = {"variables": {"order": {"value": 7}}}
    case_id = owner.done("POST", f"/process-definition/{old['id']}/start", start, 200)["id"]
    path = f"/process-instance/{case_id}"
    instructions = [{"type": "cancel", "activityId": "ask"}, {"type": "startBeforeActivity", "activityId": "after"}]
    owner.done("POST", f"{path}/modification", {"instructions": instructions, "annotation": "by hand"})
    (found,) = owner.get("/task", processInstanceId=case_id)
    assert found["taskDefinitionKey"] == "after"
    assert {one["id"] for one in owner.get(f"/process-definition/{old['id']}/statistics")} == {"after"}
    owner.done("PUT", f"{path}/suspended", {"suspended": True})
    assert owner.get("/task", processInstanceId=case_id)[0]["suspended"]
    refused = owner.done("POST", f"/task/{found['id']}/complete", {}, 400)
    assert refused["type"] == "SuspendedEntityInteractionException"
    owner.done("PUT", f"{path}/suspended", {"suspended": False})
    changed = {"name": "two", "modifications": {"a": {"value": 1}, "b": {"value": None}}, "deletions": ["none"]}
    owner.done("POST", f"{path}/variables", changed)
    owner.done("DELETE", f"{path}/variables/a")
    assert set(owner.get(f"{path}/variables")) >= {"b"}
    owner.done("DELETE", f"{path}/variables/order")
    once_more = {"instructions": [{"type": "startBeforeActivity", "activityId": "ask"}]}
    owner.done("POST", f"{path}/modification", once_more, 500)  # there is no order to ask for
    assert (owner.get("/incident", processInstanceId=case_id), owner.get(path)["suspended"]) == ([], False)
    other = owner.get("/process-definition/key/follow_up")["id"]
    plan = {"sourceProcessDefinitionId": other, "targetProcessDefinitionId": other, "instructions": []}
    owner.done("POST", "/migration/execute", {"migrationPlan": plan, "processInstanceIds": [case_id]}, 400)
    owner.done("DELETE", path)
    assert owner.get(f"/history/process-instance/{case_id}")["state"] == "EXTERNALLY_TERMINATED"
    owner.done("GET", path, status=404)
    plan = {"sourceProcessDefinitionId": old["id"], "targetProcessDefinitionId": old["id"]}
    made = owner.done("POST", "/migration/generate", plan, 200)
    check_answer("POST", "/migration/generate", made)
    checked = owner.done("POST", "/migration/validate", made, 200)
    assert checked == {"instructionReports": [], "variableReports": {}}


def test_an_order_for_many_cases_is_found_by_the_type_it_is_shown_with(owner: Program) -> None:
    deployed(owner, "message_catch_event.bpmn")
    started(owner, variables={"order": {"value": "A"}})
    owner.done("PUT", "/process-definition/key/p/suspended", {"suspended": True, "includeProcessInstances": True})
    ordered = owner.get("/batch")
    assert {batch["type"] for batch in ordered} >= {"instance-update-suspension-state"}
    for kind in ("instance-update-suspension-state", "instance-migration", "suspend"):
        assert owner.get("/batch", type=kind) == [batch for batch in ordered if batch["type"] == kind]


def test_a_decision_is_evaluated(owner: Program) -> None:
    path = "/decision-definition/key/remedy_approval"
    check_answer("GET", path, owner.get(path))
    assert "<" in owner.get(f"{path}/xml")["dmnXml"]
    result = owner.done("POST", f"{path}/evaluate", {"variables": {}}, 200)
    check_answer("POST", f"{path}/evaluate", result)
    by_id = owner.get(path)["id"]
    assert owner.done("POST", f"/decision-definition/{by_id}/evaluate", {"variables": {}}, 200) == result


def test_a_decision_has_the_file_it_stands_in_and_its_newest_deployment(owner: Program) -> None:
    table = (RESOURCES / "operations" / "discount.dmn").read_text(encoding="utf-8")
    table = table.replace('id="discount"', "id='discount'")
    process = (RESOURCES / "message_catch_event.bpmn").read_text(encoding="utf-8")
    for key in ("q", "p"):
        diagram = process.replace('id="p"', f'id="{key}"').replace('bpmnElement="p"', f'bpmnElement="{key}"')
        contents = {"own.dmn": table, f"{key}.bpmn": diagram}
        files = {name: (io.BytesIO(text.encode()), name) for name, text in contents.items()}
        made = owner.done("POST", "/deployment/create", status=200, data=files)
    found = owner.get("/decision-definition/key/discount")
    assert (found["resource"], found["deploymentId"]) == ("own.dmn", made["id"])
    check_answer("POST", "/deployment/create", made)
    assert made["deployedDecisionDefinitions"][found["id"]] == found
    assert [*made["deployedDecisionRequirementsDefinitions"]] == [found["decisionRequirementsDefinitionId"]]
    assert owner.get("/decision-definition/key/discount/xml")["dmnXml"] == table


def test_who_is_asked_about_what_they_may_do(owner: Program, program_of: Callable[[str], Program]) -> None:
    query = {"permissionName": "CREATE", "resourceName": "deployment", "resourceType": 9}
    for program, may in ((owner, True), (program_of("cr_advisor"), False)):
        check_answer("GET", "/authorization/check", program.get("/authorization/check", **query))
        assert program.get("/authorization/check", **query)["isAuthorized"] is may
    assert {found["id"] for found in program_of("stranger").get("/user")} == {"stranger", "chief"}
    check_answer("GET", "/identity/groups", owner.get("/identity/groups", userId="process_owner"))
    for query, count in (
        ({"member": "cr_advisor"}, 1), ({"member": "stranger"}, 0), ({"memberOfTenant": HERE, "id": "admin"}, 1),
        ({"memberOfTenant": ELSEWHERE}, 0),
    ):  # fmt: skip  # who does what at other sites is not told
        assert owner.get("/group/count", **query) == {"count": count}, query
    for query, count in (({"memberOfGroup": "admin"}, 2), ({"memberOfTenant": ELSEWHERE}, 0)):
        assert owner.get("/user/count", **query) == {"count": count}, query


def test_what_a_scope_waits_for_is_given_to_it(owner: Program) -> None:
    deployed(owner, "message_catch_event.bpmn")
    first, second = (started(owner, variables={"order": {"value": key}}) for key in ("A", "B"))
    (waiting,) = owner.get("/event-subscription", processInstanceId=first)
    path = f"/execution/{waiting['executionId']}/messageSubscriptions/{waiting['eventName']}"
    check_answer("GET", path, owner.get(path))
    owner.done("POST", f"{path}/trigger", {"variables": {"n": {"value": 1}}})
    owner.done("GET", path, status=404)
    refused = owner.done("POST", f"{path}/trigger", {}, 400)
    assert refused["type"] == "MismatchingMessageCorrelationException"
    owner.done("POST", f"/execution/{second}/signal", {})
    assert owner.get("/event-subscription", processInstanceId=second) == []


def test_a_program_puts_an_incident_on_a_case(owner: Program, program_of: Callable[[str], Program]) -> None:
    deployed(owner, "message_catch_event.bpmn")
    case_id = started(owner, variables={"order": {"value": "A"}})
    body = {"incidentType": "dealer_system", "message": "It does not know this order."}
    made = owner.done("POST", f"/execution/{case_id}/create-incident", body, 200)
    check_answer("POST", f"/execution/{case_id}/create-incident", made)
    assert (made["incidentType"], body["message"] in made["incidentMessage"]) == ("dealer_system", True)
    assert owner.get("/process-instance/count", incidentType="dealer_system") == {"count": 1}
    owner.done("DELETE", f"/incident/{made['id']}")
    assert owner.get("/process-instance/count", withIncident="true", processInstanceIds=case_id) == {"count": 0}
    owner.done("POST", f"/execution/{case_id}/create-incident", {**body, "incidentType": "x" * 41}, 400)
    program_of("stranger").done("POST", f"/execution/{case_id}/create-incident", body, 500)


def test_a_condition_that_variables_make_true_starts_a_case(owner: Program) -> None:
    event = (
        "<bpmn:conditionalEventDefinition><bpmn:condition>=n &gt; 5</bpmn:condition></bpmn:conditionalEventDefinition>"
    )
    process = (RESOURCES / "message_catch_event.bpmn").read_text(encoding="utf-8")
    diagram = process.replace(
        '<bpmn:startEvent id="start" />', f'<bpmn:startEvent id="start">{event}</bpmn:startEvent>'
    )
    assert diagram != process
    owner.done("POST", "/deployment/create", status=200, data={"p.bpmn": (io.BytesIO(diagram.encode()), "p.bpmn")})
    values = {"order": {"value": "A"}, "n": {"value": 6}}
    (found,) = owner.done("POST", "/condition", {"variables": values, "businessKey": "7"}, 200)
    check_answer("POST", "/condition", [found])
    assert (found["businessKey"], found["tenantId"]) == ("7", HERE)
    assert owner.done("POST", "/condition", {"variables": {"n": {"value": 5}}}, 200) == []
    owner.done("POST", "/condition", {"variables": values, "processDefinitionId": "x"}, 501)


def test_several_cases_are_suspended_by_their_definition_or_a_query(owner: Program) -> None:
    deployed(owner, "message_catch_event.bpmn")
    for key in ("A", "B"):
        started(owner, businessKey=key, variables={"order": {"value": key}})
    for chosen, count in (
        ({"processDefinitionKey": "p"}, 2), ({"processInstanceQuery": {"businessKey": "A"}}, 1),
        ({"processInstanceQuery": {}, "processDefinitionKey": None}, 2),
    ):  # fmt: skip
        for is_suspended in (True, False):
            owner.done("PUT", "/process-instance/suspended", {**chosen, "suspended": is_suspended})
            found = owner.get("/process-instance/count", processDefinitionKey="p", suspended="true")
            assert found == {"count": count if is_suspended else 0}, chosen
    owner.done("PUT", "/process-instance/suspended", {"suspended": True, "processInstanceQuery": None}, 400)
    owner.done("PUT", "/process-instance/suspended", {"suspended": True, "processDefinitionTenantId": "hq"}, 501)


def test_what_is_done_to_all_that_a_query_finds_is_done_to_more_than_a_page_of_them(
    owner: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(owner, "message_catch_event.bpmn")
    for key in ("A", "B", "C"):
        started(owner, businessKey=key, variables={"order": {"value": key}})
    monkeypatch.setattr(lists, "MOST_ROWS", 1)
    chosen = {"processInstanceQuery": {"processDefinitionKey": "p"}, "suspended": True}
    monkeypatch.setattr(lists, "MOST_CHOSEN", 2)
    owner.done("PUT", "/process-instance/suspended", chosen, 400)
    owner.done("POST", "/process-instance/suspended-async", chosen, 400)
    assert owner.get("/process-instance/count", suspended="true") == {"count": 0}
    monkeypatch.setattr(lists, "MOST_CHOSEN", 3)
    owner.done("PUT", "/process-instance/suspended", chosen)
    assert owner.get("/process-instance/count", suspended="true") == {"count": 3}
