"""Writing the history: events of a stream, chained by hashes, in the transaction of the change they record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from app.models import HistoryEvent
from app.models.prepared import Prepared, dialect_name, table_of
from app.operations.actor import Actor
from app.operations.history_canonical import (
    FIRST_PREVIOUS_HASH,
    CanonicalEvent,
    NotCanonical,
    Sealed,
    canonical_bytes,
    canonical_json,
    event_hash,
)
from app.operations.rows import insert_rows
from app.operations.subject_keys import subject_keys

CONFIGURATION_STREAM = "configuration"
_CASE_PREFIX, _CUSTOMER_PREFIX = "case:", "customer:"
_EVENTS = table_of(HistoryEvent)
_HEAD = Prepared(
    select(_EVENTS.c.stream_sequence, _EVENTS.c.hash)
    .where(_EVENTS.c.stream == bindparam("stream"))
    .order_by(_EVENTS.c.stream_sequence.desc())
    .limit(literal_column("1"))
)
_LOCK = Prepared(select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("stream"), literal_column("0")))))


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, named in the past tense (`user_task_completed`).

    `body` is plain JSON; FEEL values in it have gone through the FEEL codec, so there are no binary fractions.
    `personal` is plain JSON too, stored encrypted under the key of the person `subject_id`.
    """

    type: str
    body: Mapping[str, object]
    element_id: str | None = None
    activity_id: str | None = None
    personal: Mapping[str, object] | None = None
    subject_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class StreamHead:
    """The end of a stream: how many events it has and the hash of the last one."""

    sequence: int
    hash: bytes


NEW_STREAM = StreamHead(0, FIRST_PREVIOUS_HASH)


def case_stream(instance_id: str) -> str:
    """The stream of a process instance."""
    return _CASE_PREFIX + instance_id


def customer_stream(customer_id: str) -> str:
    """The stream of a customer's file."""
    return _CUSTOMER_PREFIX + customer_id


def append_events(
    session: Session,
    stream: str,
    events: Sequence[Event],
    *,
    actor: Actor,
    now: datetime,
    instance_id: str | None = None,
    site_id: str | None = None,
    head: StreamHead | None = None,
) -> StreamHead:
    """Append events to a stream and return its new head.

    The writer of a case holds the lock of its row; other streams are locked here. Two writers of one stream can
    never both succeed: the place in the stream is unique.

    Arguments: head, the stream's end where the caller knows it (`NEW_STREAM` for a case that just began), which
    saves a look-up. Raises `PersonErased` where a personal field belongs to an erased person.
    """
    if not events:
        return head or find_head(session, stream)
    if head is None:
        lock_stream(session, stream)
        head = find_head(session, stream)
    rows = []
    for event in events:
        canonical = CanonicalEvent(
            activity=event.activity_id,
            actor=actor.user_id,
            at=now,
            body=event.body,
            element=event.element_id,
            instance=instance_id,
            on_behalf_of=actor.on_behalf_of,
            personal=_seal(session, event, stream, head.sequence + 1, now),
            program=actor.program,
            reason=event.reason,
            site=site_id,
            stream=stream,
            stream_sequence=head.sequence + 1,
            type=event.type,
        )
        row, head = _row(canonical, head)
        rows.append(row)
    insert_rows(session, HistoryEvent, rows)
    return head


def tell_of_customer(session: Session, customer_id: str, event: Event, *, actor: Actor, now: datetime) -> None:
    """Append one event to the history of a customer's or vehicle's file, of no site."""
    append_events(session, customer_stream(customer_id), [event], actor=actor, now=now)


def find_head(session: Session, stream: str) -> StreamHead:
    """The end of a stream; `NEW_STREAM` where nothing was written yet."""
    last = _HEAD.first(session, {"stream": stream})
    return StreamHead(*last) if last else NEW_STREAM


def personal_context(stream: str, stream_sequence: int) -> bytes:
    """What personal fields are bound to, so that they open at their own place only."""
    return f"{stream}#{stream_sequence}".encode()


def lock_stream(session: Session, stream: str) -> None:
    """Let no other writer at a stream until the transaction ends; that of a case is locked with its row."""
    if not stream.startswith(_CASE_PREFIX) and dialect_name(session) == "postgresql":
        _LOCK.rows(session, {"stream": stream})


def _seal(session: Session, event: Event, stream: str, stream_sequence: int, now: datetime) -> Sealed | None:
    if event.personal is None:
        return None
    if event.subject_id is None:
        raise NotCanonical(f"{event.type}: personal fields without the person they belong to")
    context = personal_context(stream, stream_sequence)
    return subject_keys(session).seal(event.subject_id, canonical_json(event.personal), context, now)


def _row(event: CanonicalEvent, head: StreamHead) -> tuple[dict[str, object], StreamHead]:
    canonical = canonical_bytes(event)
    digest = event_hash(head.hash, canonical)
    row = {
        "stream": event.stream,
        "stream_sequence": event.stream_sequence,
        "site_id": event.site,
        "instance_id": event.instance,
        "type": event.type,
        "actor_id": event.actor,
        "on_behalf_of_id": event.on_behalf_of,
        "at": event.at,
        "element_id": event.element,
        "activity_id": event.activity,
        "canonical": canonical,
        "previous_hash": head.hash,
        "hash": digest,
    }
    return row, StreamHead(event.stream_sequence, digest)
