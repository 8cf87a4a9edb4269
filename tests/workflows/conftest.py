"""Cases of the shipped processes, driven through their real forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.database import create_engine_for, session_factory
from tests.conftest import DATABASES
from tests.snapshots import KEYS_FILE, Snapshots, sqlite_url
from tests.workflows.acted_case import ActedCase
from tests.workflows.form_case import FormCase
from tests.workflows.shop import open_shop
from tests.workflows.stored_case import StoredCase

NewCase = Callable[[str], ActedCase]
# For what is asked beside the scenarios: a second database adds nothing.
on_one_database = pytest.mark.parametrize("new_case", ["live", "saved", "sqlite"], indirect=True)


@pytest.fixture(params=["live", "saved", *DATABASES])
def new_case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewCase]:
    """Builds a case of a shipped process: on the engine's live object, decoded anew before each step, on a database.

    At the end of the test each is played again from its inputs.
    """
    if request.param in ("live", "saved"):
        yield from _new_cases(lambda key: FormCase(key, is_saved=request.param == "saved"))
        return
    snapshots: Snapshots = request.getfixturevalue("snapshots")
    with snapshots.copied(request.param, open_shop, tmp_path) as (url, _facts), _sessions(url, tmp_path) as sessions:
        yield from _new_cases(lambda key: StoredCase(key, sessions))


@pytest.fixture(params=["live", "saved"])
def new_engine_case(request: pytest.FixtureRequest) -> Iterator[NewCase]:
    """The same on the engine alone, for what databases have no part in."""
    yield from _new_cases(lambda key: FormCase(key, is_saved=request.param == "saved"))


@pytest.fixture
def new_live_case() -> Iterator[NewCase]:
    """The same in one way only, for what is asked of all scenarios together."""
    yield from _new_cases(lambda key: FormCase(key, is_saved=False))


def _new_cases(make: NewCase) -> Iterator[NewCase]:
    built: list[ActedCase] = []

    def build(process_key: str) -> ActedCase:
        built.append(make(process_key))
        return built[-1]

    yield build
    for case in built:
        case.play_again()


@contextmanager
def _sessions(url: str, folder: Path) -> Iterator[sessionmaker[Session]]:
    keys_url = sqlite_url(folder / KEYS_FILE) if url.startswith("sqlite") else url
    engines = create_engine_for(url), create_engine_for(keys_url, is_key_store=True)
    yield session_factory(*engines)
    for engine in engines:
        engine.dispose()
