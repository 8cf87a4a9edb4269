"""Letters and SMS to customers whom nobody reached: sent where there is a way, kept where there is none."""

from collections.abc import Mapping

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.errors import Conflict, InvalidInput, NotFound
from app.models import Membership, OutgoingMessage
from app.operations.actor import Actor
from app.operations.customer_letters import note_posted
from app.operations.operation_call import OperationCall
from app.operations.operation_connectors import BY_NAME
from app.operations.outbox import MessageCannotBeSentAgain, send_again
from app.operations.surroundings import Surroundings
from app.worker import run_due
from tests.integration.operations.dealership import CUSTOMER, NOW, Dealership, later
from tests.integration.webhook_receiver import guard_for, webhook_receiver

TEXT = "多次致电未能联系到您，欢迎回电。"


def write(dealership: Dealership, **inputs: str) -> OutgoingMessage:
    """As the service task of the follow-up does; the result names the message."""
    session, case = dealership.session, dealership.start()
    wanted: Mapping[str, object] = {"customer_id": CUSTOMER, "text": TEXT, **inputs}
    result = BY_NAME["write-to-customer"].run(OperationCall(session, case, wanted, Actor("ada"), NOW))
    message = session.get_one(OutgoingMessage, result["message_id"])
    session.commit()
    return message


def test_an_sms_goes_to_the_gateway_once(dealership: Dealership, sessions: sessionmaker[Session]) -> None:
    message = write(dealership, way="sms")
    assert (message.channel, message.recipient, message.site_id) == ("sms", "10012345678", "main")
    with webhook_receiver() as receiver:
        surroundings = Surroundings({"sms": receiver.address}, guard=guard_for(receiver))
        assert run_due(sessions, NOW, surroundings=surroundings) == 1
        run_due(sessions, later(minutes=1), surroundings=surroundings)
    assert receiver.received == [(message.id, {"id": message.id, "to": "10012345678", "text": TEXT})]
    dealership.session.expire_all()
    assert message.state == "sent"


def test_without_a_gateway_an_sms_stays_in_the_outbox(dealership: Dealership, sessions: sessionmaker[Session]) -> None:
    message = write(dealership, way="sms")
    run_due(sessions, NOW)
    dealership.session.expire_all()
    assert message.state == "held"


def test_a_letter_goes_by_mail_where_there_is_an_address(dealership: Dealership) -> None:
    message = write(dealership, way="letter", email="wang@customers.example")
    assert (message.channel, message.recipient, message.state) == ("mail", "wang@customers.example", "waiting")


def test_a_letter_without_an_address_waits_to_be_posted_by_who_may(dealership: Dealership) -> None:
    session, message = dealership.session, write(dealership, way="letter")
    assert (message.channel, message.recipient, message.state) == ("letter", "王小明", "held")
    session.add(Membership(user_id="ada", group_id="admin", site_id="main"))
    session.flush()
    with pytest.raises(MessageCannotBeSentAgain):
        send_again(session, message.id, actor=Actor("ada"), now=NOW)
    for stranger in ("far", "eve"):  # of another site; an auditor
        with pytest.raises(NotFound):
            note_posted(session, message.id, actor=Actor(stranger), now=NOW)
    note_posted(session, message.id, actor=Actor("ada"), now=later(hours=1))
    assert (message.state, message.sent_at) == ("sent", later(hours=1))
    with pytest.raises(Conflict):
        note_posted(session, message.id, actor=Actor("ada"), now=later(hours=2))


def test_what_cannot_be_written_is_refused(dealership: Dealership) -> None:
    with pytest.raises(InvalidInput):
        write(dealership, way="telegram")
    with pytest.raises(NotFound):
        write(dealership, way="sms", customer_id="nobody")
    assert dealership.session.scalars(select(OutgoingMessage)).all() == []
