"""Marks for tests of what only one of the databases does."""

import pytest

only_sqlite = pytest.mark.parametrize("database_url", [pytest.param("sqlite")], indirect=True)
only_postgres = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
