"""Cases of the shipped processes, driven through their real forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.workflows.form_case import FormCase

NewCase = Callable[[str], FormCase]


@pytest.fixture(params=["live", "saved"])
def new_case(request: pytest.FixtureRequest) -> Iterator[NewCase]:
    """Builds a case of a shipped process: on the live object, or decoded anew before each step.

    At the end of the test each is played again from its inputs.
    """
    built: list[FormCase] = []

    def build(process_key: str) -> FormCase:
        built.append(FormCase(process_key, is_saved=request.param == "saved"))
        return built[-1]

    yield build
    for case in built:
        case.play_again()
