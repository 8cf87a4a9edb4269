"""Substitutes over HTTP: named on one's own page, seen by those who stand in, by leaders and auditors."""

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.models import HistoryEvent, Substitution, UserTask
from tests.integration.web.browser import Browser, signed_in
from tests.integration.web.dealership import Dealership

PAGE, SITE_PAGE = "/account/substitutes", "/admin/substitutions"


def terms(**more: str) -> dict[str, str]:
    today = datetime.now(UTC).date().isoformat()
    return {"first_day": "2026-01-01", "last_day": today, "includes_open": "yes", **more}


def test_named_seen_worked_for_and_ended(
    app: Flask, advisor: Browser, dealership: Dealership, main_engine: Engine
) -> None:
    substitute = signed_in(app, "customer_service")
    page = f"/user-tasks/{dealership.user_task_id}"
    assert substitute.get(page).status_code == 404
    assert "For others" not in substitute.get("/inbox").text
    assert advisor.post(PAGE, terms(substitute="customer_service")).status_code == 303
    assert "Customer Service" in advisor.get(PAGE).text
    inbox = substitute.get("/inbox?view=for_others").text
    assert page in inbox
    assert "For Cr Advisor" in inbox  # the bar at the top
    assert "Whose work I do" in substitute.get(PAGE).text
    assert "You stand in for Cr Advisor" in substitute.get(page).text
    assert substitute.post(f"{page}/claim", {"view": "for_others"}).status_code == 303
    assert substitute.post(f"{page}/complete", {"data_state": "right"}).status_code == 303
    with Session(main_engine) as session:
        user_task = session.get_one(UserTask, dealership.user_task_id)
        assert (user_task.state, user_task.assignee_id, user_task.ended_by) == (
            "completed",
            "cr_advisor",
            "customer_service",
        )
        named = session.scalars(select(Substitution.id).where(Substitution.substitute_id == "customer_service")).one()
    history = substitute.get(f"/cases/{dealership.instance_id}/history").text
    assert "Customer Service on behalf of Cr Advisor" in history
    assert substitute.post(f"{PAGE}/{named}/end").status_code == 303
    assert "For Cr Advisor" not in substitute.get("/inbox").text
    assert "ended by Customer Service" in advisor.get(PAGE).text


def test_what_was_typed_stays_with_the_reason(advisor: Browser) -> None:
    answer = advisor.post(PAGE, terms(substitute="customer_service", last_day="soon"))
    assert answer.status_code == 422
    assert 'value="soon"' in answer.text
    assert "Write a day" in answer.text
    circle = advisor.post(PAGE, terms(substitute="cr_advisor"))
    assert (circle.status_code, "nobody stands in for themselves" in circle.text) == (422, True)


def test_other_days(advisor: Browser, dealership: Dealership, main_engine: Engine) -> None:
    address = f"{PAGE}/{dealership.substitution_id}"
    assert 'value="2099-01-01"' in advisor.get(address).text
    assert advisor.post(address, terms(first_day="2099-02-01", last_day="2099-02-03")).status_code == 303
    with Session(main_engine) as session:
        assert session.get_one(Substitution, dealership.substitution_id).last_day.isoformat() == "2099-02-03"
        changed = select(HistoryEvent.actor_id).where(HistoryEvent.type == "substitution_changed")
        assert session.scalars(changed).all() == ["cr_advisor"]


def test_leaders_name_for_others_with_a_reason_and_auditors_see_it(app: Flask, dealership: Dealership) -> None:
    leader, auditor = signed_in(app, "service_manager"), signed_in(app, "auditor")
    data = terms(principal="cr_advisor", substitute="customer_service")
    assert leader.post(SITE_PAGE, data).status_code == 422
    assert leader.post(SITE_PAGE, {**data, "reason": "taken ill"}).status_code == 303
    seen = auditor.get(SITE_PAGE).text
    assert "taken ill" in seen
    assert 'name="principal"' not in seen
    assert SITE_PAGE in auditor.get("/cases").text  # the way there
    assert "taken ill" not in signed_in(app, "stranger").get(SITE_PAGE).text


def test_w02_a_principal_of_another_site(app: Flask, dealership: Dealership, main_engine: Engine) -> None:
    data = terms(principal="stranger", substitute="cr_advisor", reason="so")
    assert signed_in(app, "service_manager").post(SITE_PAGE, data).status_code == 403
    with Session(main_engine) as session:
        assert session.scalars(select(Substitution.principal_id)).all() == ["cr_advisor"]
