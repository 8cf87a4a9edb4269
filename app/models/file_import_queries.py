"""Rows of uploaded files as their previews show them, and how many there are of each outcome."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.file_import import FileImportRow

ROWS_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row for people: its texts by our fields, its problems by field as (msgid, params)."""

    number: int
    outcome: str
    texts: dict[str, str]
    problems: dict[str, tuple[str, dict[str, Any]]]


def shown_rows(
    session: Session, table: type[FileImportRow], import_id: str, outcome: str | None, after: int
) -> list[ShownRow]:
    """A page of rows in the order of the file, behind line `after`; one more than a page tells that more follow."""
    wanted = select(table).where(table.import_id == import_id, table.number > after)
    if outcome:
        wanted = wanted.where(table.outcome == outcome)
    return [_shown(row) for row in session.scalars(wanted.order_by(table.number).limit(ROWS_PER_PAGE + 1))]


def outcome_counts(session: Session, table: type[FileImportRow], import_id: str) -> dict[str, int]:
    """How many rows of each outcome."""
    counts = select(table.outcome, func.count()).where(table.import_id == import_id).group_by(table.outcome)
    return dict(session.execute(counts).all())


def _shown(row: FileImportRow) -> ShownRow:
    problems = {field: (msgid, params) for field, msgid, params in json.loads(row.problems)}
    return ShownRow(row.number, row.outcome, json.loads(row.content), problems)
