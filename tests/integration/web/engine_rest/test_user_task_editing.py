"""/task/{id}: dates, priority, candidates and files changed, escalations thrown, by who may do so on the pages."""

import io
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.replay import replay_case
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import Dealership
from tests.integration.web.engine_rest.described import check_answer
from tests.integration.web.engine_rest.program import Program, deployed

pytestmark = SQLITE_ONLY

ProgramOf = Callable[[str], Program]


@pytest.fixture
def owner(program_of: ProgramOf, dealership: Dealership) -> Program:
    return program_of("process_owner")


def test_what_is_read_and_sent_back_changes_what_was_changed(
    owner: Program, program_of: ProgramOf, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    path, due = f"/task/{dealership.user_task_id}", "2026-06-01T10:00:00.000+0800"
    read = owner.get(path)
    owner.done("PUT", path, read)
    owner.done("PUT", path, {**read, "due": due, "followUp": due, "priority": 70, "assignee": "cr_advisor"})
    after = owner.get(path)
    assert {name for name in after if after[name] != read[name]} == {"due", "followUp", "priority", "assignee"}
    assert (after["due"], after["priority"]) == ("2026-06-01T02:00:00.000+0000", 70)
    owner.done("PUT", path, {"followUp": None, "assignee": None})
    assert [owner.get(path)[name] for name in ("due", "followUp", "assignee")] == [after["due"], None, None]
    for body, status in (
        ({"name": "Other"}, 501), ({"owner": "cr_advisor"}, 501), ({"priority": -1}, 400), ({"due": "soon"}, 400),
    ):  # fmt: skip
        owner.done("PUT", path, body, status)
    program_of("cr_advisor").done("PUT", path, {"priority": 1}, 403)
    with sessions() as session:
        told = [
            e.body for e in read_events(session, case_stream(dealership.instance_id)) if e.type == "user_task_changed"
        ]
    assert told[0]["new"] == {
        "due": "2026-06-01T02:00:00+00:00",
        "follow_up": "2026-06-01T02:00:00+00:00",
        "priority": 70,
    }
    assert len(told) == 2


def test_offered_to_more_people_and_to_fewer(owner: Program, program_of: ProgramOf, dealership: Dealership) -> None:
    path, expert = f"/task/{dealership.user_task_id}", program_of("customer_service")
    links = f"{path}/identity-links"
    expert.done("POST", f"{path}/claim", {"userId": "customer_service"}, 500)
    for link in ({"userId": "customer_service"}, {"groupId": "service_advisor"}):
        owner.done("POST", links, {**link, "type": "candidate"})
    assert {(one["userId"], one["groupId"]) for one in owner.get(links)} >= {
        ("customer_service", None), (None, "service_advisor")
    }  # fmt: skip
    expert.done("POST", f"{path}/claim", {"userId": "customer_service"})
    owner.done("POST", f"{links}/delete", {"userId": "cr_advisor", "type": "assignee"})  # has it not
    owner.done("POST", f"{links}/delete", {"userId": "customer_service", "type": "assignee"})
    assert owner.get(path)["assignee"] is None
    owner.done("POST", f"{links}/delete", {"userId": "customer_service", "type": "candidate"})
    expert.done("POST", f"{path}/claim", {"userId": "customer_service"}, 500)
    groups = [one["groupId"] for one in owner.get(links, type="candidate")]
    for group in groups[:-1]:
        owner.done("POST", f"{links}/delete", {"groupId": group, "type": "candidate"})
    last = {"groupId": groups[-1], "type": "candidate"}
    assert "Nobody could do" in owner.done("POST", f"{links}/delete", last, 500)["message"]
    for body, status in (
        ({"groupId": "nobody_here", "type": "candidate"}, 403), ({"userId": "stranger", "type": "candidate"}, 403),
        ({"userId": "cr_advisor", "type": "reader"}, 501), ({"type": "candidate"}, 400),
    ):  # fmt: skip
        owner.done("POST", links, body, status)
    program_of("cr_advisor").done("POST", links, {"userId": "service_advisor", "type": "candidate"}, 403)


def test_an_escalation_goes_beside_interrupts_or_is_refused(owner: Program, sessions: sessionmaker[Session]) -> None:
    deployed(owner, "escalation_of_a_user_task.bpmn")
    case_id = owner.done("POST", "/process-definition/key/p/start", {}, 200)["id"]
    (talk,) = owner.get("/task", processInstanceId=case_id)

    def names() -> set[str]:
        return {found["name"] for found in owner.get("/task", processInstanceId=case_id)}

    path, code = f"/task/{talk['id']}/bpmnEscalation", {"variables": {"why": {"value": "ill"}}}
    owner.done("POST", f"/task/{talk['id']}/assignee", {"userId": "process_owner"})
    assert "catches" in owner.done("POST", path, {**code, "escalationCode": "NEVER"}, 500)["message"]
    owner.done("POST", path, {**code, "escalationCode": "HELP"})
    assert names() == {"Talk", "Beside"}
    assert owner.get(f"/process-instance/{case_id}/variables/why")["value"] == "ill"
    owner.done("POST", path, {**code, "escalationCode": "STOP"})
    assert names() == {"Beside", "Instead"}
    with sessions() as session:
        assert not replay_case(session, case_id).difference


def test_a_file_becomes_a_variable_and_is_found_by_its_id(owner: Program, dealership: Dealership) -> None:
    case_id = dealership.instance_id
    for place, name in (
        (f"/process-instance/{case_id}/variables", "a"), (f"/execution/{case_id}/localVariables", "b"),
        (f"/task/{dealership.user_task_id}/variables", "c"),
    ):  # fmt: skip
        form = {"data": (io.BytesIO(b"ten words"), "letter.txt", "text/plain"), "valueType": "File"}
        owner.done("POST", f"{place}/{name}/data", data=form)
        found = owner.get(f"{place}/{name}")
        assert found["valueInfo"] == {"filename": "letter.txt", "mimeType": "text/plain"}, place
        path = f"/variable-instance/{case_id}:{name}"
        check_answer("GET", path, owner.get(path))
        assert owner.send("GET", f"{path}/data").data == b"ten words"
    form = {"data": (io.BytesIO(b"x"), "x"), "valueType": "Bytes"}
    owner.done("POST", f"/process-instance/{case_id}/variables/d/data", data=form, status=501)
    owner.done("GET", f"/variable-instance/{case_id}:level/data", status=404)


@pytest.mark.parametrize("end", ["0001-01-01T00:00:00.000+0000", "9999-12-31T23:59:59.999+0000"])
def test_dates_that_no_page_could_show_are_refused(owner: Program, dealership: Dealership, end: str) -> None:
    owner.done("PUT", f"/task/{dealership.user_task_id}", {"due": end}, 400)
    variable = f"/process-instance/{dealership.instance_id}/variables/day"
    owner.done("PUT", variable, {"value": end, "type": "Date"}, 400)
    assert owner.done("POST", "/task/count", {"createdAfter": end}, 200)["count"] in (0, 1)  # looked for they may be


def test_comments_of_a_case(owner: Program, dealership: Dealership) -> None:
    owner.done("POST", f"/task/{dealership.user_task_id}/comment/create", {"message": "called"}, 200)
    path = f"/process-instance/{dealership.instance_id}/comment"
    check_answer("GET", path, owner.get(path))
    assert "called" in [one["message"] for one in owner.get(path)]
