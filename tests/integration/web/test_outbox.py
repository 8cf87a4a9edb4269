"""The outbox of administrators: what they see, what they may send again, holding everything back."""

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import OutgoingMessage
from app.operations.outbox import MESSAGES_KEPT, forget_old_messages
from app.operations.outgoing import MailOptions, enqueue_mail, note_outcome
from app.operations.surroundings import Surroundings
from app.worker import run_due
from tests.integration.mail_receiver import mail_receiver
from tests.integration.web.browser import signed_in
from tests.integration.web.dealership import ELSEWHERE, HERE
from tests.integration.web.filling import CHIEF, STRANGER

Sessions = sessionmaker[Session]
NOW = datetime.now(UTC)


def _write(
    sessions: Sessions,
    subject: str,
    state: str = "waiting",
    site_id: str | None = HERE,
    *,
    is_confidential: bool = False,
) -> str:
    with writing(), sessions() as session:
        message_id = enqueue_mail(
            session, to="lin@shop.example", subject=subject, text="<b>text</b> of the mail", now=NOW, site_id=site_id,
            options=MailOptions(is_confidential=is_confidential),
        )  # fmt: skip
        note_outcome(session, message_id, state, now=NOW)  # type: ignore[arg-type]
        session.commit()
    return message_id


def test_administrators_see_what_left_and_what_waits(app: Flask, people: None, sessions: Sessions) -> None:
    message_id = _write(sessions, "A first mail", "held")
    _write(sessions, "A second mail", "sent")
    browser = signed_in(app, "admin")
    page = browser.get("/admin/outbox").text
    assert "A first mail" in page
    assert "No mail server is set" in page
    filtered = browser.get("/admin/outbox?state=sent&channel=mail").text
    assert "A first mail" not in filtered
    assert "A second mail" in filtered
    shown = browser.get(f"/admin/outbox/{message_id}").text
    assert "&lt;b&gt;text&lt;/b&gt; of the mail" in shown  # W32


def test_w50_what_lets_somebody_in_is_shown_to_nobody(app: Flask, people: None, sessions: Sessions) -> None:
    message_id = _write(sessions, "A way in", is_confidential=True)
    assert "of the mail" not in signed_in(app, "admin").get(f"/admin/outbox/{message_id}").text


def test_w01_messages_of_other_sites_are_not_there(app: Flask, people: None, sessions: Sessions) -> None:
    message_id = _write(sessions, "Of the main house", "failed")
    other = signed_in(app, STRANGER)
    assert "Of the main house" not in other.get("/admin/outbox").text
    assert other.get(f"/admin/outbox/{message_id}").status_code == 404
    assert other.post(f"/admin/outbox/{message_id}/retry").status_code == 404


def test_held_mail_is_sent_once_there_is_a_server(app: Flask, people: None, sessions: Sessions) -> None:
    message_id = _write(sessions, "Held back")
    _write(sessions, "Of the outlet", site_id=ELSEWHERE)
    run_due(sessions, NOW)
    browser = signed_in(app, "admin")
    assert browser.post("/admin/outbox/retry-held").status_code == 303
    with mail_receiver() as receiver:
        run_due(sessions, datetime.now(UTC), surroundings=Surroundings(mail=receiver.server()))
    assert receiver.subjects() == ["Held back"]
    assert browser.post(f"/admin/outbox/{message_id}/retry").status_code == 409  # it has left


def test_w62_holding_back_asks_for_a_reason_and_the_whole_company(app: Flask, people: None, sessions: Sessions) -> None:
    _write(sessions, "Waits")
    assert signed_in(app, "admin").post("/admin/outbox/switch", {"outgoing": "off"}).status_code == 403
    chief = signed_in(app, CHIEF)
    assert chief.post("/admin/outbox/switch", {"outgoing": "off", "reason": " "}).status_code == 422
    answer = chief.post("/admin/outbox/switch", {"outgoing": "off", "reason": "a copy for training"})
    assert answer.status_code == 303
    assert "a copy for training" in chief.get("/admin/outbox").text
    with mail_receiver() as receiver:
        assert run_due(sessions, datetime.now(UTC), surroundings=Surroundings(mail=receiver.server())) == 0
        chief.post("/admin/outbox/switch", {"outgoing": "on", "reason": "go"})
        assert run_due(sessions, datetime.now(UTC), surroundings=Surroundings(mail=receiver.server())) == 1


def test_messages_are_forgotten_when_nobody_asks_any_more(sessions: Sessions, people: None) -> None:
    sent, waits = _write(sessions, "Sent", "sent"), _write(sessions, "Waits")
    with writing(), sessions() as session:
        assert forget_old_messages(session, NOW + MESSAGES_KEPT) == 0
        assert forget_old_messages(session, NOW + MESSAGES_KEPT * 2) == 1
        assert session.get(OutgoingMessage, sent) is None
        assert session.get(OutgoingMessage, waits) is not None
