"""The whole interface against its public description: every operation is offered or said to be missing."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from app.web.engine_rest.not_offered import NOT_OFFERED
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import Dealership
from tests.integration.web.engine_rest.described import check_answer, operations
from tests.integration.web.engine_rest.program import Program

pytestmark = SQLITE_ONLY

# What every list of the interface answers, for somebody who sees the case.
LISTS = (
    "/task", "/process-definition", "/process-definition/statistics", "/process-instance", "/execution",
    "/variable-instance", "/job", "/incident", "/deployment", "/decision-definition", "/event-subscription",
    "/history/process-instance", "/history/activity-instance", "/history/task", "/history/variable-instance",
    "/history/user-operation", "/user", "/group", "/tenant", "/batch", "/batch/statistics", "/engine", "/version",
    "/external-task", "/external-task/topic-names",
)  # fmt: skip
NOT_COUNTED = ("/decision-definition", "/process-definition/statistics", "/engine", "/version", "/batch/statistics")
OF_CASE = (
    "", "/activity-instances", "/variables", "/variables/level",
)  # fmt: skip
OF_USER_TASK = (
    "", "/form", "/form-variables", "/variables", "/localVariables", "/identity-links", "/comment", "/attachment",
)  # fmt: skip


def shape_of(path: str) -> str:
    return re.sub(r"\{[^}]*\}|<[^>]*>", "*", path)


def test_every_operation_is_offered_or_listed_as_missing(app: Flask) -> None:
    rules = {
        (method, shape_of(rule.rule.removeprefix("/engine-rest")))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/engine-rest/")
        for method in rule.methods or ()
    }
    described = {(one.method, one.path) for one in operations() if one.method != "OPTIONS"}
    missing = {(method, path) for method, path in described if (method, shape_of(path)) not in rules}
    assert missing == {tuple(name.split(" ")) for name in NOT_OFFERED}
    assert [*NOT_OFFERED] == sorted(set(NOT_OFFERED), key=lambda name: (name.split(" ")[1], name))


def test_what_is_missing_says_its_name(program_of: Callable[[str], Program]) -> None:
    program = program_of("cr_advisor")
    answer = program.done("DELETE", "/history/batch/x", status=501)
    assert answer["type"] == "NotImplementedException"
    assert "DELETE /engine-rest/history/batch/{id}" in answer["message"]
    assert program.done("DELETE", "/nothing/like/it", status=404)["type"] == "InvalidRequestException"


@pytest.fixture
def owner(program_of: Callable[[str], Program]) -> Program:
    return program_of("process_owner")


def test_every_list_has_the_shape_that_is_described(owner: Program, dealership: Dealership) -> None:
    instance, user_task = dealership.instance_id, dealership.user_task_id
    owner.done("POST", f"/task/{user_task}/comment/create", {"message": "called"}, 200)
    owner.done("PUT", f"/process-instance/{instance}/variables/odd", {"value": {"a": [1, 2.5]}, "type": "Object"})
    paths = [*LISTS, *(f"/process-instance/{instance}{rest}" for rest in OF_CASE)]
    paths += [f"/task/{user_task}{rest}" for rest in OF_USER_TASK]
    paths += [f"/history/process-instance/{instance}", f"/history/activity-instance/{user_task}"]
    paths += [f"/process-definition/{dealership.definition_id}{rest}" for rest in ("", "/xml", "/statistics")]
    for path in paths:
        found = owner.get(path)
        check_answer("GET", path, found)
        if path in LISTS and path not in NOT_COUNTED and path != "/external-task/topic-names":
            assert owner.get(f"{path}/count") == {"count": len(found)}, path
    shown = owner.get(f"/process-instance/{instance}/variables/odd")
    assert (shown["type"], re.sub(r"\s", "", shown["value"])) == ("Json", '{"a":[1,2.5]}')
    for empty in ("/job", "/history/user-operation", "/variable-instance", "/event-subscription"):
        assert owner.get(empty, processInstanceId=instance) is not None, empty
