"""Fixtures of the tests with a database: the product's engines and sessions on a fresh pair of databases."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.database import create_engine_for, session_factory, writing
from tests.conftest import DATABASES
from tests.snapshots import KEYS_FILE, Fill, Snapshots, sqlite_url


@pytest.fixture(scope="session")
def fills() -> Mapping[str, Fill]:
    """Name of a fixture -> what fills the database of a test that takes it; folders of tests say their own."""
    return {}


@pytest.fixture
def facts() -> dict[str, object]:
    """What a filled database holds, by the name of the fixture that tells it."""
    return {}


@pytest.fixture(params=DATABASES)
def database_url(
    request: pytest.FixtureRequest, fills: Mapping[str, Fill], facts: dict[str, object], tmp_path: Path
) -> Iterator[str]:
    """A fresh, migrated database, filled with what the test takes: each test that takes it runs on both kinds."""
    wanted = next((name for name in fills if name in request.fixturenames), None)
    if wanted is None:
        yield request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
        return
    snapshots: Snapshots = request.getfixturevalue("snapshots")
    with snapshots.copied(request.param, fills[wanted], tmp_path) as (url, facts[wanted]):
        yield url


@pytest.fixture
def keys_url(database_url: str, keys_template: Path, tmp_path: Path) -> str:
    """The store of keys beside `database_url`: a file of its own on SQLite, the same database on PostgreSQL."""
    if not database_url.startswith("sqlite"):
        return database_url
    path = tmp_path / KEYS_FILE
    return sqlite_url(path if path.exists() else Path(shutil.copy(keys_template, path)))


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
