"""What can be begun in an ad-hoc subprocess stands on the page of its case."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import UserTask
from app.operations.actor import SYSTEM
from app.operations.deployments import deploy
from app.operations.process_instances import start_process
from tests.integration.operations.dealership import resources
from tests.integration.web.browser import signed_in
from tests.integration.web.dealership import HERE, NOW, Dealership


@pytest.fixture
def address(sessions: sessionmaker[Session], dealership: Dealership) -> str:
    del dealership
    with writing(5), sessions() as session:
        deploy(session, resources("ad_hoc.bpmn"), name="ad hoc", reason="r", actor=SYSTEM, now=NOW)
        case = start_process(session, "ad_hoc", {"enough": False}, site_id=HERE, actor=SYSTEM, now=NOW)
        session.commit()
        return f"/cases/{case.id}"


def test_an_activity_is_begun_on_the_page_of_its_case(
    app: Flask, address: str, sessions: sessionmaker[Session]
) -> None:
    browser = signed_in(app, "cr_advisor")
    page = browser.get(address).text
    assert re.findall(r'name="element" value="(\w+)"', page) == ["call", "write"]
    (activity_id, _same) = re.findall(r'name="activity" value="(\w+)"', page)
    answer = browser.post(f"{address}/start", data={"activity": activity_id, "element": "call"})
    assert answer.status_code == 303
    with sessions() as session:
        assert session.scalars(select(UserTask.element_id).where(UserTask.state == "open")).all().count("call") == 1
    answer = browser.post(f"{address}/start", data={"activity": activity_id, "element": "undo"})
    assert answer.status_code == 409


def test_who_does_not_work_in_the_case_is_offered_nothing(app: Flask, address: str) -> None:
    browser = signed_in(app, "auditor")
    assert 'name="element"' not in browser.get(address).text
