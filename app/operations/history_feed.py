"""Following the sealed history: each event once, in one order for all transactions, whoever comes by and however late.

A step writes nothing for those who follow and so costs nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.models import FeedPosition, HistoryEvent, HistorySealEntry
from app.models.prepared import run, table_of

MOST_EVENTS = 500
_POSITION = table_of(FeedPosition)


@dataclass(frozen=True, slots=True)
class SealedEvent:
    """An event at its place of the sealed history; personal fields stay closed."""

    position: int
    type: str
    actor_id: str
    at: datetime
    site_id: str | None
    instance_id: str | None
    element_id: str | None
    activity_id: str | None
    stream: str
    canonical: bytes

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = orjson.loads(self.canonical)["body"]
        return body


def follow(
    session: Session, name: str, take: Callable[[Session, Sequence[SealedEvent]], int], *, most: int = MOST_EVENTS
) -> int:
    """Hand the next sealed events to a follower and go on behind those that it took; returns how many it took.

    Arguments: take, gets `most` events at most, in order, and says how many of them, from the first, are done with.
    """
    events = _events_after(session, int(locked_position(session, name)), most)
    if not events:
        return 0
    taken = take(session, events)
    move_position(session, name, str(events[taken - 1].position))
    return taken


def newest_position(session: Session) -> int:
    """The place of the event sealed last."""
    return session.scalar(select(func.max(HistorySealEntry.position))) or 0


def has_sealed_since(session: Session, name: str) -> bool:
    """Whether a follower has something to follow; only reads."""
    return newest_position(session) > int(position_of(session, name))


def position_of(session: Session, name: str) -> str:
    """How far a follower has come; only reads."""
    return str(session.scalars(select(FeedPosition.position).where(FeedPosition.name == name)).one())


def locked_position(session: Session, name: str) -> str:
    """How far a follower has come; locked, so that one worker at a time carries it on."""
    query = select(_POSITION.c.position).where(_POSITION.c.name == name).with_for_update()
    return str(run(session, query).scalar_one())


def move_position(session: Session, name: str, position: str) -> None:
    """Note how far a follower has come, in the transaction of what it did."""
    run(session, update(_POSITION).where(_POSITION.c.name == name).values(position=position))


def _events_after(session: Session, position: int, limit: int) -> Sequence[SealedEvent]:
    """The events sealed after a place, in order."""
    query = (
        select(
            HistorySealEntry.position, HistoryEvent.type, HistoryEvent.actor_id, HistoryEvent.at, HistoryEvent.site_id,
            HistoryEvent.instance_id, HistoryEvent.element_id, HistoryEvent.activity_id,
            HistoryEvent.stream, HistoryEvent.canonical,
        )
        .join(HistoryEvent, HistoryEvent.sequence == HistorySealEntry.event_sequence)
        .where(HistorySealEntry.position > position)
        .order_by(HistorySealEntry.position)
        .limit(limit)
    )  # fmt: skip
    return [SealedEvent(*row) for row in run(session, query)]
