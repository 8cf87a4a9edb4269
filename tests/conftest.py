"""Fixtures for all tests: `database_url` gives a fresh, migrated database, once on SQLite and once on PostgreSQL."""

from __future__ import annotations

import gc
import importlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache

from app.database import upgrade_keys_database
from tests.fast_folder import fast_folder
from tests.schema import create_schema
from tests.snapshots import KEYS_FILE, Snapshots
from tests.snapshots import sqlite_url as url_of_sqlite

if TYPE_CHECKING:
    from tests.postgres_server import PostgresServer

pytest_plugins = ["tests.postgres_server"]

OBJECTS_BETWEEN_LOOKS = 5_000  # Python's own figure is 700

settings.register_profile("quick", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("drill", settings.get_profile("quick"), max_examples=5_000, stateful_step_count=100)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_configure() -> None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(fast_folder()))
    gc.disable()


def pytest_collection_finish() -> None:
    """All modules and tests stay until the end: garbage is looked for among what tests make, not among them.

    And seldom: an application is much at once, and a look at all that lives costs more than the tests in between.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS, 10, 10)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _templates_are_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Each application would spend longer on its templates than on answering."""
    cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Flask.jinja_options, "bytecode_cache", cache)
        yield


@pytest.fixture(scope="session", autouse=True)
def _right_passwords_are_checked_once() -> Iterator[None]:
    """Everybody's password is right hundreds of times and costs as much as several pages; wrong ones always cost it."""
    right: set[tuple[str, str]] = set()
    verify = PasswordHasher.verify

    def once(hasher: PasswordHasher, stored: str, password: str) -> bool:
        if (stored, password) not in right:
            verify(hasher, stored, password)
            right.add((stored, password))
        return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PasswordHasher, "verify", once)
        yield


DATABASES = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, copied for each test: migrating anew would cost more than the test."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    create_schema(url_of_sqlite(path))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """Name of a migrated PostgreSQL database, copied for each test."""
    name = postgres_server.create_database()
    create_schema(postgres_server.url(name))
    return name


@pytest.fixture(scope="session")
def keys_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated store of keys, copied for each test on SQLite."""
    path = tmp_path_factory.mktemp("keys-template") / KEYS_FILE
    upgrade_keys_database(url_of_sqlite(path))
    return path


@pytest.fixture(scope="session")
def snapshots(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Snapshots:
    return Snapshots(request, tmp_path_factory)


def _postgres_copy(request: pytest.FixtureRequest, template: str | None) -> Iterator[str]:
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create_database(template) if template else server.create_database()
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database, for what is only true there."""
    return url_of_sqlite(Path(shutil.copy(sqlite_template, tmp_path / "aftercare.db")))


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, postgres_template: str) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database, for what is only true there."""
    yield from _postgres_copy(request, postgres_template)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database: each test that takes it runs on both."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables, for tests of the migrations; each runs on both."""
    if request.param == "sqlite":
        yield url_of_sqlite(tmp_path / "empty.db")
    else:
        yield from _postgres_copy(request, None)


@pytest.fixture(scope="session")
def documents_can_be_made() -> None:
    """WeasyPrint and Pango are there; where they are not, a test that needs them is skipped, and fails with CI set."""
    try:
        importlib.import_module("weasyprint")
    except (ImportError, OSError) as missing:
        reason = f"no PDFs ({missing}): install the extra pdf and libpango-1.0-0 (make test does, as root)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
