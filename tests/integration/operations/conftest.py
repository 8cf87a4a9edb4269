"""A dealership with two sites and a few people, and the diagrams of tests/resources/operations deployed."""

import pytest
from sqlalchemy.orm import Session

from tests.integration.operations.dealership import Dealership, found_dealership


@pytest.fixture
def dealership(session: Session) -> Dealership:
    return found_dealership(session)
