"""From the business transaction to the mail server: sent once, kept where there is no server, tried again, given up."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.errors import InvalidInput
from app.models import Incident, Job, OutgoingMessage
from app.operations.actor import SYSTEM
from app.operations.outgoing import MAX_ATTEMPTS, MailOptions, enqueue_mail
from app.operations.outgoing_switch import switch_outgoing
from app.operations.surroundings import Surroundings
from app.worker import run_due
from tests.integration.mail_receiver import MailReceiver, mail_receiver
from tests.integration.operations.dealership import NOW, later

Sessions = sessionmaker[Session]


def _enqueue(session: Session, **options: object) -> str:
    message_id = enqueue_mail(
        session,
        to="lin@shop.example",
        subject="回访",
        text="你好。\n\n第二段",
        now=NOW,
        options=MailOptions(**options),  # type: ignore[arg-type]
    )
    session.commit()
    return message_id


def _surroundings(receiver: MailReceiver) -> Surroundings:
    return Surroundings(mail=receiver.server(), public_url="https://care.example")


def _message(session: Session) -> OutgoingMessage:
    session.rollback()
    session.expire_all()
    message = session.scalars(select(OutgoingMessage)).one()
    session.expunge(message)
    session.rollback()
    return message


def test_mail_is_sent_once_with_its_stable_key(session: Session, sessions: Sessions) -> None:
    message_id = _enqueue(session, link="/inbox", locale="zh_CN")
    with mail_receiver() as receiver:
        assert run_due(sessions, NOW, surroundings=_surroundings(receiver)) == 1
        assert run_due(sessions, later(hours=1), surroundings=_surroundings(receiver)) == 0
    ((to, mail),) = receiver.received
    assert to == "lin@shop.example"
    assert mail["Message-ID"] == f"<{message_id}@shop.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, html = (body.get_content() for kind in ("plain", "html") if (body := mail.get_body((kind,))))
    assert "https://care.example/inbox" in plain
    assert '<a href="https://care.example/inbox">' in html
    message = _message(session)
    assert (message.state, message.sent_at) == ("sent", NOW)


def test_without_a_mail_server_it_stays_in_the_outbox(session: Session, sessions: Sessions) -> None:
    _enqueue(session)
    assert run_due(sessions, NOW) == 1
    assert _message(session).state == "held"


def test_server_that_is_away_is_tried_again_and_given_up_without_an_incident(
    session: Session, sessions: Sessions
) -> None:
    _enqueue(session)
    with mail_receiver() as receiver:
        receiver.answer = "451 try later"
        for attempt in range(MAX_ATTEMPTS):
            assert _message(session).state == "waiting", attempt
            run_due(sessions, NOW + attempt * timedelta(hours=5), surroundings=_surroundings(receiver))
    assert _message(session).state == "failed"
    assert "451 try later" in (session.scalars(select(Job.last_error)).one() or "")
    assert session.scalars(select(Incident)).all() == []


def test_letter_the_server_refuses_for_good_is_not_sent_again(session: Session, sessions: Sessions) -> None:
    _enqueue(session)
    with mail_receiver() as receiver:
        receiver.answer = "550 no such person"
        run_due(sessions, NOW, surroundings=_surroundings(receiver))
    assert _message(session).state == "failed"


def test_text_that_lets_somebody_in_goes_once_it_is_sent(session: Session, sessions: Sessions) -> None:
    _enqueue(session, is_confidential=True, link="/reset/abc")
    with mail_receiver() as receiver:
        run_due(sessions, NOW, surroundings=_surroundings(receiver))
    message = _message(session)
    assert (message.text, message.link) == ("", None)


def test_w62_nothing_leaves_while_it_is_switched_off(session: Session, sessions: Sessions) -> None:
    _enqueue(session)
    switch_outgoing(session, is_on=False, reason="a copy", actor=SYSTEM, now=NOW)
    session.commit()
    with mail_receiver() as receiver:
        assert run_due(sessions, NOW, surroundings=_surroundings(receiver)) == 0
        assert _message(session).state == "waiting"
        session.rollback()
        switch_outgoing(session, is_on=True, reason="the real one", actor=SYSTEM, now=NOW)
        session.commit()
        assert run_due(sessions, NOW, surroundings=_surroundings(receiver)) == 1
    assert len(receiver.received) == 1


@pytest.mark.parametrize(
    "address", ["", "lin", "a@b.example,c@d.example", "a@b.example\r\nBcc: x@y.example", "a b@c.d"]
)
def test_w50_address_that_is_none_is_refused(session: Session, address: str) -> None:
    with pytest.raises(InvalidInput):
        enqueue_mail(session, to=address, subject="s", text="t", now=NOW)
