"""Refusals: a database whose settings could lose what people were told is saved."""

import sqlite3

from sqlalchemy import Connection, Engine

from app.errors import AppError
from app.i18n import N_

# 3.35 brought RETURNING, 3.37 strict tables, 3.38 the JSON functions everywhere.
OLDEST_SQLITE = (3, 38, 0)
_SQLITE_FULL = 2
_POSTGRES_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


class UnsafeDatabaseSettings(AppError):
    """A power cut could lose work that was already confirmed."""


class UnsupportedDatabase(AppError):
    """The database is too old or of another kind."""


def refuse_old_sqlite() -> None:
    """Raise `UnsupportedDatabase` where Python came with an SQLite the product was never tried on."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise UnsupportedDatabase(
            N_("SQLite %(found)s is too old: install a Python with SQLite %(needed)s or newer."),
            found=sqlite3.sqlite_version, needed=".".join(map(str, OLDEST_SQLITE)),
        )


def refuse_unsafe_settings(engine: Engine) -> None:
    """Raise `UnsafeDatabaseSettings` naming the first setting that lets a power cut lose confirmed work.

    Asked at the start of production (reliability figure R12); tests and demonstrations may run faster and unsafe.
    """
    with engine.connect() as connection:
        unsafe = _unsafe_sqlite(connection) if engine.dialect.name == "sqlite" else _unsafe_postgres(connection)
    if unsafe:
        engine.dispose()  # nobody goes on with it
        raise UnsafeDatabaseSettings(
            N_("The database setting %(setting)s is unsafe: a power cut could lose saved work. Set it to %(safe)s."),
            setting=unsafe[0], safe=unsafe[1],
        )


def _unsafe_sqlite(connection: Connection) -> tuple[str, str] | None:
    if connection.exec_driver_sql("PRAGMA synchronous").scalar_one() < _SQLITE_FULL:
        return "synchronous", "FULL"
    if connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() != "wal":
        return "journal_mode", "WAL"
    return None


def _unsafe_postgres(connection: Connection) -> tuple[str, str] | None:
    for name in _POSTGRES_DURABLE:
        if connection.exec_driver_sql("SELECT current_setting(%s)", (name,)).scalar_one() == "off":
            return name, "on"
    return None
