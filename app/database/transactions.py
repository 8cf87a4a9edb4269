"""How a transaction begins: reading unless the edge says `writing`, and how long a writer waits for others."""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Connection
from sqlalchemy.engine import ExceptionContext

from app.errors import Busy, DiskFull
from app.i18n import N_

Driver = TypeVar("Driver", sqlite3.Connection, psycopg.Connection[Any])

WEB_WAIT_SECONDS = 5.0
JOB_WAIT_SECONDS = 30.0
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.001, 0.025
_SQLITE_BUSY, _SQLITE_LOCKED, _PRIMARY_CODE = 5, 6, 0xFF
# SQLITE_FULL, and SQLITE_IOERR_WRITE: what a quota or a limit of the file's size looks like.
_SQLITE_NO_ROOM = frozenset({13, 10 | 3 << 8})
_POSTGRES_DISK_FULL = "53100"
# lock_not_available, deadlock_detected, serialization_failure: trying again is the answer to each.
_POSTGRES_BUSY = frozenset({"55P03", "40P01", "40001"})
_FULL_TEXT = N_(
    "The disk of the server is full. Nothing was changed. Tell your administrator; then go back and send it again."
)
_BUSY_TEXT = N_("The database is busy with other work. Nothing was changed; please try again in a moment.")

_wait_seconds: ContextVar[float | None] = ContextVar("write_wait_seconds", default=None)


class _Kind:
    """Transactions that begin inside are of a kind; a class, because every request enters it more than once."""

    __slots__ = ("_token", "_wait_seconds")

    def __init__(self, wait_seconds: float | None) -> None:
        self._wait_seconds = wait_seconds

    def __enter__(self) -> None:
        self._token = _wait_seconds.set(self._wait_seconds)

    def __exit__(self, *_error: object) -> None:
        _wait_seconds.reset(self._token)


def writing(wait_seconds: float = WEB_WAIT_SECONDS) -> AbstractContextManager[None]:
    """Let the transactions that begin inside write; all others can only read.

    A transaction that is already open keeps its kind: end it first. On SQLite the writer takes the write lock at
    its beginning (BEGIN IMMEDIATE), because a reader that turns writer half-way loses its work.

    Arguments: wait_seconds, how long to wait for a lock before `errors.Busy` is raised.
    """
    return _Kind(wait_seconds)


def reading() -> AbstractContextManager[None]:
    """Let the transactions that begin inside only read, also where the surroundings are `writing`."""
    return _Kind(None)


def is_writing() -> bool:
    """Whether a transaction that begins here and now may write."""
    return _wait_seconds.get() is not None


def begin_sqlite(connection: Connection) -> None:
    """Begin for the driver, whose own rules (a late, deferred BEGIN) lose updates silently."""
    wait_seconds = _wait_seconds.get()
    raw = _raw(connection, sqlite3.Connection)
    is_writer = wait_seconds is not None
    if connection.info.get("is_writer") is not is_writer:
        raw.execute("PRAGMA query_only = OFF" if is_writer else "PRAGMA query_only = ON")
        connection.info["is_writer"] = is_writer
    if wait_seconds is None:
        raw.execute("BEGIN")
    else:
        _begin_immediate(raw, time.monotonic() + wait_seconds)


def _begin_immediate(raw: sqlite3.Connection, deadline: float) -> None:
    """SQLite's own waiting is unfair: pauses of random length let every writer have its turn."""
    while True:
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not _is_sqlite_busy(error):
                refuse_as_busy(error)
                raise
            if time.monotonic() >= deadline:
                raise Busy(_BUSY_TEXT) from error
            time.sleep(random.uniform(_SHORTEST_PAUSE, _LONGEST_PAUSE))  # noqa: S311 - not a secret
        else:
            return


def begin_postgres(connection: Connection) -> None:
    """Say whether the coming BEGIN is READ ONLY; the driver sends it with the first statement, at no cost."""
    wait_seconds = _wait_seconds.get()
    raw = _raw(connection, psycopg.Connection)
    raw.read_only = wait_seconds is None
    if wait_seconds is not None and connection.info.get("lock_timeout") != wait_seconds:
        # Outside the transaction, whose rollback would undo it; once per connection in practice.
        raw.autocommit = True
        raw.execute("SELECT set_config('lock_timeout', %s, false)", (f"{int(wait_seconds * 1000)}ms",))
        raw.autocommit = False
        connection.info["lock_timeout"] = wait_seconds


@contextmanager
def autocommitting(driver: object) -> Iterator[None]:
    """Let a connection that is in no transaction read without beginning one; SQLite's never begin one by themselves."""
    if not isinstance(driver, psycopg.Connection):
        yield
        return
    driver.autocommit = True
    try:
        yield
    finally:
        if not driver.closed:
            driver.autocommit = False


def translate_busy(context: ExceptionContext) -> None:
    """The same for statements that go through SQLAlchemy's own hands."""
    refuse_as_busy(context.original_exception)


def refuse_as_busy(error: BaseException) -> None:
    """Turn the drivers' many words for "somebody else holds the lock" into the one error people understand.

    The same for a disk that is full. Raises Busy, DiskFull.
    """
    if _has_no_room(error):
        raise DiskFull(_FULL_TEXT) from error
    is_busy = isinstance(error, psycopg.Error) and error.sqlstate in _POSTGRES_BUSY
    if is_busy or (isinstance(error, sqlite3.OperationalError) and _is_sqlite_busy(error)):
        raise Busy(_BUSY_TEXT) from error


def _has_no_room(error: BaseException) -> bool:
    if isinstance(error, psycopg.Error):
        return error.sqlstate == _POSTGRES_DISK_FULL
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode in _SQLITE_NO_ROOM


def _is_sqlite_busy(error: sqlite3.OperationalError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE in (_SQLITE_BUSY, _SQLITE_LOCKED)


def _raw(connection: Connection, kind: type[Driver]) -> Driver:
    raw = connection.connection.dbapi_connection
    if not isinstance(raw, kind):
        raise TypeError(f"unexpected driver connection {type(raw).__name__}")
    return raw
