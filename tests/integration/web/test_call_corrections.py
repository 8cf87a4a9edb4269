"""The page on which a record is corrected, and how the history tells of it."""

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.database import writing
from app.models import FollowUpResult, PlannedFollowUp
from app.operations.follow_up_results import FollowUpOutcome, close_follow_up
from tests.integration.web.browser import Browser
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import Dealership

pytestmark = SQLITE_ONLY


def close(engine: Engine, dealership: Dealership) -> None:
    with writing(), Session(engine) as session:
        planned = session.scalars(select(PlannedFollowUp.id)).one()
        outcome = FollowUpOutcome(
            "reached", 1, "nobody", "owner", "satisfied", "none", questionnaire_version_id="repair_3dc_1",
            answers={"quality": "yes"},
        )  # fmt: skip
        close_follow_up(session, planned, outcome, now=dealership.now)
        session.commit()


def test_a_manager_corrects_a_record(app: Flask, dealership: Dealership, main_engine: Engine) -> None:
    page, case = f"/calls/corrections/{dealership.instance_id}", f"/cases/{dealership.instance_id}"
    manager, advisor = Browser(app), Browser(app)
    manager.sign_in("service_manager")
    advisor.sign_in("cr_advisor")
    assert manager.get(page).status_code == 404  # no call recorded yet
    close(main_engine, dealership)
    assert page in manager.get(case).text
    assert page not in advisor.get(case).text  # made by somebody else
    assert advisor.get(page).status_code == 404
    shown = manager.get(page).text
    assert '<option value="yes" selected>' in shown
    record = {"result": "reached", "spoken_to": "owner", "satisfaction": "dissatisfied", "complaint_level": "none"}
    record |= {"problem_kind": "quality", "answer-quality": "no"}
    refused = manager.post(page, record)
    assert (refused.status_code, "Say why" in refused.text) == (422, True)
    major = manager.post(page, {**record, "complaint_level": "major", "reason": "They complained"})
    assert (major.status_code, "Write down what the customer complains of." in major.text) == (422, True)
    assert manager.post(page, {**record, "reason": "The wrong box was ticked"}).status_code == 303
    with Session(main_engine) as session:
        assert session.scalars(select(FollowUpResult.satisfaction)).one() == 1
    history = manager.get(f"{case}/history").text
    for text in ("Record of the call corrected", "The wrong box was ticked", "Was the fault repaired?", "Dissatisfied"):
        assert text in history
