"""Four eyes over HTTP: refused, told and written down; the page of second pairs (W07)."""

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import HistoryEvent, Membership, SecondPairOfEyes, UserTask
from app.operations.actor import SYSTEM, Actor
from app.operations.deployments import deploy
from app.operations.process_instances import start_process
from app.operations.user_tasks import complete_user_task
from tests.integration.operations.dealership import resources
from tests.integration.web.browser import signed_in
from tests.integration.web.dealership import ELSEWHERE, HERE, Dealership

PAGE = "/admin/second-pairs"


@pytest.fixture
def approve(dealership: Dealership, sessions: sessionmaker[Session]) -> str:
    """A user task that checks what the CR advisor has done; it is meant for CR advisors and process owners."""
    now = dealership.now
    with writing(), sessions.begin() as session:
        deploy(session, resources("four_eyes.bpmn"), name="eyes", reason="tests", actor=SYSTEM, now=now)
        case = start_process(session, "four_eyes", {}, site_id=HERE, actor=SYSTEM, now=now)
        first = session.scalars(select(UserTask.id).where(UserTask.instance_id == case.id)).one()
        complete_user_task(
            session, first, {}, revision=None, is_claimed_implicitly=True, actor=Actor("cr_advisor"), now=now
        )
        return session.scalars(select(UserTask.id).where(UserTask.element_id == "approve")).one()


def refusals(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(HistoryEvent.actor_id).where(HistoryEvent.type == "own_work_refused")))


def test_w07_own_work_is_refused_told_and_recorded(app: Flask, approve: str, main_engine: Engine) -> None:
    advisor = signed_in(app, "cr_advisor")
    assert "Four eyes: not you" in advisor.get("/inbox?view=claimable").text
    page = advisor.get(f"/user-tasks/{approve}").text
    assert "you took part in “Do it” of this case" in page
    assert "/claim" not in page
    assert "data-submit" not in page
    for action in ("claim", "complete"):
        answer = advisor.post(f"/user-tasks/{approve}/{action}")
        assert answer.status_code == 403
        assert "Cr Advisor took part in “Do it”" in answer.text
    leader = signed_in(app, "process_owner")
    assert leader.post(f"/user-tasks/{approve}/assign", {"assignee": "cr_advisor"}).status_code == 403
    assert refusals(main_engine) == ["cr_advisor", "cr_advisor", "process_owner"]
    assert "Refused, four eyes: Approve it" in leader.get(f"/user-tasks/{approve}/history").text
    assert leader.post(f"/user-tasks/{approve}/complete").status_code == 303


def test_administrators_name_second_pairs_for_their_sites(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session], main_engine: Engine
) -> None:
    admin = signed_in(app, "admin")
    assert "Stranger" not in admin.get(PAGE).text  # an auditor, among much else
    with writing(), sessions.begin() as session:
        session.delete(session.get_one(Membership, ("stranger", "auditor", ELSEWHERE)))
    assert "Stranger" in admin.get(PAGE).text
    refused = admin.post(PAGE, {"site": HERE, "user": "stranger", "reason": " "})
    assert (refused.status_code, "Say why" in refused.text) == (422, True)
    refused = admin.post(PAGE, {"site": HERE, "user": "cr_advisor", "reason": "kept text"})
    assert (refused.status_code, "kept text" in refused.text) == (422, True)
    assert admin.post(PAGE, {"site": ELSEWHERE, "user": "cr_advisor", "reason": "x"}).status_code == 403
    assert admin.post(PAGE, {"site": HERE, "user": "stranger", "reason": "small"}).status_code == 303
    with Session(main_engine) as session:
        assert session.scalars(select(SecondPairOfEyes.user_id)).all() == ["stranger"]
    gone = admin.post(PAGE, {"site": HERE, "user": "stranger", "reason": "grown", "remove": "yes"})
    assert gone.status_code == 303
    with Session(main_engine) as session:
        assert session.scalars(select(SecondPairOfEyes.user_id)).all() == []
