from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, MetaData, create_engine, text
from sqlalchemy.orm import Session

from app.operations.actor import Actor
from app.operations.history import Event, append_events, case_stream

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ANNA = Actor("anna")
_GUARDED = ("history_event", "history_seal", "history_seal_entry", "history_pending")


def record(session: Session, case: str, count: int = 1) -> None:
    """Append events to a case and commit."""
    events = [Event("step_done", {"case": case, "n": n}, element_id="call") for n in range(count)]
    append_events(session, case_stream(case), events, actor=ANNA, now=NOW, instance_id=case, site_id="s1")
    session.commit()


@pytest.fixture
def intruder(database_url: str) -> Callable[[Callable[[Connection], object]], None]:
    """Runs something as somebody with all rights over the main database: guards and constraints are gone."""

    def run(attack: Callable[[Connection], object]) -> None:
        engine = create_engine(database_url)  # a plain one: SQLite checks no foreign keys
        with engine.begin() as connection:
            _take_guards_away(connection)
            attack(connection)
        engine.dispose()

    return run


def _take_guards_away(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        return
    for table in _GUARDED:
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    connection.exec_driver_sql("ALTER TABLE history_seal_entry DROP CONSTRAINT fk_history_seal_entry_seal_number")


def replace(connection: Connection, table: str, key: dict[str, object], values: dict[str, object]) -> None:
    """Rewrite columns of one row."""
    metadata = MetaData()
    metadata.reflect(connection, only=[table])
    columns = metadata.tables[table].c
    statement = metadata.tables[table].update().values(values)
    for name, value in key.items():
        statement = statement.where(columns[name] == value)
    assert connection.execute(statement).rowcount == 1


def run_sql(connection: Connection, statement: str, **values: object) -> None:
    connection.execute(text(statement), values)
