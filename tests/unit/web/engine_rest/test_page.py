"""docs/rest.md lists what the interface does not offer."""

import re
from pathlib import Path

from app.web.engine_rest.not_offered import NOT_OFFERED

PAGE = Path(__file__).parents[4] / "docs" / "rest.md"


def test_the_page_lists_what_is_missing() -> None:
    listed = re.findall(r"^\| `(/[^`]*)` \| ([A-Z, ]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    found = {f"{method} {path}" for path, methods in listed for method in methods.split(", ")}
    assert found == set(NOT_OFFERED)
