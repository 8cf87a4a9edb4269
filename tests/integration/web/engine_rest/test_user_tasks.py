"""/task: user tasks found and worked through by a program, in the shapes of the public description."""

from collections.abc import Callable

from lxml import html

from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import HERE, Dealership
from tests.integration.web.engine_rest.described import check_answer
from tests.integration.web.engine_rest.program import Program

ProgramOf = Callable[[str], Program]


def test_filters_orders_and_parts(program_of: ProgramOf, dealership: Dealership) -> None:
    program, wanted = program_of("cr_advisor"), dealership.user_task_id
    check_answer("GET", "/task", program.get("/task"))
    matching = {
        "taskId": wanted, "processInstanceId": dealership.instance_id, "candidateGroup": "cr_advisor",
        "candidateUser": "cr_advisor", "unassigned": "true", "tenantIdIn": HERE, "nameLike": "Prepare%",
        "createdBefore": "2099-01-01T00:00:00.000+0800", "processVariables": "level_eq_1,occasion_like_repair%",
        "assigned": "false", "sortBy": "dueDate", "sortOrder": "desc", "active": "true",
    }  # fmt: skip
    assert [found["id"] for found in program.get("/task", **matching)] == [wanted]
    assert program.get("/task/count", **matching) == {"count": 1}
    body = {
        **matching, "unassigned": True, "active": True, "assigned": None, "suspended": False, "assignee": None,
        "tenantIdIn": [HERE], "sorting": [{"sortBy": "name", "sortOrder": "asc"}], "sortBy": None,
        "processVariables": [{"name": "level", "operator": "neq", "value": 2}],
    }  # fmt: skip
    assert [found["id"] for found in program.done("POST", "/task", body, 200)] == [wanted]
    for name, value in (
        ("assigned", "true"), ("taskIdIn", "none"), ("processVariables", "level_eq_2"), ("suspended", "true"),
        ("firstResult", 1), ("candidateGroup", "admin"), ("minPriority", 99), ("nameNotLike", "%call%"),
    ):  # fmt: skip
        assert program.get("/task", **{name: value}) == [], name


@SQLITE_ONLY
def test_what_is_no_filter_is_said(program_of: ProgramOf) -> None:
    program = program_of("cr_advisor")
    for query, status in (
        ("assigneeExpression=x", 501), ("sortBy=caseExecutionId&sortOrder=asc", 501), ("sortBy=name&sortOrder=up", 400),
        ("minPriority=many", 400), ("createdBefore=2026-01-01", 400), ("assigned=perhaps", 400),
        ("processVariables=level_gt_a", 501), ("name=a&name=b", 400),
    ):  # fmt: skip
        answer = program.send("GET", f"/task?{query}")
        assert answer.status_code == status, (query, answer.text)
        assert answer.get_json()["message"]


@SQLITE_ONLY
def test_claimed_completed_and_told_as_camunda_tells(program_of: ProgramOf, dealership: Dealership) -> None:
    program, other = program_of("cr_advisor"), program_of("service_manager")
    path = f"/task/{dealership.user_task_id}"
    check_answer("GET", path, program.get(path))
    program.done("POST", f"{path}/claim", {"userId": "cr_advisor"})
    taken = other.done("POST", f"{path}/claim", {"userId": "service_advisor"}, 500)
    assert taken["type"] == "TaskAlreadyClaimedException"
    program.done("POST", f"{path}/unclaim")
    other.done("POST", f"{path}/assignee", {"userId": "cr_advisor"})
    program.done("POST", f"{path}/delegate", {"userId": "service_manager"})
    assert program.get(path)["delegationState"] == "PENDING"
    other.done("POST", f"{path}/resolve")
    assert (program.get(path)["delegationState"], program.get(path)["owner"]) == ("RESOLVED", "cr_advisor")
    answers = {"data_state": {"value": "right", "type": "String"}}
    seen = program.done("POST", f"{path}/complete", {"variables": answers, "withVariablesInReturn": True}, 200)
    check_answer("POST", f"{path}/complete", seen)
    assert seen["data_state"] == {"type": "String", "value": "right", "valueInfo": {}}
    assert program.done("POST", f"{path}/complete", {"variables": answers}, 500)["type"] == "NullValueException"
    assert program.done("GET", path, status=404)["type"] == "InvalidRequestException"


@SQLITE_ONLY
def test_w05_a_form_takes_its_fields_and_no_others(program_of: ProgramOf, dealership: Dealership) -> None:
    program, path = program_of("cr_advisor"), f"/task/{dealership.user_task_id}/complete"
    for variables, status in (
        ({}, 400),  # it must be filled in
        ({"data_state": {"value": "no such state"}}, 400),
        ({"data_state": {"value": "right"}, "level": {"value": 99}}, 400),
        ({"data_state": {"value": "right"}, "never_heard": {"value": 1}}, 400),
        ({"data_state": {"value": "right"}, "when": {"value": "x", "type": "Bytes"}}, 501),
        ({"data_state": {"value": 3, "type": "String"}}, 400),
    ):
        program.done("POST", path, {"variables": variables}, status)
    assert program.get("/process-instance/" + dealership.instance_id + "/variables/level")["value"] == 1


@SQLITE_ONLY
def test_forms_are_rendered_for_programs(program_of: ProgramOf, dealership: Dealership) -> None:
    program = program_of("cr_advisor")
    of_start = f"/process-definition/key/complaint/tenant-id/{HERE}/rendered-form"
    of_user_task = f"/task/{dealership.user_task_id}/rendered-form"
    for path, name, tag in ((of_start, "complaint_text", "textarea"), (of_user_task, "data_state", "select")):
        answer = program.send("GET", path)
        assert (answer.status_code, answer.mimetype) == (200, "text/html"), answer.text
        shown = html.fromstring(answer.text)
        assert (shown.tag, shown.get("name")) == ("form", "generatedForm")
        (entry,) = shown.xpath(f"//*[@cam-variable-name='{name}']")
        assert (entry.tag, entry.get("cam-variable-type")) == (tag, "String")
        assert not shown.xpath("//script | //@style | //@*[starts-with(name(), 'on')]")
    program_of("process_owner").done("GET", "/process-definition/key/follow_up/rendered-form", status=400)
