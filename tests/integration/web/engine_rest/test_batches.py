"""Orders for many cases: given, suspended, carried out by the worker, withdrawn, and found in the history."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import Incident, Job, ProcessAccess
from app.worker import run_due
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import HERE, NOW, Dealership
from tests.integration.web.engine_rest.described import check_answer
from tests.integration.web.engine_rest.program import Program, deployed, started

pytestmark = SQLITE_ONLY


class Orders:
    """A process owner's program, and a worker that does what it has ordered."""

    def __init__(self, program: Program, dealership: Dealership, sessions: sessionmaker[Session]) -> None:
        self.program, self._now, self._sessions = program, dealership.now, sessions
        deployed(program, "message_catch_event.bpmn")
        self.cases = [started(program, businessKey=key, variables={"order": {"value": key}}) for key in ("A", "B")]
        self.definition_id = program.get(f"/process-instance/{self.cases[0]}")["definitionId"]

    def work(self) -> None:
        with writing():
            run_due(self._sessions, self._now)

    def payloads(self) -> list[str]:
        with self._sessions() as session:
            return list(session.scalars(select(Job.payload).where(Job.kind == "case_change")))

    def give(self, path: str, **body: object) -> dict[str, Any]:
        found: dict[str, Any] = self.program.done("POST", path, body, 200)
        check_answer("POST", path, found)
        return found

    def carried_out(self, path: str, **body: object) -> dict[str, Any]:
        """Its figures after the worker was there; then it is over."""
        batch = self.give(path, **body)
        (before,) = self.program.get("/batch/statistics", batchId=batch["id"])
        assert before["remainingJobs"] == batch["totalJobs"]
        self.work()
        self.program.done("GET", f"/batch/{batch['id']}", status=404)
        past: dict[str, Any] = self.program.get(f"/history/batch/{batch['id']}")
        check_answer("GET", f"/history/batch/{batch['id']}", past)
        assert past["endTime"] is not None
        return past


@pytest.fixture
def orders(program_of: Callable[[str], Program], dealership: Dealership, sessions: sessionmaker[Session]) -> Orders:
    return Orders(program_of("process_owner"), dealership, sessions)


def test_each_kind_of_order_changes_the_cases_that_are_named_or_found(orders: Orders) -> None:
    program, (first, second) = orders.program, orders.cases
    query = {"processDefinitionId": orders.definition_id}
    both = {"processInstanceQuery": query}
    set_one = {"variables": {"mark": {"value": 5, "type": "Integer"}}}
    assert orders.carried_out("/process-instance/variables-async", **both, **set_one)["type"] == "set-variables"
    assert [program.get(f"/process-instance/{one}/variables/mark")["value"] for one in orders.cases] == [5, 5]
    assert not any("mark" in payload for payload in orders.payloads())
    for is_suspended in (True, False):
        orders.carried_out("/process-instance/suspended-async", processInstanceIds=[first], suspended=is_suspended)
        assert program.get(f"/process-instance/{first}")["suspended"] is is_suspended
    name = program.get("/event-subscription", processInstanceId=first)[0]["eventName"]
    element = program.get("/event-subscription", processInstanceId=second)[0]["activityId"]
    orders.carried_out("/process-instance/message-async", processInstanceIds=[first], messageName=name)
    assert program.get("/event-subscription/count", processInstanceId=first) == {"count": 0}
    instructions = [{"type": "cancel", "activityId": element}, {"type": "startBeforeActivity", "activityId": element}]
    moving = {"processDefinitionId": orders.definition_id, "instructions": instructions}
    waits = [row["id"] for row in program.get("/event-subscription", processInstanceId=second)]
    orders.carried_out("/modification/executeAsync", **moving, processInstanceIds=[second])
    orders.carried_out(f"/process-instance/{second}/modification-async", instructions=instructions)
    program.done("POST", "/modification/execute", {**moving, "processInstanceIds": [second]})
    assert [row["id"] for row in program.get("/event-subscription", processInstanceId=second)] != waits
    orders.carried_out("/process-instance/delete", processInstanceIds=[second], deleteReason="of no use")
    assert program.get(f"/history/process-instance/{second}")["state"] == "EXTERNALLY_TERMINATED"
    assert program.get("/history/batch/count", completed="true")["count"] >= 7


def test_cases_that_are_over_start_anew(orders: Orders) -> None:
    program, (first, second) = orders.program, orders.cases
    path, begin = f"/process-definition/{orders.definition_id}/restart", program.get("/event-subscription")[0]
    at_wait = [{"type": "startBeforeActivity", "activityId": begin["activityId"]}]
    program.done("POST", path, {"processInstanceIds": [first], "instructions": at_wait}, 500)  # it is open
    program.done("PUT", f"/process-instance/{first}/variables/order", {"value": "changed", "type": "String"})
    program.done("DELETE", f"/process-instance/{first}")
    program.done("POST", path, {"processInstanceIds": [first], "instructions": at_wait})
    orders.carried_out(
        f"{path}-async", processInstanceIds=[first, second], instructions=at_wait, initialVariables=True,
        withoutBusinessKey=True,
    )  # fmt: skip
    anew = [one for one in program.get("/process-instance") if one["definitionId"] == orders.definition_id]
    values = {one["id"]: program.get(f"/process-instance/{one['id']}/variables/order")["value"] for one in anew}
    by_key = sorted((one["businessKey"] or "", values[one["id"]]) for one in anew)
    assert by_key == [("", "A"), ("A", "changed"), ("B", "B")]
    waiting = {row["processInstanceId"] for row in program.get("/event-subscription")}
    assert {one["id"] for one in anew} <= waiting
    nowhere = [{"type": "startBeforeActivity", "activityId": "no_such_element"}]
    program.done("POST", path, {"processInstanceIds": [first], "instructions": nowhere}, 400)
    orders.carried_out(f"{path}-async", processInstanceIds=[first], instructions=nowhere)
    assert len(program.get("/process-instance", processDefinitionId=orders.definition_id)) == 3


