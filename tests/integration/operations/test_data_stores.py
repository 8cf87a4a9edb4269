"""Data stores: values that outlive cases, shared by the cases of a site."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import DataStore
from app.operations.actor import SYSTEM, Actor
from app.operations.cases import Case
from app.operations.deployments import deploy
from app.operations.encoding import value_of
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.process_instances import start_process
from app.operations.user_tasks import complete_user_task
from tests.integration.operations.dealership import NOW, Dealership, later, resources

pytestmark = pytest.mark.usefixtures("every_case_replays")


@pytest.fixture
def cases(session: Session, dealership: Dealership) -> list[Case]:
    """Eight at the main house, one at the outlet; all are about to count."""
    del dealership
    deploy(session, resources("counter.bpmn"), name="counter", reason="r", actor=SYSTEM, now=NOW)
    sites = ["main"] * 8 + ["outlet"]
    found = [start_process(session, "counter", {}, site_id=site, actor=SYSTEM, now=NOW) for site in sites]
    session.commit()
    return found


def stored(session: Session) -> dict[str, object]:
    rows = session.execute(select(DataStore.site_id, DataStore.name, DataStore.value)).all()
    assert {row.name for row in rows} <= {"count of calls"}
    return {row.site_id: value_of(row.value) for row in rows}


def test_one_case_reads_what_another_has_written(session: Session, dealership: Dealership, cases: list[Case]) -> None:
    dealership.complete(cases[0], "ask", "cam", now=later(hours=1))
    assert stored(session) == {"main": Decimal(1)}
    dealership.complete(cases[1], "ask", "cam", now=later(hours=2))
    assert stored(session) == {"main": Decimal(2)}
    row = session.execute(select(DataStore.changed_at, DataStore.changed_by_instance_id)).one()
    assert tuple(row) == (later(hours=2), cases[1].id)


def test_sites_have_stores_of_their_own(session: Session, dealership: Dealership, cases: list[Case]) -> None:
    dealership.complete(cases[0], "ask", "cam")
    dealership.complete(cases[-1], "ask", "far")
    assert stored(session) == {"main": Decimal(1), "outlet": Decimal(1)}


def test_what_was_written_is_in_the_history(session: Session, dealership: Dealership, cases: list[Case]) -> None:
    dealership.complete(cases[0], "ask", "cam")
    (event,) = [e for e in read_events(session, case_stream(cases[0].id)) if e.type == "data_store_written"]
    assert (event.element_id, event.body) == ("count", {"store": "count of calls", "value": ["n", "1"]})


def test_cases_that_count_at_the_same_time_lose_no_count(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership, cases: list[Case]
) -> None:
    for case in cases[:8]:  # nothing was ever written: there is no row yet that the first of them could wait for
        dealership.claim(case, "ask", "cam")
    ids = [dealership.user_task(case, "ask") for case in cases[:8]]
    session.commit()

    def count(user_task_id: str) -> None:
        with writing(30), sessions() as own:
            complete_user_task(own, user_task_id, {}, revision=None, actor=Actor("cam"), now=later(hours=1))
            own.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, ids))
    session.rollback()
    assert stored(session) == {"main": Decimal(8)}
