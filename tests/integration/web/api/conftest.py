"""Programs of the people of a dealership with a real case."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.integration.web.dealership import Dealership
from tests.integration.web.engine_rest.program import Program, bearer, make_token

PREFIX = "/api/v1"


@pytest.fixture
def program_of(app: Flask, dealership: Dealership) -> Callable[[str], Program]:
    """Makes the program of a person, with all scopes."""
    return lambda user_id: Program(app, bearer(make_token(app, user_id)), PREFIX)
