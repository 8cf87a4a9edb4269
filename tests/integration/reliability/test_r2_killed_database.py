"""R2: the database server is killed (-9) while people work; everything finds it again by itself."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import pytest
from sqlalchemy.orm import Session

from tests.integration.operations.dealership import Dealership, found_dealership
from tests.integration.reliability.people_at_work import Ledger, open_cases
from tests.integration.reliability.product import Person, Place, becomes, running_workers
from tests.integration.reliability.scale import scaled
from tests.integration.reliability.verdict import find_faults, is_idle
from tests.postgres_server import SAFE, PostgresServer, running_postgres
from tests.schema import create_schema

CLIENTS = 4
RECONNECTED_WITHIN_SECONDS = 10


@pytest.fixture
def mortal_server() -> Iterator[PostgresServer]:
    """A server of the drill's own that keeps what it has committed."""
    with running_postgres(SAFE) as server:
        yield server


@pytest.fixture
def database_url(mortal_server: PostgresServer) -> str:
    url = mortal_server.url(mortal_server.create_database())
    create_schema(url)
    return url


@pytest.fixture
def dealership(session: Session) -> Dealership:
    founded = found_dealership(session)
    session.rollback()
    return founded


@pytest.mark.postgres
@pytest.mark.usefixtures("server")
def test_r2_killed_database_loses_nothing(
    mortal_server: PostgresServer, place: Place, sign_in: Callable[[str], Person], dealership: Dealership
) -> None:
    deaths, cases = scaled(1, 5), scaled(60, 1_000)
    waiting: SimpleQueue[str] = SimpleQueue()
    for user_task_id in open_cases(dealership, cases, "ada"):
        waiting.put(user_task_id)
    people = [sign_in("ada") for _ in range(CLIENTS)]
    for person in people:
        person.open_page()
    ledger = Ledger(is_database_mortal=True)
    with running_workers(place):
        with ThreadPoolExecutor(CLIENTS) as pool:
            working = [pool.submit(ledger.work_off, person, waiting) for person in people]
            for _ in range(deaths):
                assert becomes(lambda: ledger.acknowledged != [], within=30)
                time.sleep(0.5)
                mortal_server.crash()
                time.sleep(0.5)
                mortal_server.start()
                done = len(ledger.acknowledged)
                assert becomes(lambda: len(ledger.acknowledged) > done, within=RECONNECTED_WITHIN_SECONDS)  # noqa: B023
            for work in working:
                work.result(300)
        dealership.session.close()
        place.forget_connections()
        assert becomes(lambda: place.ask(lambda reader: is_idle(reader, "message")), within=60)
    assert ledger.unanswered
    assert len(ledger.acknowledged) + len(ledger.unanswered) >= cases
    assert place.ask(lambda reader: find_faults(reader, ledger.acknowledged)) == []
