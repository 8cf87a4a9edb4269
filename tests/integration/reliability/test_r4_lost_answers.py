"""R4: the answer never arrives, and the person sends the same again: one effect each."""

import contextlib
import http.client
import json
import re
import socket
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.identifiers import new_id
from app.models import Comment, HistoryEvent, ProcessInstance
from app.operations.actor import SYSTEM, Actor
from app.operations.api_tokens import NewToken, create_api_token
from app.operations.deployments import deploy
from benchmarks.server import Server
from tests.integration.operations.dealership import Dealership, resources
from tests.integration.reliability.people_at_work import CHANGED, DONE
from tests.integration.reliability.product import HOST, Person, Place
from tests.integration.reliability.scale import scaled


def send_and_hang_up(server: Server, path: str, body: bytes, more: dict[str, str]) -> None:
    """The whole request, and nobody there to read what comes back."""
    headers = {
        "Host": f"{HOST}:{server.port}", "Content-Length": str(len(body)), "Connection": "close", **more,
    }  # fmt: skip
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    with contextlib.closing(socket.create_connection((HOST, server.port))) as connection:
        connection.sendall("\r\n".join(lines).encode() + body)


def press_and_hang_up(server: Server, person: Person, path: str, fields: dict[str, str]) -> None:
    body = urlencode({**person.form_fields, **fields}).encode()
    origin, kind = f"http://{HOST}:{server.port}", "application/x-www-form-urlencoded"
    send_and_hang_up(server, path, body, {"Origin": origin, "Cookie": person.cookies, "Content-Type": kind})


class Program:
    """Sends each change with a key of its own: once without hearing the answer, then until it is done."""

    def __init__(self, server: Server, token: str) -> None:
        self._server = server
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def change(self, path: str, body: dict[str, object]) -> Any:
        content = json.dumps(body).encode()
        headers = {**self._headers, "Idempotency-Key": new_id()}
        send_and_hang_up(self._server, path, content, headers)
        while (answer := self._ask("POST", path, content, headers))[0] == 409:  # it is being done
            time.sleep(0.01)
        assert answer[0] in (200, 204), answer
        return answer[1]

    def read(self, path: str) -> Any:
        return self._ask("GET", path, b"", self._headers)[1]

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(HOST, self._server.port, timeout=30)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
        return answer.status, json.loads(text) if text else None


def work_through_rest(server: Server, tokens: Sequence[str], cases: int) -> None:
    """Programs take turns, so that none of them is told to wait: a request that is refused drills nothing."""
    programs = [Program(server, token) for token in tokens]
    for _number, program in zip(range(cases), cycle(programs), strict=False):
        started = program.change("/engine-rest/process-definition/key/initiator/tenant-id/main/start", {})
        (user_task,) = program.read(f"/engine-rest/task?processInstanceId={started['id']}")
        path = f"/engine-rest/task/{user_task['id']}"
        program.change(f"{path}/comment/create", {"message": "once"})
        program.change(f"{path}/complete", {})


def test_r4_lost_answers_and_retries_have_one_effect_each(
    place: Place, server: Server, sign_in: Callable[[str], Person], dealership: Dealership, session: Session
) -> None:
    deploy(session, resources("initiator.bpmn"), name="r4", reason="drill", actor=SYSTEM, now=datetime.now(UTC))
    wanted = NewToken("dealer system", ("read", "start", "work"), 30)
    tokens = [create_api_token(session, wanted, actor=Actor("ada"), now=datetime.now(UTC)) for _ in range(4)]
    session.commit()
    person, cases = sign_in("ada"), scaled(15, 500)
    person.open_page()
    for _ in range(cases):
        offered = re.search(r'name="offered_id" value="([0-9a-f]{32})"', person.open_page("/start/initiator").text)
        assert offered is not None
        fields = {"offered_id": offered[1], "site_id": "main"}
        press_and_hang_up(server, person, "/start/initiator", fields)
        started = person.send("/start/initiator", **fields)
        assert started.status == DONE, started.text
        completion = f"{started.headers['Location'].partition('?')[0]}/complete"
        press_and_hang_up(server, person, completion, {})
        assert person.send(completion).status in (DONE, CHANGED)
    work_through_rest(server, tokens, cases)
    assert place.ask(lambda reader: reader.scalar(select(func.count()).select_from(Comment))) == cases
    query = select(ProcessInstance.state).where(ProcessInstance.process_key == "initiator")
    assert place.ask(lambda reader: Counter(reader.scalars(query))) == {"completed": 2 * cases}
    for kind in ("process_started", "user_task_completed", "process_ended"):
        events = select(HistoryEvent.instance_id).where(HistoryEvent.type == kind)
        told = place.ask(lambda reader, asked=events: Counter(reader.scalars(asked)))
        assert (len(told), set(told.values())) == (2 * cases, {1}), kind
