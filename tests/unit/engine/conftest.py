"""Every case of these tests runs twice: on the live object, and decoded anew before each step."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.engine.case import Case

NewCase = Callable[..., Case]


@pytest.fixture(params=["live", "saved"])
def new_case(request: pytest.FixtureRequest) -> NewCase:
    """Builds a case of a file in tests/resources, or of a document."""

    def build(source: str | bytes, **limits: object) -> Case:
        return Case(source, is_saved=request.param == "saved", **limits)

    return build
