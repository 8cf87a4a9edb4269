"""The role that docs/postgresql-role.sql makes can do the product's work and cannot touch the past."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.database import create_engine_for, session_factory, writing
from app.operations.actor import SYSTEM
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.history_sealing import seal_history
from app.operations.history_verification import verify_history

RECIPE = Path(__file__).parents[3] / "docs" / "postgresql-role.sql"
NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def restricted(postgres_url: str) -> Iterator[Session]:
    """A session of the restricted role; the role belongs to the whole server and goes with the test."""
    owner = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.exec_driver_sql(RECIPE.read_text(encoding="utf-8"))
    url = make_url(postgres_url).set(username="aftercare_app")
    engine = create_engine_for(url.render_as_string(hide_password=False))
    with writing(1), session_factory(engine, engine)() as session:
        yield session
    engine.dispose()
    with owner.connect() as connection:
        connection.exec_driver_sql("DROP OWNED BY aftercare_app")
        connection.exec_driver_sql("DROP ROLE aftercare_app")
    owner.dispose()


def test_role_records_seals_and_verifies(restricted: Session) -> None:
    append_events(restricted, CONFIGURATION_STREAM, [Event("x_happened", {})], actor=SYSTEM, now=NOW)
    assert seal_history(restricted, NOW) == 1
    restricted.commit()
    assert verify_history(restricted).is_intact


@pytest.mark.parametrize("statement", [
    "UPDATE history_event SET type = type", "DELETE FROM history_seal", "TRUNCATE erasure", "DELETE FROM look",
    "UPDATE history_pending SET event_sequence = 1", "ALTER TABLE history_event DISABLE TRIGGER ALL",
    "DROP TRIGGER history_event_refuses_change ON history_event", "DELETE FROM alembic_version",
    "SET session_replication_role = replica",
])
def test_role_has_no_right_to_the_past(restricted: Session, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        restricted.execute(text(statement))
