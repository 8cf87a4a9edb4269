"""Delegating over HTTP: the picker, the question and the answer, what the list and the history show."""

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.models import UserTask
from tests.integration.web.browser import signed_in
from tests.integration.web.dealership import Dealership

JSON = {"Accept": "application/json"}


def test_lent_answered_and_back(app: Flask, dealership: Dealership, main_engine: Engine) -> None:
    advisor, asked = signed_in(app, "cr_advisor"), signed_in(app, "service_advisor")
    page = f"/user-tasks/{dealership.user_task_id}"
    advisor.post(f"{page}/claim")
    assert "Only you complete it" not in advisor.get(page).text
    assert 'name="delegate"' in advisor.get(page).text
    answer = advisor.post(f"{page}/delegate", {"delegate": "service_advisor", "question": "Which noise?"})
    assert answer.status_code == 303
    owners = advisor.get(page).text
    assert "Cr Advisor asked Service Advisor for an answer." in owners
    assert "Take it back without an answer" in owners
    assert "Asked others" in owners
    assert page in advisor.get("/inbox?view=delegated").text
    delegates = asked.get(page).text
    assert "Cr Advisor asks you for an answer." in delegates
    assert "Which noise?" in delegates
    assert "data-draft=" not in delegates  # the form is there to be read
    refused = asked.post(f"{page}/complete", {"data_state": "right", "call_focus": "typed by the delegate"})
    assert refused.status_code == 409
    assert "give the task back" in refused.text
    assert asked.post(f"{page}/resolve", {"remark": " "}, headers=JSON).status_code == 422
    assert asked.post(f"{page}/resolve", {"remark": "The mirror."}).status_code == 303
    owners = advisor.get(page).text
    assert "Service Advisor answered:" in owners
    assert "The mirror." in owners
    assert "data-draft=" in owners
    history = advisor.get(f"{page}/history").text
    assert "Delegated for an answer: Prepare call" in history
    assert "Cr Advisor · Cr Advisor → Service Advisor" in history
    with Session(main_engine) as session:
        assert session.get_one(UserTask, dealership.user_task_id).assignee_id == "cr_advisor"


def test_w02_lent_to_somebody_of_another_site(app: Flask, dealership: Dealership, main_engine: Engine) -> None:
    advisor = signed_in(app, "cr_advisor")
    advisor.post(f"/user-tasks/{dealership.user_task_id}/claim")
    answer = advisor.post(f"/user-tasks/{dealership.user_task_id}/delegate", {"delegate": "stranger"}, headers=JSON)
    assert answer.status_code == 403
    with Session(main_engine) as session:
        assert session.get_one(UserTask, dealership.user_task_id).assignee_id == "cr_advisor"


def test_who_gives_away_what_one_sees_no_more_is_told_whose_it_is(app: Flask, dealership: Dealership) -> None:
    advisor, asked = signed_in(app, "cr_advisor"), signed_in(app, "customer_service")
    page = f"/user-tasks/{dealership.user_task_id}"
    advisor.post(f"{page}/claim")
    advisor.post(f"{page}/delegate", {"delegate": "customer_service", "question": "Who called?"})
    answer = asked.post(f"{page}/resolve", {"remark": "His brother."})
    assert answer.headers["Location"] == "/inbox?view=mine"
    assert "The task is with Cr Advisor now." in asked.get("/inbox?view=mine").text
    advisor.post(f"{page}/delegate", {"delegate": "customer_service", "question": "And why?"})
    answer = asked.post(f"{page}/resolve", {"remark": "No idea."}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/inbox?view=mine"
