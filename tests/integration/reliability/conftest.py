"""A dealership whose processes can be started, and people who are signed in."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import Membership, User
from app.operations.sign_in import start_session
from benchmarks.server import Server, running_server
from tests.integration.operations.dealership import Dealership, found_at
from tests.integration.reliability.product import Person, Place
from tests.snapshots import Fill


@pytest.fixture(scope="session")
def fills() -> Mapping[str, Fill]:
    return {"dealership": found_at}


@pytest.fixture
def dealership(session: Session) -> Dealership:
    """Founded and committed; the session keeps no lock."""
    session.rollback()
    return Dealership(session)


@pytest.fixture
def place(
    tmp_path: Path, database_url: str, keys_url: str, sessions: sessionmaker[Session], dealership: Dealership
) -> Place:
    return Place(tmp_path, database_url, keys_url, sessions)


@pytest.fixture
def server(place: Place) -> Iterator[Server]:
    """`aftercare run` without its worker."""
    with running_server(place.environment()) as running:
        yield running


@pytest.fixture
def sign_in_at(place: Place) -> Iterator[Callable[[Server, str], Person]]:
    """Gives a person, by their id, who is signed in at a server; an unknown one is hired as an advisor first."""
    people: list[Person] = []

    def one(server: Server, user_id: str) -> Person:
        now = datetime.now(UTC)
        with writing(5), place.sessions() as session:
            if session.get(User, user_id) is None:
                session.add(User(id=user_id, display_name=user_id, created_at=now, home_site_id="main"))
                session.flush()
                session.add(Membership(user_id=user_id, group_id="cr_advisor", site_id="main"))
            token = start_session(session, user_id, "drill", now)
            session.commit()
        people.append(Person(server.port, token))
        return people[-1]

    yield one
    for person in people:
        person.close()


@pytest.fixture
def sign_in(server: Server, sign_in_at: Callable[[Server, str], Person]) -> Callable[[str], Person]:
    """The same at the server of the test."""
    return partial(sign_in_at, server)
