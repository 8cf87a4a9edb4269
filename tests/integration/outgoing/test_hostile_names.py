"""W50: whatever a diagram calls its steps, a mail about them has its own headers and nobody else's."""

import re

from sqlalchemy.orm import Session, sessionmaker

from app.models import NotificationPreference, User
from app.operations.actor import SYSTEM
from app.operations.deployments import deploy
from app.operations.process_instances import start_process
from app.operations.surroundings import Surroundings
from app.worker import run_due
from tests.integration.mail_receiver import mail_receiver
from tests.integration.operations.dealership import NOW, Dealership, resources

NAME = "bidi_crlf_names"
HEADERS = {
    "From", "To", "Subject", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language",
    "MIME-Version", "Content-Type",
}  # fmt: skip
NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def test_w50_names_of_a_diagram_stay_in_one_header_line(
    dealership: Dealership, session: Session, sessions: sessionmaker[Session]
) -> None:
    session.get_one(User, "bea").email = "bea@shop.example"
    session.add(NotificationPreference(user_id="bea", kind="assigned", on_page=True, mail="at_once"))
    deploy(session, resources(f"{NAME}.bpmn"), name=NAME, reason="r", actor=SYSTEM, now=NOW)
    start_process(session, NAME, {}, site_id="main", actor=SYSTEM, now=NOW)
    session.commit()
    with mail_receiver() as receiver:
        surroundings = Surroundings(mail=receiver.server(), public_url="https://care.example")
        for _ in range(3):
            run_due(sessions, NOW, surroundings=surroundings)
    assert len(receiver.received) == 3
    for to, mail in receiver.received:
        assert to == "bea@shop.example"
        assert set(mail.keys()) == HEADERS
        assert len(mail.keys()) == len(HEADERS)
        assert not NOT_IN_A_LINE.search(str(mail["Subject"]))
