"""Reading the history: events decoded, personal fields opened where their key still exists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.models import HistoryEvent
from app.operations.history import personal_context
from app.operations.history_canonical import Sealed
from app.operations.subject_keys import subject_keys, unseal

_COLUMNS = (HistoryEvent.sequence, HistoryEvent.at, HistoryEvent.canonical, HistoryEvent.hash)


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event as it was recorded. `personal` is None where there is nothing personal, or `is_erased`.

    `program` is the name of the program through which the actor did it.
    """

    sequence: int
    stream: str
    stream_sequence: int
    type: str
    actor_id: str
    on_behalf_of_id: str | None
    at: datetime
    site_id: str | None
    instance_id: str | None
    element_id: str | None
    activity_id: str | None
    body: dict[str, Any]
    personal: dict[str, Any] | None
    is_erased: bool
    reason: str | None
    hash: bytes
    program: str | None = None


def program_in(canonical: bytes) -> str | None:
    """The name of the program that the bytes of an event tell of."""
    return _program_of(orjson.loads(canonical))


def read_events(session: Session, stream: str, *, after: int = 0, limit: int | None = None) -> list[RecordedEvent]:
    """The events of a stream in order.

    Arguments: after, the stream sequence of the last event already known; limit, how many at most.
    """
    query = select(*_COLUMNS).where(HistoryEvent.stream == stream, HistoryEvent.stream_sequence > after)
    return decode_events(session, session.execute(query.order_by(HistoryEvent.stream_sequence).limit(limit)))


def read_events_about(session: Session, stream: str, activity_id: str) -> list[RecordedEvent]:
    """The events of a stream about one activity, in order."""
    query = select(*_COLUMNS).where(HistoryEvent.stream == stream, HistoryEvent.activity_id == activity_id)
    return decode_events(session, session.execute(query.order_by(HistoryEvent.stream_sequence)))


def decode_events(session: Session, stored: Iterable[Row[Any]]) -> list[RecordedEvent]:
    """The events of rows that have at least the columns sequence, at, canonical and hash, in their order."""
    rows = [(row, orjson.loads(row.canonical)) for row in stored]
    keys = subject_keys(session).keys_of(
        content["personal"]["subject"] for _row, content in rows if content["personal"]
    )
    return [_decode(row, content, keys) for row, content in rows]


def _decode(row: Row[Any], content: dict[str, Any], keys: dict[str, bytes]) -> RecordedEvent:
    personal = _open(content, keys)
    return RecordedEvent(
        sequence=row.sequence,
        stream=content["stream"],
        stream_sequence=content["stream_sequence"],
        type=content["type"],
        actor_id=content["actor"],
        on_behalf_of_id=content["on_behalf_of"],
        at=row.at,
        site_id=content["site"],
        instance_id=content["instance"],
        element_id=content["element"],
        activity_id=content["activity"],
        body=content["body"],
        personal=personal,
        is_erased=content["personal"] is not None and personal is None,
        reason=content["reason"],
        hash=row.hash,
        program=_program_of(content),
    )


def _program_of(content: dict[str, Any]) -> str | None:
    program = content.get("program")
    return program["name"] if program else None


def _open(content: dict[str, Any], keys: dict[str, bytes]) -> dict[str, Any] | None:
    stored = content["personal"]
    key = stored and keys.get(stored["subject"])
    if not key:
        return None
    sealed = Sealed(stored["subject"], bytes.fromhex(stored["nonce"]), bytes.fromhex(stored["ciphertext"]))
    plain = unseal(key, sealed, personal_context(content["stream"], content["stream_sequence"]))
    return None if plain is None else orjson.loads(plain)
