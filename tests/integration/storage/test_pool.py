"""On SQLite reading and writing transactions have connections of their own, whose statements stay compiled."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import OperationalError, TimeoutError  # noqa: A004 - the pool's own

from app.database import create_engine_for, install_engine_hooks, reading, writing
from app.database.pool import ReadersAndWriters
from tests.integration.databases import only_sqlite


def _driver(connection: Connection) -> object:
    connection.exec_driver_sql("SELECT 1")
    return connection.connection.dbapi_connection


def _reader(engine: Engine) -> object:
    with reading(), engine.connect() as connection:
        return _driver(connection)


def _writer(engine: Engine) -> object:
    with writing(1), engine.connect() as connection:
        return _driver(connection)


@only_sqlite
def test_each_kind_comes_back_to_its_own_connection(engine: Engine) -> None:
    reader, writer = _reader(engine), _writer(engine)
    assert reader is not writer
    assert [_reader(engine), _writer(engine), _writer(engine), _reader(engine)] == [reader, writer, writer, reader]


@only_sqlite
def test_setting_is_changed_once_per_connection(engine: Engine) -> None:
    _reader(engine), _writer(engine)
    said: list[str] = []
    with reading(), engine.connect() as first, writing(1), engine.connect() as second:
        for connection in (first, second):
            raw = connection.connection.dbapi_connection
            assert isinstance(raw, sqlite3.Connection)
            raw.set_trace_callback(said.append)
    for _ in range(3):
        _reader(engine), _writer(engine)
    assert [text for text in said if "query_only" in text] == []
    assert "BEGIN IMMEDIATE" in said


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'small.db'}"
    made = create_engine(url, poolclass=ReadersAndWriters, pool_size=2, max_overflow=1, pool_timeout=0.1)
    install_engine_hooks(made)
    yield made
    made.dispose()


def test_the_other_kind_serves_where_no_more_can_be_opened(small: Engine) -> None:
    with ExitStack() as opened:
        readers = {_driver(opened.enter_context(small.connect())) for _ in range(2)}
    assert small.pool.status().startswith("Pool size: 2  Connections in pool: 2 ")
    assert _writer(small) in readers


def test_the_limit_holds(small: Engine) -> None:
    with ExitStack() as opened:
        for _ in range(3):
            opened.enter_context(small.connect())
        with pytest.raises(TimeoutError), writing(1), small.connect():
            pass
    with small.connect() as connection:
        assert _driver(connection)


def test_a_database_that_cannot_be_opened_uses_no_place_up(tmp_path: Path) -> None:
    engine = create_engine_for(f"sqlite:///{tmp_path}/missing/x.db")
    for _ in range(20):
        with pytest.raises(OperationalError), engine.connect():
            pass
    engine.dispose()
