"""Webhooks from the administrator's form to the other program, which checks the signature."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.config import Config
from app.connectors.signed_webhook import signature
from app.database import writing
from app.models import OutgoingMessage, WebhookSubscription
from app.operations.actor import Actor
from app.operations.surroundings import Surroundings, surroundings_of
from app.operations.user_tasks import claim_user_task
from app.worker import run_due
from tests.integration.web.browser import signed_in
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import ELSEWHERE, HERE, MARKER, Dealership
from tests.integration.web.filling import CHIEF, STRANGER
from tests.integration.webhook_receiver import Receiver, guard_for, webhook_receiver

Sessions = sessionmaker[Session]
SECRET = r"whsec_[\w+/]{43}="


def _form(receiver: Receiver, **changes: object) -> dict[str, object]:
    kinds = ["user_task.assigned", "incident.raised"]
    return {"name": "Telephone system", "address": receiver.address, "site_id": HERE, "kinds": kinds, **changes}


def _surroundings(config: Config, receiver: Receiver) -> Surroundings:
    return replace(surroundings_of(config), guard=guard_for(receiver))


def _claim(sessions: Sessions, dealership: Dealership) -> None:
    with writing(), sessions() as session:
        claim_user_task(session, dealership.user_task_id, actor=Actor("cr_advisor"), now=dealership.now)
        session.commit()


def _ended(sessions: Sessions) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(OutgoingMessage.state).order_by(OutgoingMessage.id)))


def test_event_arrives_signed_once_under_its_key(
    app: Flask, dealership: Dealership, sessions: Sessions, config: Config
) -> None:
    browser = signed_in(app, "admin")
    with webhook_receiver() as receiver:
        app.extensions["outgoing_guard"] = guard_for(receiver)
        surroundings = _surroundings(config, receiver)
        run_due(sessions, dealership.now, surroundings=surroundings)  # what happened before is told to nobody
        made = browser.post("/admin/webhooks", _form(receiver))
        assert made.status_code == 200
        secret = re.search(SECRET, made.text)
        assert secret
        _claim(sessions, dealership)
        for minutes in range(3):
            run_due(sessions, dealership.now + timedelta(minutes=minutes), surroundings=surroundings)
    ((key, document),) = receiver.received
    assert isinstance(document, dict)
    assert (document["id"], document["kind"], document["user_task"]["assignee"]) == (
        key, "user_task.assigned", "cr_advisor",
    )  # fmt: skip
    assert document["case"]["id"] == dealership.instance_id
    assert MARKER not in json.dumps(document, ensure_ascii=False)
    headers = receiver.headers[0]
    body = json.dumps(document, ensure_ascii=False).encode()
    expected = signature(secret[0], str(key), headers["Webhook-Timestamp"], body)
    assert headers["Webhook-Signature"] == f"v1,{expected}"
    assert headers["Webhook-Id"] == key
    assert abs(int(headers["Webhook-Timestamp"]) - datetime.now(UTC).timestamp()) < 60
    assert _ended(sessions) == ["sent"]
    assert secret[0] not in browser.get(f"/admin/outbox/{key}").text


def test_delivery_is_tried_again_and_may_be_repeated_by_hand(
    app: Flask, dealership: Dealership, sessions: Sessions, config: Config
) -> None:
    browser = signed_in(app, CHIEF)
    with webhook_receiver() as receiver:
        app.extensions["outgoing_guard"] = guard_for(receiver)
        surroundings = _surroundings(config, receiver)
        browser.post("/admin/webhooks", _form(receiver, site_id=""))
        _claim(sessions, dealership)
        receiver.status = 503
        for _ in range(3):
            run_due(sessions, dealership.now, surroundings=surroundings)
        assert _ended(sessions) == ["waiting"]
        receiver.status = 200
        run_due(sessions, dealership.now + timedelta(hours=1), surroundings=surroundings)
        assert _ended(sessions) == ["sent"]
        key = receiver.received[0][0]
        assert browser.post(f"/admin/outbox/{key}/retry").status_code == 303
        run_due(sessions, dealership.now + timedelta(hours=2), surroundings=surroundings)
    assert [received[0] for received in receiver.received] == [key] * 3


def test_w38_addresses_that_may_not_be_reached_are_refused_with_what_was_typed(app: Flask, people: None) -> None:
    browser = signed_in(app, "admin")
    for address in ("http://127.0.0.1:9/", "https://10.0.0.1/", "https://elsewhere.example/in"):
        form = {"name": "Telephone system", "address": address, "site_id": HERE, "kinds": ["case.started"]}
        answer = browser.post("/admin/webhooks", form)
        assert answer.status_code == 422
        assert f'value="{address}"' in answer.text
        assert 'value="case.started" checked' in answer.text
    assert browser.post("/admin/webhooks", {"name": "x", "address": "https://a.example"}).status_code in (403, 422)


def test_w02_webhooks_of_other_sites_are_out_of_reach(app: Flask, people: None, sessions: Sessions) -> None:
    other = signed_in(app, STRANGER)
    with webhook_receiver() as receiver:
        app.extensions["outgoing_guard"] = guard_for(receiver)
        assert other.post("/admin/webhooks", _form(receiver)).status_code == 403
        assert other.post("/admin/webhooks", _form(receiver, site_id="")).status_code == 403
        assert other.post("/admin/webhooks", _form(receiver, site_id=ELSEWHERE)).status_code == 200
        with sessions() as session:
            theirs = session.scalars(select(WebhookSubscription.id)).one()
        assert signed_in(app, "admin").get(f"/admin/webhooks/{theirs}").status_code == 403
        chief = signed_in(app, CHIEF)
        change = {**_form(receiver), "name": "Renamed"}
        assert chief.post(f"/admin/webhooks/{theirs}", change).status_code == 303
    with sessions() as session:
        row = session.get_one(WebhookSubscription, theirs)
        assert (row.name, row.is_active, row.site_id) == ("Renamed", False, ELSEWHERE)


@SQLITE_ONLY
def test_owner_of_a_process_tests_watches_and_repeats(
    app: Flask, dealership: Dealership, sessions: Sessions, config: Config
) -> None:
    browser = signed_in(app, "process_owner")
    with webhook_receiver() as receiver:
        app.extensions["outgoing_guard"] = guard_for(receiver)
        surroundings = _surroundings(config, receiver)
        made = browser.post("/admin/webhooks", _form(receiver, process_keys=["follow_up", "no such process"]))
        first = re.search(SECRET, made.text)
        with sessions() as session:
            row = session.scalars(select(WebhookSubscription)).one()
        assert (row.site_id, row.process_keys, row.created_by) == (HERE, '["follow_up"]', "process_owner")
        place = f"/admin/webhooks/{row.id}"
        receiver.status, receiver.answer = 418, b"<b>tea</b>"
        tested = browser.post(f"{place}/test").headers["Location"]
        assert "No attempt yet" in browser.get(tested).text
        run_due(sessions, dealership.now, surroundings=surroundings)
        page = browser.get(tested).text
        told = ("418", "only an answer from 200 to 299", "&lt;b&gt;tea&lt;/b&gt;", "Test event")
        assert all(text in page for text in told)
        assert "failing" in browser.get("/admin/webhooks").text
        receiver.status = 200
        assert browser.post(f"{tested}/again").status_code == 303
        run_due(sessions, dealership.now + timedelta(hours=1), surroundings=surroundings)
        deliveries = browser.get(f"{place}/deliveries").text
        assert (">418<" in deliveries, ">200<" in deliveries) == (False, True)  # ids have such digits as well
        for since in ("yesterday", "0001-01-01T00:00"):
            wrong = browser.post(f"{place}/deliveries/again", {"since": since, "until": since})
            assert (wrong.status_code, "Give a day and a time." in wrong.text) == (422, True)
        times = {"since": "2020-01-01T00:00", "until": "2100-01-01T00:00"}
        assert browser.post(f"{place}/deliveries/again", times).status_code == 303
        assert "1 event is sent again." in browser.get(f"{place}/deliveries").text
        second = browser.post(f"{place}/secret", {"is_old_kept": "yes"})
        shown = re.search(SECRET, second.text)
        assert first
        assert shown
        assert first[0] != shown[0]
        page = browser.get(place).text
        assert ("signs as well until" in page, shown[0] in page) == (True, False)
        paused = {**_form(receiver), "name": "Paused"}
        assert browser.post(place, paused).status_code == 303
        assert "paused" in browser.get("/admin/webhooks").text
    assert browser.post("/admin/webhooks", _form(receiver, site_id=ELSEWHERE)).status_code == 403
