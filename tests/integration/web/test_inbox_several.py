"""Several user tasks of the inbox at once: shown before, each with its own result after."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import UserTask
from app.models.history import HistoryEvent
from app.operations.actor import SYSTEM
from app.operations.deployments import deploy
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.process_instances import start_process
from tests.integration.operations.dealership import resources
from tests.integration.web.browser import Browser, signed_in
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import HERE, NOW, Dealership

NOTES = ("first", "second", "third")


def stored(engine: Engine, dealership: Dealership) -> UserTask:
    with Session(engine) as session:
        return session.get_one(UserTask, dealership.user_task_id)


@pytest.fixture
def notes(sessions: sessionmaker[Session], dealership: Dealership) -> list[str]:
    """Three user tasks of one step; the first two have the answer that its form requires."""
    del dealership
    with writing(5), sessions() as session:
        files = resources("note.bpmn", "note.form")
        deploy(session, files, name="note", reason="r", actor=SYSTEM, now=NOW)
        found = []
        for name in NOTES:
            values = {"subject": name, "verdict": None if name == "third" else "fine", "reason": f"{name} reason"}
            case = start_process(session, "note", values, site_id=HERE, actor=SYSTEM, now=NOW)
            found.append(session.scalars(select(UserTask.id).where(UserTask.instance_id == case.id)).one())
        session.commit()
        return found


def test_several_are_claimed_and_assigned_at_once_each_with_its_own_result(
    app: Flask, advisor: Browser, dealership: Dealership, main_engine: Engine
) -> None:
    assert "No open task in this view" in advisor.get("/inbox/several?view=mine").text
    page = advisor.get("/inbox/several?view=claimable").text
    assert f'value="{dealership.user_task_id}"' in page
    assert "No open task in this view" in advisor.get("/inbox/several?view=claimable&q=nobody").text
    assert 'name="assignee"' not in page, "who leads nobody assigns one by one"
    assert "Tick at least one task." in advisor.post("/inbox/several?view=claimable", {"action": "claim"}).text
    both = {"action": "claim", "id": [dealership.user_task_id, "unknown"]}
    shown = advisor.post("/inbox/several/preview?view=claimable", both).text
    assert "These will be yours." in shown
    assert "Change 1 task<" in shown
    assert 'value="unknown"' not in shown, "what cannot be is not asked for again"
    assert stored(main_engine, dealership).assignee_id is None, "only tried"
    answer = advisor.post("/inbox/several?view=claimable", both)
    assert "1 is done · 1 is not" in answer.text
    assert "This user task does not exist, or you may not see it." in answer.text
    assert stored(main_engine, dealership).assignee_id == "cr_advisor"
    owner = signed_in(app, "process_owner")
    assert "Claim what is ticked" not in owner.get("/inbox/several?view=mine").text
    to_nobody = {"action": "assign", "id": dealership.user_task_id}
    assert owner.post("/inbox/several", to_nobody).status_code == 422
    answer = owner.post("/inbox/several", {**to_nobody, "assignee": "cr_advisor_2"})
    assert "0 are done · 1 is not" in answer.text
    answer = owner.post("/inbox/several", {**to_nobody, "assignee": "service_manager", "reason": "ill"})
    assert "1 is done" in answer.text
    assert stored(main_engine, dealership).assignee_id == "service_manager"


@SQLITE_ONLY
def test_several_get_another_due_date_from_who_leads_with_a_reason(
    app: Flask, advisor: Browser, dealership: Dealership, main_engine: Engine, sessions: sessionmaker[Session]
) -> None:
    wanted = {"action": "due", "id": dealership.user_task_id, "due": "2099-05-22T17:30", "reason": "The part is late"}
    assert "Only who leads at the site" in advisor.post("/inbox/several/preview", wanted).text
    manager = signed_in(app, "process_owner")
    for wrong in ({"due": "soon"}, {"reason": " "}, {"due": "0001-01-01T00:00"}):
        assert manager.post("/inbox/several/preview", {**wanted, **wrong}).status_code == 422
    gone_by = manager.post("/inbox/several/preview", {**wanted, "due": "2020-05-01T08:00"}).text
    assert "still to come" in gone_by
    assert "Change 1 task<" not in gone_by
    before = stored(main_engine, dealership).due_at
    assert "These will be due" in manager.post("/inbox/several/preview", wanted).text
    assert stored(main_engine, dealership).due_at == before
    assert "1 is done" in manager.post("/inbox/several", wanted).text
    assert stored(main_engine, dealership).due_at == datetime(2099, 5, 22, 9, 30, tzinfo=UTC)
    with sessions() as session:
        events = read_events(session, case_stream(dealership.instance_id))
    assert (events[-1].type, events[-1].reason) == ("user_task_changed", "The part is late")


@SQLITE_ONLY
def test_several_of_one_step_are_completed_with_one_answer_where_their_form_allows_it(
    app: Flask, notes: list[str], dealership: Dealership, main_engine: Engine
) -> None:
    manager = signed_in(app, "service_manager")
    page = manager.post("/inbox/several/complete/preview?view=claimable", {"id": notes}).text
    assert "These will be completed." in page
    assert "Complete 2 tasks" in page
    assert "Its form wants an answer in each case (Verdict)." in page
    assert 'name="id"' in page, "empty in all of them"
    assert 'name="reason"' not in page, "each has its own"
    asked = {"_id": notes, "reason": "the same", "id": "Seen", f"_revision.{notes[1]}": "7"}
    too_long = manager.post("/inbox/several/complete", {**asked, "id": "x" * 21})
    assert (too_long.status_code, "Nothing was changed." in too_long.text) == (422, True)
    answer = manager.post("/inbox/several/complete", asked).text
    assert "1 is done · 2 are not" in answer
    assert "was changed while you worked on it" in answer
    with Session(main_engine) as session:
        states = [session.get_one(UserTask, one).state for one in notes]
        event = session.scalars(select(HistoryEvent).where(HistoryEvent.activity_id == notes[0])).all()[-1]
        completed = next(one for one in read_events(session, event.stream) if one.type == "user_task_completed")
    assert states == ["completed", "open", "open"]
    assert completed.body["inputs"] == {"verdict": "fine", "reason": "first reason", "id": "Seen"}
    manager.post(f"/user-tasks/{notes[1]}/draft", {"verdict": "x", "revision": "1"})
    begun = manager.post("/inbox/several/complete/preview", {"id": notes[1]}).text
    assert "You have begun to fill in its form" in begun
    assert "Complete 1 task" not in begun


@SQLITE_ONLY
def test_what_cannot_be_completed_together_is_said_before(
    app: Flask, advisor: Browser, notes: list[str], dealership: Dealership
) -> None:
    assert "Tick at least one task." in advisor.post("/inbox/several/complete/preview", {"id": "unknown"}).text
    owner = signed_in(app, "process_owner")
    both = {"id": [dealership.user_task_id, notes[0]]}
    answer = owner.post("/inbox/several/complete/preview", both)
    assert (answer.status_code, "Tick tasks of one step only" in answer.text) == (422, True)
    page = advisor.post("/inbox/several/complete/preview", {"id": dealership.user_task_id}).text
    assert "Its form wants an answer in each case (Is the data right?)" in page
    assert owner.post("/inbox/several/complete", {"_id": notes[0]}).text.count("1 is not")
