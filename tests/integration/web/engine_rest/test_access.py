"""Who is let in under /engine-rest, and how refusals look."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from app.config import Config
from app.web.rate_limits import EXTENSION, Limit, RateLimits
from tests.integration.web.browser import PASSWORD, signed_in
from tests.integration.web.conftest import SQLITE_ONLY, SteppedClock
from tests.integration.web.dealership import Dealership
from tests.integration.web.engine_rest.program import Program, bearer, make_token

pytestmark = SQLITE_ONLY


def basic(user_id: str, password: str = PASSWORD) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user_id}:{password}".encode()).decode()}


def test_a_cookie_lets_nobody_in(app: Flask, dealership: Dealership) -> None:
    browser = signed_in(app, "cr_advisor")
    answer = browser.get("/engine-rest/task")
    assert answer.status_code == 401
    assert answer.get_json()["type"] == "AuthenticationException"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert Program(app, basic("cr_advisor")).send("GET", "/task").status_code == 401  # not switched on


def test_w63_scopes_bound_what_a_token_may_do(app: Flask, dealership: Dealership) -> None:
    program = Program(app, bearer(make_token(app, "process_owner", ("read",))))
    assert program.get("/task/count")["count"] == 1
    path = f"/process-instance/{dealership.instance_id}"
    refused = program.done("DELETE", path, status=403)
    assert refused["type"] == "AuthorizationException"
    assert program.get(path)["ended"] is False
    token = make_token(app, "cr_advisor", ("work",))
    assert Program(app, {}).send("GET", f"/task?access_token={token}").status_code == 401


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"userId": "a", "userId": "b"}', "application/json", 400),
        (b'{"userId": NaN}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"a":' * 70 + b"1" + b"}" * 70, "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"userId": 7}', "application/json", 400),
        (b"userId=a", "application/x-www-form-urlencoded", 415),
        (b"x" * (3 * 1024 * 1024), "application/json", 413),
    ],
)
def test_w40_bodies_are_read_strictly(
    program_of: Callable[[str], Program], dealership: Dealership, content: bytes, kind: str, status: int
) -> None:
    path = f"/task/{dealership.user_task_id}/claim"
    answer = program_of("cr_advisor").send("POST", path, data=content, headers={"Content-Type": kind})
    assert answer.status_code == status, answer.text
    assert set(answer.get_json()) == {"type", "message", "code"}


def test_w51_a_program_that_asks_too_often_is_told_when_to_come_back(
    app: Flask, program_of: Callable[[str], Program]
) -> None:
    program = program_of("cr_advisor")
    app.extensions[EXTENSION] = RateLimits({"engine_rest": Limit(at_once=2, a_minute=6)})
    assert [program.send("GET", "/version").status_code for _ in range(3)] == [200, 200, 429]
    assert int(program.send("GET", "/version").headers["Retry-After"]) <= 10


class TestBasic:
    @pytest.fixture
    def config(self, config: Config) -> Config:
        return replace(config, basic_auth=True)

    def test_name_and_password_where_switched_on(
        self, app: Flask, dealership: Dealership, session_clock: SteppedClock
    ) -> None:
        program = Program(app, basic("cr_advisor"))
        assert program.get("/task/count")["count"] == 1
        assert program.get("/task/count")["count"] == 1  # proved a moment ago
        session_clock.ahead = timedelta(minutes=6)
        assert program.get("/task/count")["count"] == 1  # proved anew
        for headers in (basic("cr_advisor", "wrong"), basic("nobody"), {"Authorization": "Basic !"}):
            answer = Program(app, headers).send("GET", "/task")
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"].startswith("Basic")
        assert Program(app, basic("cr_advisor")).get("/engine") == [{"name": "default"}]
        wrong = Program(app, basic("service_manager", "guess"))
        assert [wrong.send("GET", "/task").status_code for _ in range(6)][-1] == 429


def test_addresses_as_other_clients_write_them(
    program_of: Callable[[str], Program], dealership: Dealership, app: Flask
) -> None:
    program, instance = program_of("process_owner"), str(UUID(dealership.instance_id))
    assert program.get(f"//process-instance/{instance}/")["id"] == dealership.instance_id
    assert program.get("/engine/default/process-instance/count", processInstanceIds=instance) == {"count": 1}
    asked = {"processInstanceIds": [instance], "businessKey": None}
    assert program.done("POST", "/process-instance/count", asked, 200) == {"count": 1}
    assert program.done("GET", "", status=404)["type"] == "InvalidRequestException"
    assert "Authorization: Bearer" in Program(app, {}).done("GET", "/task", status=401)["message"]
    assert program.send("PATCH", "/task").status_code == 405
