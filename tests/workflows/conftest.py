"""Cases of the shipped processes, driven through their real forms."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.workflows.form_case import FormCase

NewCase = Callable[[str], FormCase]


@pytest.fixture(params=["live", "saved"])
def new_case(request: pytest.FixtureRequest) -> NewCase:
    """Builds a case of a shipped process: on the live object, or decoded anew before each step."""
    return lambda process_key: FormCase(process_key, is_saved=request.param == "saved")