def test_nobody_starts_anew_what_they_may_not_see(
    orders: Orders, program_of: Callable[[str], Program], sessions: sessionmaker[Session]
) -> None:
    """Who starts a case sees it: the new one has the values of the old one."""
    owner, admin, case_id = orders.program, program_of("admin"), orders.cases[0]
    with writing(), sessions() as session:
        session.add(ProcessAccess(process_key="p", group_id="admin", can_start=True, can_read=False))
        session.commit()
    at_wait = [{"type": "startBeforeActivity", "activityId": owner.get("/event-subscription")[0]["activityId"]}]
    owner.done("DELETE", f"/process-instance/{case_id}")
    path = f"/process-definition/{orders.definition_id}/restart-async"
    admin.done("POST", path, {"processInstanceIds": [case_id], "instructions": at_wait}, 200)
    orders.work()
    assert admin.get("/process-instance") == []


def test_an_order_waits_while_suspended_and_can_be_withdrawn(orders: Orders) -> None:
    program, (first, second) = orders.program, orders.cases
    batch = orders.give("/process-instance/delete", processInstanceIds=orders.cases)
    path = f"/batch/{batch['id']}"
    program.done("PUT", f"{path}/suspended", {"suspended": True})
    orders.work()
    assert (program.get(path)["suspended"], program.get(f"/process-instance/{first}")["ended"]) == (True, False)
    program.done("PUT", f"{path}/suspended", {"suspended": False})
    program.done("DELETE", path)
    orders.work()
    program.done("GET", path, status=404)
    assert program.get(f"/process-instance/{second}")["ended"] is False
    assert program.get("/history/batch", batchId=batch["id"])[0]["totalJobs"] == 2


def test_orders_reach_no_other_site(orders: Orders, program_of: Callable[[str], Program]) -> None:
    admin, stranger = program_of("admin"), program_of("stranger")
    stranger.done("POST", "/process-instance/delete", {"processInstanceIds": orders.cases}, 403)
    admin.done("POST", "/process-instance/delete", {"processInstanceIds": ["none"]}, 400)
    batch = orders.give("/process-instance/job-retries", processInstances=orders.cases, retries=1)
    for method, rest in (("GET", ""), ("DELETE", ""), ("PUT", "/suspended")):
        stranger.done(method, f"/batch/{batch['id']}{rest}", {} if method == "PUT" else None, 404)
    orders.work()
    assert orders.program.get("/batch/count") == {"count": 0}


def _give_up(sessions: sessionmaker[Session], jobs: dict[str, str]) -> None:
    """Let jobs of cases have failed for good."""
    with writing(), sessions() as session:
        session.execute(update(Job).where(Job.id.in_(jobs.values())).values(state="dead"))
        for case_id, job_id in jobs.items():
            facts = {"kind": "job_failed", "msgid": "x", "is_open": True, "created_at": NOW}
            session.add(Incident(id=f"of-{job_id[-8:]}", instance_id=case_id, site_id=HERE, job_id=job_id, **facts))
        session.commit()


def test_only_the_jobs_that_are_named_are_tried_again(orders: Orders, sessions: sessionmaker[Session]) -> None:
    program = orders.program
    deployed(program, "timer_catch_event_duration.bpmn")
    cases = [started(program) for _ in range(2)]
    jobs = [program.get("/job", processInstanceId=one)[0]["id"] for one in cases]
    _give_up(sessions, dict(zip(cases, jobs, strict=True)))
    for body, status in (({}, 501), ({"retries": 1}, 400), ({"retries": 1, "jobIds": ["none"]}, 404)):
        program.done("POST", "/job/retries", body, status)
    orders.give("/job/retries", retries=1, jobIds=jobs[:1])
    orders.work()
    assert [found["id"] for found in program.get("/job", noRetriesLeft="true")] == jobs[1:]
    orders.give("/job/retries", retries=1, jobQuery={"noRetriesLeft": True})
    orders.work()
    assert program.get("/job/count", noRetriesLeft="true") == {"count": 0}


def test_jobs_of_a_job_definition_are_tried_again(orders: Orders, sessions: sessionmaker[Session]) -> None:
    program = orders.program
    deployed(program, "timer_catch_event_duration.bpmn")
    (job,) = program.get("/job", processInstanceId=started(program))
    _give_up(sessions, {job["processInstanceId"]: job["id"]})
    path = f"/job-definition/{job['jobDefinitionId']}/retries"
    program.done("PUT", path, {"retries": 0}, 501)
    program.done("PUT", path, {"retries": 2})
    assert program.get("/job/count", noRetriesLeft="true") == {"count": 0}
