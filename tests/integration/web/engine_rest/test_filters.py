"""/filter and the queries of lists: what a person keeps under a name, and what a query may ask."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.integration.web.browser import signed_in
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import Dealership
from tests.integration.web.engine_rest.described import check_answer
from tests.integration.web.engine_rest.program import Program

ProgramOf = Callable[[str], Program]
KEPT = {"resourceType": "Task", "name": "My repairs", "owner": None, "properties": {"color": "#55b", "refresh": True}}


@pytest.fixture
def program(program_of: ProgramOf, dealership: Dealership) -> Program:
    return program_of("cr_advisor")


@SQLITE_ONLY
def test_kept_under_a_name_carried_out_changed_and_thrown_away(program: Program, program_of: ProgramOf) -> None:
    query = {"candidateGroupsExpression": "${ currentUserGroups() }", "createdBeforeExpression": "${now()}"}
    made = program.done("POST", "/filter/create", {**KEPT, "query": {**query, "assignee": None}}, 200)
    check_answer("POST", "/filter/create", made)
    path = f"/filter/{made['id']}"
    assert (made["query"], made["owner"], program.get(path)) == (query, "cr_advisor", made)
    (found,) = program.get(f"{path}/list")
    assert program.get(f"{path}/singleResult") == found
    assert program.get(f"{path}/count") == program.done("POST", f"{path}/count", {}, 200) == {"count": 1}
    for path_of_found in (f"{path}/list", f"{path}/singleResult", f"{path}/count"):
        check_answer("GET", path_of_found, program.get(path_of_found))
    assert program.done("POST", f"{path}/list", {"nameLike": "no such%"}, 200) == []
    program.done("POST", f"{path}/singleResult", {"nameLike": "no such%"}, 204)
    assert program.get("/filter", itemCount="true", nameLike="My%", resourceType="Task")[0]["itemCount"] == 1
    program.done("PUT", path, {**KEPT, "name": "Level 2", "query": {"processVariables": [_level("gteq", 1)]}})
    assert program.get(f"{path}/count") == {"count": 1}
    narrowed = {"processVariables": [_level("gt", 1)], "nameLike": None}
    assert program.done("POST", f"{path}/count", narrowed, 200) == {"count": 0}  # both hold
    assert program.get(f"{path}/count", processVariables="level_eq_1") == {"count": 1}
    program.done("POST", f"{path}/count", {"processVariables": 5}, 400)
    other = program_of("service_manager")
    assert other.get("/filter/count") == {"count": 0}
    for method, body in (("GET", None), ("PUT", {**KEPT, "query": {}}), ("DELETE", None)):
        other.done(method, path, body, 404)
    program.done("DELETE", path)
    assert program.get("/filter") == []


@SQLITE_ONLY
def test_a_saved_view_of_the_inbox_is_listed_where_a_query_can_say_it(
    program: Program, app: Flask, dealership: Dealership
) -> None:
    browser = signed_in(app, "cr_advisor")
    for view, search in (("claimable", ""), ("claimable", "oil"), ("overdue", "")):
        browser.post("/inbox/views", {"name": "Mine", "view": view, "process": "follow_up", "words": search})
    (listed,) = program.get("/filter")
    assert listed["query"]["processDefinitionKey"] == "follow_up"
    path = f"/filter/{listed['id']}"
    check_answer("GET", path, program.get(path))
    assert [found["id"] for found in program.get(f"{path}/list")] == [dealership.user_task_id]
    assert program.done("PUT", path, {**KEPT, "query": {}}, 500)["message"].startswith("This filter is a view")
    program.done("DELETE", path, None, 500)


@SQLITE_ONLY
def test_candidates_of_what_somebody_has_are_asked_for_by_name(program: Program, dealership: Dealership) -> None:
    program.done("POST", f"/task/{dealership.user_task_id}/claim", {"userId": "cr_advisor"})
    for candidate in ({"candidateGroup": "cr_advisor"}, {"candidateUser": "cr_advisor"}):
        assert program.get("/task/count", **candidate) == {"count": 0}
        assert program.get("/task/count", **candidate, includeAssignedTasks="true") == {"count": 1}
        either = {"orQueries": [candidate], "includeAssignedTasks": True}
        assert program.done("POST", "/task/count", either, 200) == {"count": 1}


@SQLITE_ONLY
def test_what_could_not_be_carried_out_is_not_kept(program: Program) -> None:
    for query, status in (
        ({"caseInstanceVariables": [{"name": "a", "operator": "eq", "value": 1}]}, 501),
        ({"assigneeExpression": "${someBean.user}"}, 501), ({"sorting": [{"sortBy": "caseExecutionId"}]}, 501),
        ({"orQueries": [{"taskIdIn": ["x"] * 400}] * 3}, 400), ({"minPriority": "many"}, 400),
        ({"orQueries": {}}, 400), ({"name": "x" * 20_000}, 400),
    ):  # fmt: skip
        program.done("POST", "/filter/create", {**KEPT, "query": query}, status)
    program.done("POST", "/filter/create", {**KEPT, "owner": "service_manager", "query": {}}, 501)
    program.done("POST", "/filter/create", {**KEPT, "resourceType": "Case", "query": {}}, 501)
    program.done("POST", "/filter/create", {**KEPT, "name": " ", "query": {}}, 400)
    assert program.get("/filter/count") == {"count": 0}


def _level(operator: str, value: object) -> dict[str, object]:
    return {"name": "level", "operator": operator, "value": value}


def test_variables_are_compared_as_numbers_and_one_of_several_is_enough(
    program: Program, program_of: ProgramOf, dealership: Dealership
) -> None:
    """On both databases: how texts become numbers is theirs."""
    owner, case = program_of("process_owner"), f"/process-instance/{dealership.instance_id}"
    for operator, value, count in (("gt", 0.5, 1), ("gteq", 1, 1), ("lt", 1, 0), ("lteq", 1.0, 1), ("lt", 10, 1)):
        asked = {"processVariables": [_level(operator, value)]}
        assert program.done("POST", "/task/count", asked, 200) == {"count": count}, (operator, value)
    owner.done("PUT", f"{case}/variables/huge", {"value": 1e300, "type": "Double"})
    owner.done("PUT", f"{case}/variables/huge", data=b'{"value": 1e400}', content_type="application/json")
    huge = {"processVariables": [{"name": "huge", "operator": "gt", "value": 1e300}]}
    assert program.done("POST", "/task/count", huge, 200) == {"count": 1}
    texts = {"processVariables": [{"name": "occasion", "operator": "gt", "value": 3}]}
    assert program.done("POST", "/task/count", texts, 200) == {"count": 0}  # a text is no number
    for path in ("/task", "/process-instance", "/history/process-instance"):
        name = "processVariables" if path == "/task" else "variables"
        either = {"processDefinitionKey": "none", name: [_level("eq", 8), _level("eq", 1)]}
        assert program.done("POST", f"{path}/count", {"orQueries": [either]}, 200) == {"count": 1}, path
        both = [either, {name: [_level("eq", 7)]}]
        assert program.done("POST", f"{path}/count", {"orQueries": both}, 200) == {"count": 0}, path


@SQLITE_ONLY
def test_more_filters_of_lists(program: Program, program_of: ProgramOf) -> None:
    owner, past, future = program_of("process_owner"), "2020-01-01T00:00:00.000+0800", "2099-01-01T00:00:00.000+0800"
    for path, query, count in (
        ("/task", {"taskVariables": "level_eq_1"}, 1), ("/task", {"processVariables": "occasion_notLike_repair%"}, 0),
        ("/task", {"assigneeExpression": "${currentUser()}"}, 0),
        ("/variable-instance", {"variableValues": "level_eq_1"}, 1), ("/variable-instance", {"taskIdIn": "x"}, 0),
        ("/history/variable-instance", {"variableNameIn": "level,occasion"}, 2),
        ("/execution", {"processVariables": "level_eq_1"}, 1), ("/execution", {"variables": "level_gt_1"}, 0),
        ("/history/process-instance", {"executedActivityAfter": past}, 1),
        ("/history/process-instance", {"executedActivityBefore": past}, 0),
        ("/history/process-instance", {"superProcessInstanceId": "x"}, 0),
        ("/history/process-instance", {"incidentStatus": "open"}, 0),
        ("/history/task", {"processVariables": "level_eq_1", "taskFollowUpDateBefore": future}, 0),
        ("/job", {"dueDates": f"gt_{past}", "createTimes": f"lt_{past}"}, 0),
    ):  # fmt: skip
        assert owner.get(f"{path}/count", **query) == {"count": count}, (path, query)


def test_texts_that_no_database_takes_are_refused(program: Program) -> None:
    """On both databases: SQLite takes a NUL, PostgreSQL does not."""
    variable = {"name": "a", "operator": "like", "value": "\ud800"}
    for body in ({"name": "a\0"}, {"processVariables": [variable]}, {"nameLike": "%a" * 1001}):
        program.done("POST", "/task/count", body, 400)
    program.done("POST", "/filter/create", {**KEPT, "name": "a\0", "query": {}}, 400)
    for many in ({"processVariables": [_level("eq", 1)] * 21}, {"sorting": [{"sortBy": "name"}] * 21},
                 {"maxPriority": "99999999999"}):  # fmt: skip
        program.done("POST", "/task/count", many, 400)
        if "processVariables" not in many:
            program.done("POST", "/task", many, 400)
    program.done("POST", "/task", {"sorting": [{"sortBy": ["name"]}]}, 501)
    for pattern, count in (("open\\", 0), ("%\\", 0)):
        assert program.done("POST", "/task/count", {"nameLike": pattern}, 200) == {"count": count}
        one = {"name": "occasion", "operator": "notLike", "value": pattern}
        assert program.done("POST", "/task/count", {"nameNotLike": pattern, "processVariables": [one]}, 200) == {
            "count": 1
        }
    for path in ("/task?nameLike=%00", "/task/%00/variables", "/task?a%00=1"):
        assert program.send("GET", path).status_code == 400, path
