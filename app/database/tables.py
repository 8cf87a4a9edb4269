"""The bases of all tables and the column types that SQLite and PostgreSQL share."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# Flask-SQLAlchemy routes a table to another database by this mark of its metadata.
KEYS_BIND = "keys"


class Base(DeclarativeBase):
    """Base of the tables of the main database."""

    metadata = MetaData(naming_convention=NAMING)


class KeysBase(DeclarativeBase):
    """Base of the tables of the key store, a database of its own so that it is backed up apart."""

    metadata = MetaData(naming_convention=NAMING, info={"bind_key": KEYS_BIND})


@lru_cache(maxsize=256)
def utc_text(moment: datetime) -> str:
    """A moment in UTC to the microsecond: 2026-01-15T08:00:00.000000Z; the rows of a step share one moment."""
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: timestamptz on PostgreSQL, fixed-width ISO text (which sorts) on SQLite."""

    impl = String(27)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        moment = value if value.tzinfo is UTC else value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else utc_text(moment)

    def process_result_value(self, value: object, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return datetime.fromisoformat(str(value))
