"""`aftercare replay`: a case of a real database file, the same and then tampered with."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from app.cli.frame import open_sessions, settings
from app.database import writing
from app.models import Variable
from app.models.prepared import table_of
from app.operations.actor import SYSTEM
from app.operations.deployments import deploy
from app.operations.process_instances import start_process
from tests.integration.cli.commands import run

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
RESOURCES = Path(__file__).parents[2] / "resources"


@pytest.fixture
def sessions(site: Path) -> sessionmaker[Session]:
    del site
    return open_sessions(settings())


@pytest.fixture
def case_number(sessions: sessionmaker[Session]) -> str:
    with writing(5), sessions() as session:
        files = {"p.bpmn": (RESOURCES / "parallel_gateways.bpmn").read_bytes()}
        deploy(session, files, name="p", reason="r", actor=SYSTEM, now=NOW)
        case = start_process(session, "p", {"word": "hello"}, site_id="hq", actor=SYSTEM, now=NOW)
        session.commit()
        return case.case_number


def test_a_case_comes_to_where_it_is(case_number: str) -> None:
    answer = run("replay", case_number)
    assert answer.exit_code == 0, answer.output
    assert f"Case {case_number}: 1 steps played again." in answer.output
    assert "The replay comes to the same path, variables and state." in answer.output


def test_a_difference_is_named_and_fails(case_number: str, sessions: sessionmaker[Session]) -> None:
    with writing(5), sessions() as session:
        session.execute(update(table_of(Variable)).values(value='"bye"'))
        session.commit()
    answer = run("replay", case_number)
    assert answer.exit_code == 1
    assert 'word is stored as "bye", the replay has "hello".' in answer.stderr


def test_an_unknown_case_is_one_clear_line(sessions: sessionmaker[Session]) -> None:
    del sessions
    answer = run("replay", "no-such-case")
    assert answer.exit_code == 1
    assert answer.stderr.startswith("Error: This case does not exist")
