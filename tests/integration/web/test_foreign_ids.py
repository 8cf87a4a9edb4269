"""Ids in bodies and query strings are checked like those in addresses (W02)."""

import io

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.models import ProcessInstance, UserTask, VisitImport
from tests.integration.web.browser import Browser
from tests.integration.web.conftest import ELSEWHERE, HERE, STRANGER
from tests.integration.web.dealership import MARKER, Dealership


def _signed_in(app: Flask, user_id: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(user_id)
    return browser


def test_w02_import_for_another_site(app: Flask, dealership: Dealership, sessions: sessionmaker[Session]) -> None:
    file = (io.BytesIO("业务类型,单号\n维修,RO-2\n".encode()), "export.csv")
    answer = _signed_in(app, "cr_advisor").post("/imports", {"site_id": ELSEWHERE, "file": file})
    assert answer.status_code == 404
    with sessions() as session:
        assert session.scalars(select(VisitImport.site_id)).all() == [HERE]  # the one of the dealership itself


def test_w02_user_task_into_the_hands_of_another_site(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    data = {"assignee": STRANGER, "reason": "holiday"}
    answer = _signed_in(app, "service_manager").post(f"/user-tasks/{dealership.user_task_id}/assign", data)
    assert answer.status_code in (403, 404, 422)
    with sessions() as session:
        assert session.get_one(UserTask, dealership.user_task_id).assignee_id is None


def test_w02_case_started_at_another_site(app: Flask, dealership: Dealership, sessions: sessionmaker[Session]) -> None:
    answer = _signed_in(app, "cr_advisor").post("/start/complaint", {"site_id": ELSEWHERE})
    assert answer.status_code in (403, 404, 422)
    with sessions() as session:
        count = select(func.count()).select_from(ProcessInstance).where(ProcessInstance.site_id == ELSEWHERE)
        assert session.scalar(count) == 0


def test_w02_open_user_task_named_in_the_query_of_a_list(app: Flask, dealership: Dealership) -> None:
    path = f"/inbox/rows?open={dealership.user_task_id}&revision=0"
    answer = _signed_in(app, STRANGER).get(path, headers={"HX-Request": "true"})
    assert dealership.instance_id not in answer.text
    assert MARKER not in answer.text
