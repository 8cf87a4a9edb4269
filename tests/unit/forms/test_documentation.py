"""docs/forms.md says of every kind of component what the code understands, no more and no less."""

from __future__ import annotations

import re
from pathlib import Path

from app.forms.fields import COMPONENT_TYPES

PAGE = Path(__file__).parents[3] / "docs/forms.md"


def rows() -> dict[str, tuple[set[str], set[str]]]:
    """Component type -> its attributes and validations as the page lists them."""
    found = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and re.fullmatch(r"`\w+`", cells[0]):
            attributes, validations = (set(re.findall(r"`(\w+)`", cell)) for cell in cells[2:])
            found[cells[0].strip("`")] = attributes, validations
    return found


def test_the_table_is_complete_and_true() -> None:
    understood = {}
    for kind in COMPONENT_TYPES:
        attributes = set(kind.settings | kind.texts) - {"label", "description"}
        attributes |= {"values"} if kind.has_options else set()
        attributes |= {"path"} if kind.may_have_path else set()
        understood[kind.name] = attributes, set(kind.validations)
    assert rows() == understood
