"""The same dealership as the operations have."""

import pytest
from sqlalchemy.orm import Session

from tests.integration.operations.dealership import Dealership, found_dealership


@pytest.fixture
def dealership(session: Session) -> Dealership:
    return found_dealership(session)
