from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.errors import NotAllowed
from app.models import Incident, Job, Message, ProcessInstance, Variable
from app.operations.actor import SYSTEM, Actor
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.messages import MessageAmbiguous, MessageNotCorrelated, correlate_message, deliver_message
from app.operations.process_instances import start_process
from app.operations.record_messages import KEPT_FOR
from app.worker import run_due
from tests.integration.operations.dealership import CUSTOMER, NOW, Dealership, later

pytestmark = pytest.mark.usefixtures("every_case_replays")

Sessions = sessionmaker[Session]
PROGRAM = Actor("shop-system", kind="program")


def _send(dealership: Dealership) -> str:
    case = dealership.start()
    dealership.complete(case, "check", "ada", verdict="send", note="hello")
    dealership.session.commit()
    return case.id


def _listen(session: Session, order: str, business_key: str | None = None) -> str:
    return start_process(
        session, "listener", {"order": order}, site_id="main", business_key=business_key, actor=SYSTEM, now=NOW
    ).id


def _tell(session: Session, order: str, word: str = "now") -> str:
    return start_process(
        session, "teller", {"order": order, "word": word}, site_id="main", actor=SYSTEM, now=NOW
    ).id


def _states(session: Session) -> dict[str, str]:
    session.rollback()
    return dict(session.execute(select(ProcessInstance.id, ProcessInstance.state)).all())


def test_message_starts_a_case_once(session: Session, sessions: Sessions, dealership: Dealership) -> None:
    sender = _send(dealership)
    assert run_due(sessions, NOW) == 1
    assert run_due(sessions, NOW) == 0
    session.rollback()
    started = session.scalars(select(ProcessInstance).where(ProcessInstance.process_key == "answer")).one()
    assert (started.origin_id, started.customer_id, started.started_by) == (sender, CUSTOMER, "ada")
    message = session.scalars(select(Message)).one()
    assert (message.state, message.receiver_instance_id) == ("delivered", started.id)
    begun = read_events(session, case_stream(started.id))[0]
    assert begun.body["message"] == {"id": message.id, "name": "inquiry_sent"}
    assert (begun.actor_id, begun.on_behalf_of_id) == ("system", "ada")


def test_delivering_again_does_nothing(session: Session, sessions: Sessions, dealership: Dealership) -> None:
    _send(dealership)
    run_due(sessions, NOW)
    message_id = session.scalars(select(Message.id)).one()
    assert deliver_message(session, message_id, now=NOW).is_done
    assert len(session.scalars(select(ProcessInstance.id)).all()) == 2


def test_message_goes_to_the_case_that_waits_for_its_key(
    session: Session, sessions: Sessions, dealership: Dealership
) -> None:
    one, two = _listen(session, "1"), _listen(session, "2")
    _tell(session, "2", "run")
    session.commit()
    run_due(sessions, NOW)
    words = session.execute(select(Variable.instance_id, Variable.value).where(Variable.name == "word"))
    assert (two, '"run"') in [tuple(row) for row in words]
    assert dealership.session.scalars(select(ProcessInstance.state).where(ProcessInstance.id == one)).one() == "active"
    received = [event for event in read_events(session, case_stream(two)) if event.type == "message_received"]
    assert [event.body["inputs"] for event in received] == [{"word": "run"}]


def test_message_waits_for_somebody_to_wait_for_it(
    session: Session, sessions: Sessions, dealership: Dealership
) -> None:
    _tell(session, "3")
    session.commit()
    assert run_due(sessions, NOW) == 1
    session.rollback()
    assert session.scalars(select(Message.state)).all() == ["waiting"]
    listener = _listen(session, "3")
    session.commit()
    assert run_due(sessions, NOW) == 1
    session.rollback()
    assert session.scalars(select(Message.receiver_instance_id)).all() == [listener]


def test_message_for_nobody_expires_with_an_incident(
    session: Session, sessions: Sessions, dealership: Dealership
) -> None:
    teller = _tell(session, "4")
    session.commit()
    run_due(sessions, NOW)
    run_due(sessions, NOW + KEPT_FOR - timedelta(seconds=1))
    run_due(sessions, NOW + KEPT_FOR)
    session.rollback()
    assert session.scalars(select(Message.state)).all() == ["expired"]
    incident = session.scalars(select(Incident)).one()
    assert (incident.instance_id, incident.kind, incident.element_id) == (teller, "message_expired", "tell")
    assert _states(session)[teller] == "completed"


def test_several_who_wait_for_the_same_are_an_incident(
    session: Session, sessions: Sessions, dealership: Dealership
) -> None:
    _listen(session, "5")
    _listen(session, "5")
    _tell(session, "5")
    session.commit()
    for hours in range(20):
        run_due(sessions, later(hours=hours))
    session.rollback()
    assert session.scalars(select(Incident.kind)).all() == ["job_failed"]
    assert session.scalars(select(Job.state).where(Job.kind == "message")).all() == ["dead"]


def test_message_of_the_api_must_match(session: Session, dealership: Dealership) -> None:
    with pytest.raises(MessageNotCorrelated, match="go"):
        correlate_message(session, "go", {}, site_id="main", correlation_key="1", actor=PROGRAM, now=NOW)
    listener = _listen(session, "1")
    with pytest.raises(MessageNotCorrelated):
        correlate_message(session, "go", {}, site_id="outlet", correlation_key="1", actor=PROGRAM, now=NOW)
    with pytest.raises(NotAllowed):
        correlate_message(session, "go", {}, site_id="main", correlation_key="1", actor=Actor("ada"), now=NOW)
    receiver = correlate_message(session, "go", {}, site_id="main", correlation_key="1", actor=PROGRAM, now=NOW)
    assert receiver == listener
    assert "after" in dealership.open_user_tasks_of(listener)


def test_message_of_the_api_starts_a_case(session: Session, dealership: Dealership) -> None:
    started = correlate_message(
        session, "inquiry_sent", {"customer_id": CUSTOMER}, site_id="main", business_key="K", actor=PROGRAM, now=NOW
    )
    row = session.get_one(ProcessInstance, started)
    assert (row.process_key, row.business_key, row.started_by) == ("answer", "K", "shop-system")


def test_ambiguous_message_of_the_api_is_refused(session: Session, dealership: Dealership) -> None:
    _listen(session, "1")
    _listen(session, "1")
    with pytest.raises(MessageAmbiguous):
        correlate_message(session, "go", {}, site_id="main", correlation_key="1", actor=PROGRAM, now=NOW)


def test_business_key_is_the_key_where_the_diagram_declares_none(session: Session, dealership: Dealership) -> None:
    patients = [
        start_process(session, "patient", {}, site_id="main", business_key=key, actor=SYSTEM, now=NOW).id
        for key in ("A", "B")
    ]
    with pytest.raises(MessageNotCorrelated):
        correlate_message(session, "ready", {}, site_id="main", actor=PROGRAM, now=NOW)
    receiver = correlate_message(session, "ready", {}, site_id="main", business_key="B", actor=PROGRAM, now=NOW)
    assert receiver == patients[1]
