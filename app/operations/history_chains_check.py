"""The first half of a verification: each stream's chain of hashes."""

from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.models import HistoryEvent
from app.operations.history import NEW_STREAM, StreamHead
from app.operations.history_canonical import canonical_moment, event_hash
from app.operations.history_findings import Finding, finding

_ROWS_AT_ONCE = 1000
# Column -> name in the canonical bytes: people search by the columns, so these have to say the same.
_REPEATED = {
    "stream": "stream", "stream_sequence": "stream_sequence", "site_id": "site", "instance_id": "instance",
    "type": "type", "actor_id": "actor", "on_behalf_of_id": "on_behalf_of", "at": "at", "element_id": "element",
    "activity_id": "activity",
}
_COLUMNS = (
    HistoryEvent.sequence, HistoryEvent.canonical, HistoryEvent.previous_hash, HistoryEvent.hash,
    *(getattr(HistoryEvent, column) for column in _REPEATED),
)


def verify_chains(session: Session, only: str | None = None) -> tuple[int, int, Finding | None]:
    """Count events and streams, and find the broken event that was recorded first. Arguments: only, one stream."""
    query = select(*_COLUMNS).order_by(HistoryEvent.stream, HistoryEvent.stream_sequence)
    query = query if only is None else query.where(HistoryEvent.stream == only)
    events = streams = 0
    stream, head = None, NEW_STREAM
    first: Finding | None = None
    for row in session.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE}):
        if row.stream != stream:
            stream, head = row.stream, NEW_STREAM
            streams += 1
        events += 1
        found = _check(row, head)
        if found and (first is None or row.sequence < (first.sequence or 0)):
            first = found
        head = StreamHead(row.stream_sequence, row.hash)
    return events, streams, first


def _check(row: Row[Any], head: StreamHead) -> Finding | None:
    place = {"sequence": row.sequence, "stream": row.stream, "stream_sequence": row.stream_sequence}
    if row.stream_sequence != head.sequence + 1:
        return finding("event_missing", **place, expected=head.sequence + 1)
    if event_hash(row.previous_hash, row.canonical) != row.hash:
        return finding("event_changed", **place)
    if row.previous_hash != head.hash:
        return finding("link_broken", **place)
    column = _differing_column(row)
    return finding("columns_differ", **place, column=column) if column else None


def _differing_column(row: Row[Any]) -> str | None:
    try:
        content = orjson.loads(row.canonical)
    except orjson.JSONDecodeError:
        return "canonical"
    for column, name in _REPEATED.items():
        value = getattr(row, column)
        if content.get(name) != (canonical_moment(value) if isinstance(value, datetime) else value):
            return column
    return None
