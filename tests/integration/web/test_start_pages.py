"""Starting a process by its form."""

import re

from flask import Flask

from app.identifiers import new_id
from tests.integration.web.browser import signed_in
from tests.integration.web.dealership import Dealership

COMPLAINT = {
    "complainant_name": "温如是",
    "complainant_phone": "10090001234",
    "complaint_channel": "counter",
    "complaint_contact_time": "上午",
    "complaint_text": "保养后车内有异味",
}


def test_only_what_a_person_may_start_is_offered(app: Flask, dealership: Dealership) -> None:
    assert "/start/complaint" in signed_in(app, "service_advisor").get("/start").text
    manager = signed_in(app, "general_manager")
    assert "/start/follow_up" not in manager.get("/start").text
    assert manager.get("/start/follow_up").status_code == 404
    assert manager.post("/start/follow_up").status_code == 404


def test_a_missing_answer_is_told_and_starts_nothing(app: Flask, dealership: Dealership) -> None:
    advisor = signed_in(app, "service_advisor")
    answer = advisor.post("/start/complaint", {**COMPLAINT, "complaint_text": ""})
    assert answer.status_code == 422
    assert "温如是" in answer.text
    assert "保养后车内有异味" not in advisor.get("/cases?state=all").text


def test_a_complaint_is_started_and_its_case_shown(app: Flask, dealership: Dealership) -> None:
    advisor = signed_in(app, "service_advisor")
    answer = advisor.post("/start/complaint", {**COMPLAINT, "site_id": "hq"})
    assert answer.status_code == 303
    case = advisor.get(answer.location or "")
    assert "CO-" in case.text
    assert "Started by me" in advisor.get("/inbox?view=started_by_me").text
    assert "Fill in complaint form" in signed_in(app, "customer_service").get("/inbox?view=claimable").text
    answer = signed_in(app, "customer_service").post("/start/complaint", {**COMPLAINT, "site_id": "hq"})
    assert answer.status_code == 303
    waiting = signed_in(app, "customer_service_manager").get("/inbox?view=claimable")
    assert "Confirm, name department" in waiting.text, "customer service has filled in the form by reporting it"


def test_the_same_form_sent_twice_is_one_case_and_another_answer_another_case(
    app: Flask, dealership: Dealership
) -> None:
    advisor = signed_in(app, "service_advisor")
    page = advisor.get("/start/complaint").text
    offered = re.search(r'name="offered_id" value="([0-9a-f]{32})"', page)
    assert offered is not None
    sent = {**COMPLAINT, "site_id": "hq", "offered_id": offered[1]}
    answers = [advisor.post("/start/complaint", sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    other = advisor.post("/start/complaint", {**sent, "complaint_text": "发动机有另外一种声音，冷车时明显"})
    assert (other.status_code, other.location != answers[0].location) == (303, True)
    assert advisor.get("/cases?state=all&process=complaint").text.count("CO-") == 2
    assert offered[1] in advisor.post("/start/complaint", {**sent, "complaint_text": ""}).text


def test_a_case_of_somebody_else_is_not_shown_for_its_id(app: Flask, dealership: Dealership) -> None:
    advisor, other = signed_in(app, "service_advisor"), signed_in(app, "customer_service")
    sent = {**COMPLAINT, "site_id": "hq", "offered_id": new_id()}
    assert advisor.post("/start/complaint", sent).status_code == 303
    answer = other.post("/start/complaint", sent)
    assert (answer.status_code, "has been started already" in answer.text) == (409, True)
