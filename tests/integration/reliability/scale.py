"""How long the drills take: seconds each with the tests, up to ten minutes each by `make drill`."""

import os
from typing import TypeVar

import pytest

from tests.conftest import DATABASES

Number = TypeVar("Number", int, float)

IS_LONG = os.environ.get("DRILL") == "long"


# For drills that look at what is the same on both databases: the other one is left to `make drill`.
on_sqlite_unless_long = pytest.mark.parametrize(
    "database_url", DATABASES if IS_LONG else [pytest.param("sqlite")], indirect=True
)


def scaled(short: Number, long: Number) -> Number:
    return long if IS_LONG else short
