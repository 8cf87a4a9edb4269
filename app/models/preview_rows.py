"""Rows of uploaded files as their previews show them."""

import json
from dataclasses import dataclass
from typing import Any

from app.models.customer import VisitImportRow
from app.models.user_import import UserImportRow

ROWS_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row for people: its texts by our fields, its problems by field as (msgid, params)."""

    number: int
    outcome: str
    texts: dict[str, str]
    problems: dict[str, tuple[str, dict[str, Any]]]


def shown_row(row: VisitImportRow | UserImportRow) -> ShownRow:
    """A stored row."""
    problems = {field: (msgid, params) for field, msgid, params in json.loads(row.problems)}
    return ShownRow(row.number, row.outcome, json.loads(row.content), problems)
