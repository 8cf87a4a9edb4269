"""Writing many rows in one statement."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.database import Base
from app.models.prepared import Prepared, table_of

Row = Mapping[str, object]


def insert_rows(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Insert all rows in one statement; nothing happens without rows. All rows have the same columns."""
    if rows:
        _insert(model, tuple(rows[0])).change_all(session, rows)


def insert_if_new(session: Session, model: type[Base], row: Row) -> bool:
    """Insert a row unless its primary key exists; whether it did. It waits for another writer of the same key."""
    return _insert_new(model, tuple(row)).change(session, row) == 1


def upsert_rows(
    session: Session,
    model: type[Base],
    rows: Sequence[Row],
    *,
    replaced: tuple[str, ...] = (),
    added: tuple[str, ...] = (),
) -> None:
    """Insert rows; where the primary key exists, replace the columns `replaced` and add to the columns `added`."""
    if rows:
        _upsert(model, tuple(rows[0]), replaced, added).change_all(session, rows)


@lru_cache(maxsize=128)
def _insert(model: type[Base], columns: tuple[str, ...]) -> Prepared:
    return Prepared(table_of(model).insert().inline(), columns)


@lru_cache(maxsize=64)
def _insert_new(model: type[Base], columns: tuple[str, ...]) -> Prepared:
    return Prepared(lambda dialect: _insert_into(model, dialect).inline().on_conflict_do_nothing(), columns)


@lru_cache(maxsize=64)
def _upsert(model: type[Base], columns: tuple[str, ...], replaced: tuple[str, ...], added: tuple[str, ...]) -> Prepared:
    return Prepared(lambda dialect: upsert_statement(model, dialect, replaced=replaced, added=added), columns)


def upsert_statement(
    model: type[Base], dialect: str, *, replaced: tuple[str, ...] = (), added: tuple[str, ...] = ()
) -> Insert:
    """The statement of `upsert_rows`; RETURNING may be added for a single row."""
    table, insert = table_of(model), _insert_into(model, dialect)
    changes: dict[str, ColumnElement[Any]] = {name: insert.excluded[name] for name in replaced}
    changes |= {name: table.c[name] + insert.excluded[name] for name in added}
    return insert.inline().on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=changes)


def _insert_into(model: type[Base], dialect: str) -> postgresql.Insert | sqlite.Insert:
    """Both dialects spell ON CONFLICT alike but have an insert class of their own."""
    table = table_of(model)
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
