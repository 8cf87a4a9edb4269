"""R4: the answer never arrives, and the person sends the same again: one effect each."""

import contextlib
import re
import socket
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import HistoryEvent, ProcessInstance
from app.operations.actor import SYSTEM
from app.operations.deployments import deploy
from benchmarks.server import Server
from tests.integration.operations.dealership import Dealership, resources
from tests.integration.reliability.people_at_work import CHANGED, DONE
from tests.integration.reliability.product import HOST, Person, Place
from tests.integration.reliability.scale import scaled


def send_and_hang_up(server: Server, person: Person, path: str, fields: dict[str, str]) -> None:
    """The whole request, and nobody there to read what comes back."""
    body = urlencode({**person.form_fields, **fields}).encode()
    headers = {
        "Host": f"{HOST}:{server.port}", "Origin": f"http://{HOST}:{server.port}", "Cookie": person.cookies,
        "Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body)), "Connection": "close",
    }  # fmt: skip
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    with contextlib.closing(socket.create_connection((HOST, server.port))) as connection:
        connection.sendall("\r\n".join(lines).encode() + body)


def test_r4_lost_answers_and_retries_have_one_effect_each(
    place: Place, server: Server, sign_in: Callable[[str], Person], dealership: Dealership, session: Session
) -> None:
    deploy(session, resources("initiator.bpmn"), name="r4", reason="drill", actor=SYSTEM, now=datetime.now(UTC))
    session.commit()
    person, cases = sign_in("ada"), scaled(15, 500)
    person.open_page()
    for _ in range(cases):
        offered = re.search(r'name="offered_id" value="([0-9a-f]{32})"', person.open_page("/start/initiator").text)
        assert offered is not None
        fields = {"offered_id": offered[1], "site_id": "main"}
        send_and_hang_up(server, person, "/start/initiator", fields)
        started = person.send("/start/initiator", **fields)
        assert started.status == DONE, started.text
        completion = f"{started.headers['Location'].partition('?')[0]}/complete"
        send_and_hang_up(server, person, completion, {})
        assert person.send(completion).status in (DONE, CHANGED)
    query = select(ProcessInstance.state).where(ProcessInstance.process_key == "initiator")
    assert place.ask(lambda reader: Counter(reader.scalars(query))) == {"completed": cases}
    for kind in ("process_started", "user_task_completed", "process_ended"):
        events = select(HistoryEvent.instance_id).where(HistoryEvent.type == kind)
        told = place.ask(lambda reader, asked=events: Counter(reader.scalars(asked)))
        assert (len(told), set(told.values())) == (cases, {1}), kind
