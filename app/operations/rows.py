"""Writing many rows in one statement."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.database import Base
from app.models.prepared import dialect_name, run, table_of

Row = Mapping[str, object]


def insert_rows(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Insert all rows in one statement; nothing happens without rows. All rows have the same columns."""
    if rows:
        run(session, _insert(model), rows)


@lru_cache(maxsize=64)
def _insert(model: type[Base]) -> Insert:
    return table_of(model).insert()


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
        statement = upsert_statement(model, dialect_name(session), replaced=replaced, added=added)
        run(session, statement, rows)


@lru_cache(maxsize=64)
def upsert_statement(
    model: type[Base], dialect: str, *, replaced: tuple[str, ...] = (), added: tuple[str, ...] = ()
) -> Insert:
    """The statement of `upsert_rows`; RETURNING may be added for a single row."""
    table = table_of(model)
    # Both dialects spell ON CONFLICT alike but have an insert class of their own.
    insert = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    changes: dict[str, ColumnElement[Any]] = {name: insert.excluded[name] for name in replaced}
    changes |= {name: table.c[name] + insert.excluded[name] for name in added}
    return insert.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=changes)
