"""Engines and sessions: what every connection of the product is set to, however it was opened."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from app.database.lean_session import LeanSession
from app.database.pool import ReadersAndWriters
from app.database.settings import refuse_old_sqlite
from app.database.tables import KEYS_BIND, KeysBase
from app.database.transactions import begin_postgres, begin_sqlite, translate_busy

# Only for the moments SQLite itself locks everybody out (opening the log, recovery); writers wait in `writing`.
_SQLITE_MOMENT_MS = 200
# Compiled statements a connection keeps; the driver's own 128 are fewer than the pages have.
_STATEMENTS_KEPT = 512
_SQLITE_SETTINGS = (
    f"PRAGMA busy_timeout = {_SQLITE_MOMENT_MS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # NORMAL loses acknowledged work at a power cut
    "PRAGMA foreign_keys = ON",
)


def create_engine_for(url: str, *, is_key_store: bool = False) -> Engine:
    """An engine on `url` (sqlite:/// or postgresql+psycopg://) with everything the product relies on."""
    engine = create_engine(url, **engine_options(url))
    install_engine_hooks(engine, is_key_store=is_key_store)
    return engine


def engine_options(url: str, threads: int = 1) -> dict[str, Any]:
    """Options of `create_engine`, for an engine that somebody else makes (Flask-SQLAlchemy).

    Arguments: threads, how many ask at once. Each may have two connections: were there fewer, writers that wait for a
    lock would take them all, and readers would wait with them. Half as many as threads are kept when they are idle.
    """
    kept = max(5, threads // 2)
    room = {"pool_size": kept, "max_overflow": max(10, 2 * threads - kept)}
    if make_url(url).get_backend_name() == "sqlite":
        return room | {"poolclass": ReadersAndWriters, "connect_args": {"cached_statements": _STATEMENTS_KEPT}}
    return room | {"pool_pre_ping": True}


def install_engine_hooks(engine: Engine, *, is_key_store: bool = False) -> None:
    """Set up an engine, before its first connection.

    Arguments: is_key_store, true where deleted bytes must really go (a destroyed key).
    """
    if engine.dialect.name == "sqlite":
        refuse_old_sqlite()
        event.listen(engine, "connect", _set_up_key_store if is_key_store else _set_up_sqlite)
        event.listen(engine, "begin", begin_sqlite)
    else:
        event.listen(engine, "begin", begin_postgres)
    event.listen(engine, "handle_error", translate_busy)


def session_factory(engine: Engine, keys_engine: Engine) -> sessionmaker[Session]:
    """Sessions for worker, commands and tests; the web has Flask-SQLAlchemy's, with the same two databases."""
    return sessionmaker(engine, class_=LeanSession, binds={KeysBase: keys_engine}, expire_on_commit=False)


def install_hooks_on_all(engines: Mapping[str | None, Engine]) -> None:
    """Set up the engines of Flask-SQLAlchemy, which knows them by bind key (None = the main database)."""
    for bind_key, engine in engines.items():
        install_engine_hooks(engine, is_key_store=bind_key == KEYS_BIND)


def _set_up_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver keeps its hands off BEGIN
    for setting in _SQLITE_SETTINGS:
        connection.execute(setting)


def _set_up_key_store(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
    _set_up_sqlite(connection, entry)
    connection.execute("PRAGMA secure_delete = ON")
