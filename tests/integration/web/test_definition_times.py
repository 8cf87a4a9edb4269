"""The page that shows where the time of finished cases went: the diagram, and the same in numbers."""

import re
from datetime import timedelta

from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import ActivityInstance, ProcessInstance
from tests.integration.web.browser import signed_in
from tests.integration.web.dealership import NOW, Dealership


def _finish(sessions: sessionmaker[Session], dealership: Dealership) -> None:
    """As if its user tasks had taken three hours."""
    of_case = ActivityInstance.instance_id == dealership.instance_id
    with writing(), sessions() as session:
        session.execute(update(ProcessInstance).values(state="completed", ended_at=NOW))
        session.execute(
            update(ActivityInstance)
            .where(of_case, ActivityInstance.element_type == "userTask")
            .values(state="done", started_at=NOW, ended_at=NOW + timedelta(hours=3))
        )
        session.commit()


def test_where_time_goes(app: Flask, dealership: Dealership, sessions: sessionmaker[Session]) -> None:
    browser = signed_in(app, "process_owner")
    path = f"/definitions/{dealership.definition_id}/times"
    assert "No case of this version has finished" in browser.get(path).text
    _finish(sessions, dealership)
    page = browser.get(path).text
    assert path in browser.get("/definitions").text
    assert 'class="is-heat-5"' in page
    assert "3 hr" in page
    rows = re.findall(r'<tr>\s*<td><span class="cell-line">(?:<i class="swatch is-heat-(\d)"[^>]*></i>)?', page)
    assert rows[0] == "5"
    assert set(rows[1:]) == {""}
    often = browser.get(f"{path}?by=often").text
    assert {"5"} == set(re.findall(r'td><span class="cell-line"><i class="swatch is-heat-(\d)"', often))
    assert browser.get(f"{path}?by=nonsense").status_code == 200
