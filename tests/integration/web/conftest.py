"""A whole application on a fresh database, with one person per group and two sites; no server, no port."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.routing import Rule

from app import create_app
from app.config import Config
from app.extensions import db
from tests.endings import let_go_of_databases
from tests.integration.web.browser import Browser, signed_in
from tests.integration.web.dealership import Dealership
from tests.integration.web.filling import config_of, fill_dealership, fill_with_people
from tests.snapshots import Fill, Place

# For tests whose answer does not depend on the kind of database.
SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="session", autouse=True)
def _addresses_are_compiled_once() -> Iterator[None]:
    """Every application has the same hundreds of addresses: to compile them costs more than to answer most requests."""
    compiled: dict[tuple[object, ...], Rule] = {}
    compile_rule = Rule.compile

    def once(rule: Rule) -> None:
        key = (rule.rule, rule.endpoint, rule.subdomain, repr(rule.defaults), rule.merge_slashes)
        if key not in compiled:
            compile_rule(rule)
            compiled[key] = rule
            return
        known = compiled[key]
        rule._parts, rule._trace, rule._converters = known._parts, known._trace, known._converters
        rule.arguments = known.arguments
        rule._build = known._build.__func__.__get__(rule)
        rule._build_unknown = known._build_unknown.__func__.__get__(rule)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", once)
        yield


class SteppedClock:
    """The real time, until a test steps it ahead."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def config(database_url: str, keys_url: str, tmp_path: Path) -> Config:
    return config_of(Place(tmp_path, database_url, keys_url))


@pytest.fixture(scope="session")
def fills() -> Mapping[str, Fill]:
    return {"dealership": fill_dealership, "people": fill_with_people}


@pytest.fixture
def make_app() -> Iterator[Callable[[Config], Flask]]:
    """Makes applications that let go of their connections when the test is over."""
    made: list[Flask] = []

    def make(config: Config) -> Flask:
        made.append(create_app(config))
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
def people(app: Flask) -> None:
    """A user per role at one site, named as the role; and a stranger with all roles at another."""


@pytest.fixture
def browser(app: Flask, people: None) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(app)


@pytest.fixture
def main_engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture
def dealership(app: Flask, facts: dict[str, object]) -> Dealership:
    """One real case at the main house; the clock of the cases stands at its first user task."""
    built = facts["dealership"]
    assert isinstance(built, Dealership)
    app.extensions["clock"] = lambda: built.now
    return built


@pytest.fixture
def advisor(app: Flask, dealership: Dealership) -> Browser:
    """The browser of somebody of the group whose user task the case waits for."""
    return signed_in(app, "cr_advisor")
