"""One case through /engine-rest, by a program with a token: 1 start, 5 claims, 5 completions."""

import json
import statistics
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any

from app.database import writing
from app.operations.api_tokens import SCOPES, NewToken, create_api_token
from benchmarks.browser import HOST, TIMEOUT_SECONDS, UnexpectedAnswer
from benchmarks.http_case import PROCESS, STEPS
from benchmarks.measuring import MILLISECONDS
from benchmarks.sample_site import ADVISOR, PERSON, SampleSite, sample_site
from benchmarks.server import Server, running_server

NOTE = "The customer likes the quick repair. " * 4
ANSWERS = {
    "score": {"value": 72, "type": "Integer"},
    "kind": {"value": "repair", "type": "String"},
    "note": {"value": NOTE.strip(), "type": "String"},
}


@dataclass(frozen=True)
class Size:
    """How many cases count, and how many go before to warm up."""

    cases: int
    warm_up: int


FULL = Size(cases=40, warm_up=5)
SMALLEST = Size(cases=2, warm_up=0)


@dataclass
class Case:
    """Seconds of server CPU of the requests of one case, by kind."""

    start: list[float] = field(default_factory=list)
    claim: list[float] = field(default_factory=list)
    complete: list[float] = field(default_factory=list)
    query: list[float] = field(default_factory=list)

    @property
    def posts(self) -> float:
        return sum(self.start) + sum(self.claim) + sum(self.complete)


def run(size: Size = FULL) -> dict[str, float]:
    """Milliseconds of server CPU: all processes of the server, medians over the cases."""
    with sample_site("five_steps.bpmn", "step.form") as site:
        token = _token(site)
        with running_server(site.environment) as server, closing(_connection(server)) as connection:
            program = Program(connection, server, token)
            for _ in range(size.warm_up):
                program.go_through_a_case()
            cases = [program.go_through_a_case() for _ in range(size.cases)]
    return {
        "rest.case.server_cpu_ms": _median_ms(cases, lambda case: case.posts),
        "rest.case.start_cpu_ms": _median_ms(cases, lambda case: statistics.fmean(case.start)),
        "rest.case.claim_cpu_ms": _median_ms(cases, lambda case: statistics.fmean(case.claim)),
        "rest.case.complete_cpu_ms": _median_ms(cases, lambda case: statistics.fmean(case.complete)),
        "rest.case.query_cpu_ms": _median_ms(cases, lambda case: statistics.fmean(case.query)),
    }


def _median_ms(cases: list[Case], seconds: Callable[[Case], float]) -> float:
    return statistics.median(seconds(case) for case in cases) * MILLISECONDS


def _token(site: SampleSite) -> str:
    wanted = NewToken("benchmark", [scope for scope, _text in SCOPES], 30)
    with writing(), site.sessions.begin() as session:
        return create_api_token(session, wanted, actor=ADVISOR, now=datetime.now(UTC))


def _connection(server: Server) -> HTTPConnection:
    return HTTPConnection(HOST, server.port, timeout=TIMEOUT_SECONDS)


class Program:
    """Works through cases, with an eye on the server's CPU clock."""

    def __init__(self, connection: HTTPConnection, server: Server, token: str) -> None:
        self._connection = connection
        self._server = server
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def go_through_a_case(self) -> Case:
        """Start a case and do its user tasks; raises UnexpectedAnswer where it goes another way."""
        case = Case()
        answers = {"variables": ANSWERS}
        case_id = self._ask(case.start, "POST", f"/process-definition/key/{PROCESS}/start", answers)["id"]
        for _ in range(STEPS):
            (found,) = self._ask(case.query, "GET", f"/task?processInstanceId={case_id}")
            self._ask(case.claim, "POST", f"/task/{found['id']}/claim", {"userId": PERSON})
            self._ask(case.complete, "POST", f"/task/{found['id']}/complete", answers)
        if self._ask([], "GET", f"/task?processInstanceId={case_id}"):
            raise UnexpectedAnswer("the case goes on after its last step")
        return case

    def _ask(self, samples: list[float], method: str, path: str, body: object = None) -> Any:
        before = self._server.cpu_seconds()
        content = None if body is None else json.dumps(body)
        self._connection.request(method, f"/engine-rest{path}", content, self._headers)
        answer = self._connection.getresponse()
        found = answer.read()
        samples.append(self._server.cpu_seconds() - before)
        if answer.status not in (200, 204):
            raise UnexpectedAnswer(f"{method} {path} was answered with {answer.status}: {found[:500].decode()}")
        return json.loads(found) if found else None
