"""A whole application on a fresh database, with one person per group and two sites; no server, no port."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app import create_app
from app.config import Config
from app.database import writing
from app.extensions import db
from app.models import Group, Membership, Site, User
from app.operations.groups import ensure_default_groups
from app.operations.passwords import hash_password
from tests.endings import let_go_of_databases
from tests.integration.web.browser import PASSWORD, Browser
from tests.integration.web.dealership import ELSEWHERE, HERE, Dealership, add_content, build

# For tests whose answer does not depend on the kind of database.
SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ROLES = (
    "service_advisor",
    "cr_advisor",
    "customer_service",
    "customer_service_manager",
    "service_manager",
    "general_manager",
    "auditor",
    "process_owner",
    "admin",
)
STRANGER = "stranger"  # every group, but at another site
CHIEF = "chief"  # administers both sites, which is the whole company


class SteppedClock:
    """The real time, until a test steps it ahead."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture(scope="session")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def config(database_url: str, keys_url: str, tmp_path: Path) -> Config:
    return Config(
        data_dir=tmp_path,
        database_url=database_url,
        keys_database_url=keys_url,
        secret_key="a key only the tests know, long enough",
        is_production=False,
        default_locale="en",
        max_streams=6,
    )


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Compiled once for all applications: each would spend longer on it than on answering."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def make_app(compiled_templates: FileSystemBytecodeCache) -> Iterator[Callable[[Config], Flask]]:
    """Makes applications that let go of their connections when the test is over."""
    made: list[Flask] = []

    def make(config: Config) -> Flask:
        made.append(create_app(config))
        made[-1].jinja_env.bytecode_cache = compiled_templates
        return made[-1]

    yield make
    for app in made:
        let_go_of_databases(app)


@pytest.fixture
def app(config: Config, make_app: Callable[[Config], Flask]) -> Flask:
    made = make_app(config)
    made.extensions["session_clock"] = SteppedClock()
    # The real program has tests of its own and costs a second or two; here the HTML it would get is looked at.
    made.extensions["documents"] = lambda html, kind: f"%PDF- {kind} {html}".encode()
    return made


@pytest.fixture
def session_clock(app: Flask) -> SteppedClock:
    clock = app.extensions["session_clock"]
    assert isinstance(clock, SteppedClock)
    return clock


@pytest.fixture
def people(app: Flask, password_hash: str) -> None:
    """A user per role at one site, named as the role; and a stranger with all roles at another."""
    with app.app_context(), writing():
        session = db.session
        ensure_default_groups(session())
        session.add_all([Site(id=HERE, name="Main house"), Site(id=ELSEWHERE, name="Outlet", is_outlet=True)])
        session.flush()
        memberships = [(role, role, HERE) for role in ROLES]
        memberships += [(STRANGER, group.id, ELSEWHERE) for group in session.query(Group)]
        memberships += [(CHIEF, "admin", HERE), (CHIEF, "admin", ELSEWHERE)]
        for user_id in (*ROLES, STRANGER, CHIEF):
            session.add(
                User(
                    id=user_id,
                    display_name=user_id.replace("_", " ").title(),
                    password_hash=password_hash,
                    locale="en",
                    home_site_id=ELSEWHERE if user_id == STRANGER else HERE,
                    created_at=datetime.now(UTC),
                )
            )
        session.flush()
        session.add_all(Membership(user_id=user, group_id=group, site_id=site) for user, group, site in memberships)
        session.commit()


@pytest.fixture
def browser(app: Flask, people: None) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(app)


@pytest.fixture
def main_engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture
def dealership(app: Flask, people: None, sessions: sessionmaker[Session]) -> Dealership:
    """One real case at the main house; the clock of the cases stands at its first user task."""
    built = build(sessions)
    add_content(sessions, app.extensions["files"].store, built)
    app.extensions["clock"] = lambda: built.now
    return built
