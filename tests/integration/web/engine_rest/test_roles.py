"""Every address for programs × role, with the rows of routes.csv; each is asked once, for all there is to see of it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.extensions import db
from tests.integration.web.all_routes import (
    ANONYMOUS,
    COLUMNS,
    COMPANY_WIDE,
    MAY_LOG_A_LOOK,
    PROGRAMS,
    WRITES,
    expected_rows,
    path_of,
    routes,
)
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import MARKER, Dealership
from tests.integration.web.engine_rest.program import Program, bearer, make_token
from tests.integration.web.filling import STRANGER


@pytest.fixture
def programs(app: Flask, dealership: Dealership, monkeypatch: pytest.MonkeyPatch) -> dict[str, Program]:
    """A program per role. From then on nothing is committed, so that every request meets the same case."""
    made = {name: Program(app, {} if name == ANONYMOUS else bearer(make_token(app, name))) for name in COLUMNS}
    monkeypatch.setattr(db.session, "commit", db.session.flush)
    return made


def ask(program: Program, rule: Rule, method: str, dealership: Dealership) -> TestResponse:
    path = path_of(rule, dealership).removeprefix(PROGRAMS)
    return program.send(method, path, {} if method in ("POST", "PUT") else None)


def is_refused(answer: TestResponse) -> bool:
    """The interface of Camunda 7 says so as well where what an address names is not there."""
    return answer.status_code in (403, 404) or (
        answer.status_code == 500 and answer.get_json()["type"] == "NullValueException"
    )


def faults(rule: Rule, method: str, name: str, answer: TestResponse, dealership: Dealership) -> Iterator[str]:
    if name == "auditor" and method != "GET" and answer.status_code != 403:
        yield "auditors change nothing"
    if name == STRANGER and rule.arguments - COMPANY_WIDE and not is_refused(answer):
        yield "is not out of reach"
    if name in (STRANGER, "admin") and (MARKER in answer.text or dealership.instance_id in answer.text):
        yield "tells of a case that is none of theirs"


@SQLITE_ONLY
def test_w01_w04_w15_every_role_gets_the_expected_answer(
    app: Flask, programs: dict[str, Program], dealership: Dealership, main_engine: Engine
) -> None:
    expected = {(row["rule"], row["method"]): row for row in expected_rows()}
    wrong: list[str] = []
    writes: list[str] = []

    def watch(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if WRITES.match(statement) and not MAY_LOG_A_LOOK.match(statement):
            writes.append(statement)

    event.listen(main_engine, "before_cursor_execute", watch)
    for rule, method in routes(app):
        if not rule.rule.startswith(PROGRAMS):
            continue
        row = expected[rule.rule, method]
        for name, program in programs.items():
            writes.clear()
            answer = ask(program, rule, method, dealership)
            found = [*faults(rule, method, name, answer, dealership)]
            if str(answer.status_code) != row[name]:
                found.append(f"{answer.status_code} instead of {row[name]}")
            if method == "GET" and writes:
                found.append(f"writes {writes[0]}")
            wrong += [f"{method} {rule.rule} as {name}: {fault}" for fault in found]
    event.remove(main_engine, "before_cursor_execute", watch)
    assert not wrong, "\n".join(wrong)
