"""Fixtures of the tests with a database: the product's engines and sessions on a fresh pair of databases."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.database import create_engine_for, session_factory, upgrade_keys_database, writing


@pytest.fixture(scope="session")
def keys_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated store of keys, copied for each test on SQLite."""
    path = tmp_path_factory.mktemp("keys-template") / "keys.db"
    upgrade_keys_database(f"sqlite:///{path}")
    return path


@pytest.fixture
def keys_url(database_url: str, keys_template: Path, tmp_path: Path) -> str:
    """The store of keys beside `database_url`: a file of its own on SQLite, the same database on PostgreSQL."""
    if not database_url.startswith("sqlite"):
        return database_url
    return f"sqlite:///{shutil.copy(keys_template, tmp_path / 'keys.db')}"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine_for(database_url)
    yield made
    made.dispose()


@pytest.fixture
def keys_engine(keys_url: str) -> Iterator[Engine]:
    made = create_engine_for(keys_url, is_key_store=True)
    yield made
    made.dispose()


@pytest.fixture
def sessions(engine: Engine, keys_engine: Engine) -> sessionmaker[Session]:
    """Makes sessions as worker and commands do; what they write needs `writing`."""
    return session_factory(engine, keys_engine)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """One session that may write; the test commits where others are to see it."""
    with writing(0.5), sessions() as opened:
        yield opened
