"""`aftercare rebuild-search`: makes the index from nothing, proves it, and notices what is amiss."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import SearchCase, SearchEntry
from tests.integration.cli.commands import run
from tests.integration.cli.test_replay import case_number, sessions

__all__ = ["case_number", "sessions"]  # fixtures


def test_the_index_is_made_anew_and_proven(case_number: str, sessions: sessionmaker[Session]) -> None:
    unindexed = run("rebuild-search", "--check-only")
    assert unindexed.exit_code == 1
    assert "AMISS" in unindexed.stderr
    answer = run("rebuild-search")
    assert answer.exit_code == 0, answer.output
    assert answer.output.splitlines() == ["1 cases indexed.", "The index holds what the cases say."]
    with sessions() as session:
        assert case_number.replace("-", "").lower() in session.scalars(select(SearchCase.content)).one()
    assert run("rebuild-search", "--check-only").exit_code == 0


def test_a_lost_entry_is_noticed_and_mended(case_number: str, sessions: sessionmaker[Session]) -> None:
    del case_number
    run("rebuild-search")
    with writing(5), sessions() as session:
        session.execute(delete(SearchEntry).where(SearchEntry.piece == "hell"))
        session.commit()
    assert run("rebuild-search", "--check-only").exit_code == 1
    assert run("rebuild-search").exit_code == 0
