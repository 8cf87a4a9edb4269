"""A dealership with two sites and a few people, and the diagrams of tests/resources/operations deployed."""

from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ProcessInstance
from app.operations.projections import deviations
from app.operations.replay import replay_case
from tests.integration.operations.dealership import Dealership, found_at
from tests.snapshots import Fill


@pytest.fixture(scope="session")
def fills() -> Mapping[str, Fill]:
    return {"dealership": found_at}


@pytest.fixture
def dealership(session: Session) -> Dealership:
    return Dealership(session)


@pytest.fixture
def every_case_replays(session: Session) -> Iterator[None]:
    """At the end of the test each of its cases is played again from its history and comes to where it is.

    The tables that pages read of it are what its history says, too.
    """
    yield
    for case_id in session.scalars(select(ProcessInstance.id)).all():
        assert replay_case(session, case_id).difference is None
        assert deviations(session, case_id) == []
