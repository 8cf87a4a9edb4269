"""Ids in bodies and query strings are checked like those in addresses (W02), and fields nobody may write (W05)."""

import io

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.models import CaseBatchItem, Incident, ProcessInstance, User, UserTask, Variable, VisitImport
from tests.integration.web.browser import signed_in
from tests.integration.web.dealership import ELSEWHERE, HERE, MARKER, Dealership
from tests.integration.web.filling import STRANGER


def test_w02_import_for_another_site(app: Flask, dealership: Dealership, sessions: sessionmaker[Session]) -> None:
    file = (io.BytesIO("业务类型,单号\n维修,RO-2\n".encode()), "export.csv")
    answer = signed_in(app, "cr_advisor").post("/imports", {"site_id": ELSEWHERE, "file": file})
    assert answer.status_code == 404
    with sessions() as session:
        assert session.scalars(select(VisitImport.site_id)).all() == [HERE]  # the one of the dealership itself


def test_w02_user_task_into_the_hands_of_another_site(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    data = {"assignee": STRANGER, "reason": "holiday"}
    answer = signed_in(app, "service_manager").post(f"/user-tasks/{dealership.user_task_id}/assign", data)
    assert answer.status_code in (403, 404, 422)
    with sessions() as session:
        assert session.get_one(UserTask, dealership.user_task_id).assignee_id is None


def test_w02_case_started_at_another_site(app: Flask, dealership: Dealership, sessions: sessionmaker[Session]) -> None:
    answer = signed_in(app, "cr_advisor").post("/start/complaint", {"site_id": ELSEWHERE})
    assert answer.status_code in (403, 404, 422)
    with sessions() as session:
        count = select(func.count()).select_from(ProcessInstance).where(ProcessInstance.site_id == ELSEWHERE)
        assert session.scalar(count) == 0


def test_w02_open_user_task_named_in_the_query_of_a_list(app: Flask, dealership: Dealership) -> None:
    path = f"/inbox/rows?open={dealership.user_task_id}&revision=0"
    answer = signed_in(app, STRANGER).get(path, headers={"HX-Request": "true"})
    assert dealership.instance_id not in answer.text
    assert MARKER not in answer.text


def test_w02_incidents_tried_again_together_are_those_of_own_sites(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    data = {"definition": "", "element": "", "kind": "job_failed"}
    signed_in(app, STRANGER).post("/incidents/retry", data)
    with sessions() as session:
        assert session.get_one(Incident, dealership.incident_id).is_open


@pytest.mark.parametrize("page", ["suspension", "migration"])
def test_w02_cases_of_other_sites_stay_out_of_a_batch(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session], page: str
) -> None:
    data = {"reason": "tests", "with_cases": "yes", "target": dealership.definition_id, "wanted": "migrate"}
    signed_in(app, STRANGER).post(f"/definitions/{dealership.definition_id}/{page}", data)
    with sessions() as session:
        batches = session.scalars(select(CaseBatchItem.batch_id)).all()
        assert batches == [dealership.batch_id]
        assert not session.get_one(ProcessInstance, dealership.instance_id).is_suspended


def test_w02_work_handed_over_to_somebody_of_another_site(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    data = {"successor": STRANGER, "reason": "leaves"}
    answer = signed_in(app, "admin").post("/admin/users/cr_advisor/hand-over", data)
    assert answer.status_code == 404
    with sessions() as session:
        assert session.get_one(User, "cr_advisor").is_active


def test_w02_administrator_of_one_site_brings_nobody_to_another(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    account = {"display_name": "x", "home_site_id": ELSEWHERE}
    assert signed_in(app, "admin").post("/admin/users/cr_advisor", account).status_code == 403
    groups = {"member": [f"cr_advisor@{HERE}", f"auditor@{ELSEWHERE}"], "seen": f"cr_advisor@{HERE}", "reason": "x"}
    assert signed_in(app, "admin").post("/admin/users/cr_advisor/groups", groups).status_code == 403
    with sessions() as session:
        assert session.get_one(User, "cr_advisor").home_site_id == HERE


def test_w05_fields_that_are_only_shown_or_not_there_are_not_written(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    def variables() -> dict[str, str]:
        with sessions() as session:
            rows = session.execute(select(Variable.name, Variable.value))
            return dict(rows.all())

    before, advisor = variables(), signed_in(app, "cr_advisor")
    assert {"level", "occasion"} <= before.keys()
    assert advisor.post(f"/user-tasks/{dealership.user_task_id}/claim").status_code == 303
    posted = {"data_state": "right", "level": "99", "occasion": "forged", "customer_id": "forged", "never_heard": "1"}
    answer = advisor.post(f"/user-tasks/{dealership.user_task_id}/complete", posted)
    assert answer.status_code == 303
    after = variables()
    assert after["data_state"] == '"right"'
    assert {name: after[name] for name in ("level", "occasion")} == {
        name: before[name] for name in ("level", "occasion")
    }
    assert "never_heard" not in after
    assert after.get("customer_id") == before.get("customer_id")
