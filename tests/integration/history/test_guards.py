"""The database itself refuses to change what was recorded, whoever asks through SQL."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.models import Look
from app.operations.history_erasure import erase_subject
from app.operations.history_sealing import seal_history
from tests.integration.databases import only_postgres, only_sqlite
from tests.integration.history.conftest import ANNA, NOW, record

KEYS = {
    "history_event": "sequence", "history_seal": "number", "history_seal_entry": "position",
    "erasure": "subject_id", "look": "id",
}


@pytest.fixture
def full(session: Session) -> Session:
    record(session, "a", 2)
    erase_subject(session, "c1", "asked for it", actor=ANNA, now=NOW)
    session.add(Look(id="l1", customer_id="c1", user_id="anna", page="/x", looked_at=NOW))
    seal_history(session, NOW)
    session.commit()
    return session


@pytest.mark.parametrize("table", KEYS)
@pytest.mark.parametrize("statement", ["UPDATE {table} SET {key} = {key}", "DELETE FROM {table}"])
def test_change_is_refused(full: Session, table: str, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        full.execute(text(statement.format(table=table, key=KEYS[table])))


@pytest.mark.parametrize("table", KEYS)
def test_replacing_a_row_is_refused(full: Session, table: str) -> None:
    statement = {
        "sqlite": "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        "postgresql": "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET {key} = 1",
    }[full.get_bind().dialect.name]
    with pytest.raises(DBAPIError, match="append-only"):
        full.execute(text(statement.format(table=table, key=KEYS[table])))


@only_sqlite
def test_replacing_by_the_place_in_the_stream_is_refused(full: Session) -> None:
    columns = "stream, stream_sequence, type, actor_id, at, canonical, previous_hash, hash"
    template = "INSERT OR REPLACE INTO history_event ({0}) SELECT {0} FROM history_event"
    with pytest.raises(DBAPIError, match="append-only"):
        full.execute(text(template.format(columns)))


@only_postgres
@pytest.mark.parametrize("table", KEYS)
def test_truncating_is_refused(full: Session, table: str) -> None:
    full.execute(text("SET LOCAL session_replication_role = replica"))  # silences ordinary triggers
    with pytest.raises(DBAPIError, match="append-only"):
        full.execute(text(f"TRUNCATE {table} CASCADE"))
