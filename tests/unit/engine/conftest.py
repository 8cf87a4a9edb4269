"""Every case of these tests runs twice: on the live object, and decoded anew before each step."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.unit.engine.case import Case

NewCase = Callable[..., Case]


@pytest.fixture(params=["live", "saved"])
def new_case(request: pytest.FixtureRequest) -> Iterator[NewCase]:
    """Builds a case of a file in tests/resources, or of a document; at the end of the test each is played again."""
    built: list[Case] = []

    def build(source: str | bytes, **limits: object) -> Case:
        built.append(Case(source, is_saved=request.param == "saved", **limits))
        return built[-1]

    yield build
    for case in built:
        case.play_again()
