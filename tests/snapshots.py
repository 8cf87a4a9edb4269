"""Filled databases: made once in each process of tests, copied for each test. Filling costs more than most tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.postgres_server import PostgresServer

SQLITE_FILE, KEYS_FILE, FILES = "aftercare.db", "keys.db", "files"


@dataclass(frozen=True)
class Place:
    """Where a test has its data: a folder, and a migrated database with its store of keys."""

    folder: Path
    database_url: str
    keys_url: str


# Fills a place, lets go of it and returns what tests want to know of it.
Fill = Callable[[Place], object]


@dataclass(frozen=True)
class Snapshot:
    """A filled place; `database` is the name of a PostgreSQL database, empty on SQLite."""

    place: Place
    database: str
    facts: object


class Snapshots:
    """Makes them when they are first wanted."""

    def __init__(self, request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> None:
        self._request = request
        self._folders = folders
        self._made: dict[tuple[str, Fill], Snapshot] = {}

    @contextmanager
    def copied(self, kind: str, fill: Fill, target: Path) -> Iterator[tuple[str, object]]:
        """The address of a copy in the folder `target`, and the facts; a PostgreSQL database goes afterwards."""
        if (kind, fill) not in self._made:
            self._made[kind, fill] = self._make(kind, fill)
        snapshot = self._made[kind, fill]
        if (snapshot.place.folder / FILES).exists():
            shutil.copytree(snapshot.place.folder / FILES, target / FILES)
        if kind == "sqlite":
            shutil.copy(snapshot.place.folder / KEYS_FILE, target / KEYS_FILE)
            yield sqlite_url(Path(shutil.copy(snapshot.place.folder / SQLITE_FILE, target))), snapshot.facts
        else:
            server: PostgresServer = self._request.getfixturevalue("postgres_server")
            name = server.create_database(snapshot.database)
            yield server.url(name), snapshot.facts
            server.drop_database(name)

    def _make(self, kind: str, fill: Fill) -> Snapshot:
        folder = self._folders.mktemp("snapshot")
        if kind == "sqlite":
            shutil.copy(self._request.getfixturevalue("sqlite_template"), folder / SQLITE_FILE)
            shutil.copy(self._request.getfixturevalue("keys_template"), folder / KEYS_FILE)
            place, name = Place(folder, sqlite_url(folder / SQLITE_FILE), sqlite_url(folder / KEYS_FILE)), ""
        else:
            server: PostgresServer = self._request.getfixturevalue("postgres_server")
            name = server.create_database(self._request.getfixturevalue("postgres_template"))
            place = Place(folder, server.url(name), server.url(name))
        return Snapshot(place, name, fill(place))


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"
