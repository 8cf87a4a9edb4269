"""`aftercare rebuild-projections`: says what differs, writes it again, and is quiet where all is well."""

from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import Variable
from app.models.prepared import table_of
from tests.integration.cli.commands import run
from tests.integration.cli.test_replay import case_number, sessions

__all__ = ["case_number", "sessions"]  # fixtures


def test_what_differs_is_said_and_written_again(case_number: str, sessions: sessionmaker[Session]) -> None:
    assert "The tables are what the history says." in run("rebuild-projections").output
    with writing(5), sessions() as session:
        session.execute(update(table_of(Variable)).values(value='"bye"'))
        session.commit()
    checked = run("rebuild-projections", case_number, "--check-only")
    assert checked.exit_code == 1
    assert "stored ('bye',), history ('hello',)" in checked.stderr
    mended = run("rebuild-projections")
    assert mended.exit_code == 0, mended.output
    assert "1 cases looked at, 1 differed." in mended.output
    assert run("rebuild-projections", "--check-only").exit_code == 0


def test_an_unknown_case_is_one_clear_line(sessions: sessionmaker[Session]) -> None:
    del sessions
    answer = run("rebuild-projections", "no-such-case")
    assert answer.exit_code == 1
    assert answer.stderr.startswith("Error: This case does not exist")
