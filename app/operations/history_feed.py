"""Following the sealed history: each event once, in one order for all transactions, whoever comes by and however late.

A step writes nothing for those who follow and so costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.models import FeedPosition, HistoryEvent, HistorySealEntry
from app.models.prepared import run, table_of

_POSITION = table_of(FeedPosition)


@dataclass(frozen=True, slots=True)
class FedEvent:
    """An event at its place of the sealed history; personal fields stay closed."""

    position: int
    type: str
    actor_id: str
    at: datetime
    site_id: str | None
    instance_id: str | None
    element_id: str | None
    activity_id: str | None
    body: dict[str, Any]


def position_of(session: Session, name: str) -> str:
    """How far a follower has come; locked, so that one worker at a time carries it on."""
    query = select(_POSITION.c.position).where(_POSITION.c.name == name).with_for_update()
    return str(run(session, query).scalar_one())


def has_sealed_since(session: Session, name: str) -> bool:
    """Whether a follower has something to follow; only reads."""
    position = session.scalar(select(FeedPosition.position).where(FeedPosition.name == name))
    newest = session.scalar(select(func.max(HistorySealEntry.position)))
    return position is not None and (newest or 0) > int(position)


def move_position(session: Session, name: str, position: str) -> None:
    """Note how far a follower has come, in the transaction of what it did."""
    run(session, update(_POSITION).where(_POSITION.c.name == name).values(position=position))


def events_after(session: Session, position: int, limit: int) -> Sequence[FedEvent]:
    """The events sealed after a place, in order."""
    query = (
        select(
            HistorySealEntry.position, HistoryEvent.type, HistoryEvent.actor_id, HistoryEvent.at, HistoryEvent.site_id,
            HistoryEvent.instance_id, HistoryEvent.element_id, HistoryEvent.activity_id, HistoryEvent.canonical,
        )
        .join(HistoryEvent, HistoryEvent.sequence == HistorySealEntry.event_sequence)
        .where(HistorySealEntry.position > position)
        .order_by(HistorySealEntry.position)
        .limit(limit)
    )  # fmt: skip
    return [FedEvent(*row[:-1], body=orjson.loads(row.canonical)["body"]) for row in session.execute(query)]
