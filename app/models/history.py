"""The history in its final shape: append-only events, chained per stream, sealed in tables of their own.

The database refuses UPDATE, DELETE and TRUNCATE on all of them but `history_pending` (docs/history.md).
"""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class HistoryEvent(Base):
    """One event. `canonical` holds the very bytes that were hashed; the other columns repeat parts of it for queries.

    Streams: `case:<instance id>`, `customer:<customer id>`, `configuration`.
    """

    __tablename__ = "history_event"
    __table_args__ = (
        UniqueConstraint("stream", "stream_sequence"),
        Index("ix_history_event_instance", "instance_id", "sequence"),
        Index("ix_history_event_actor", "actor_id", "sequence"),
    )
    sequence: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    stream: Mapped[str] = mapped_column(String(60))
    stream_sequence: Mapped[int] = mapped_column(Integer)
    site_id: Mapped[str | None] = mapped_column(String(32))
    instance_id: Mapped[str | None] = mapped_column(String(32))
    type: Mapped[str] = mapped_column(String(60))  # past tense: user_task_completed
    actor_id: Mapped[str] = mapped_column(String(64))
    on_behalf_of_id: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    element_id: Mapped[str | None] = mapped_column(String(200))
    activity_id: Mapped[str | None] = mapped_column(String(40))
    canonical: Mapped[bytes] = mapped_column(LargeBinary)
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class HistoryPending(Base):
    """An event that no seal covers yet; the database itself adds the row with the event.

    A list and not a high-water mark: on PostgreSQL an event with a lower sequence may be committed later.
    """

    __tablename__ = "history_pending"
    event_sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class HistorySeal(Base):
    """A signed checkpoint: the Merkle root (RFC 9162) over all entries of the log up to `size`."""

    __tablename__ = "history_seal"
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger, unique=True)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    peaks: Mapped[bytes] = mapped_column(LargeBinary)  # roots of the full subtrees, from which the log grows on
    key_id: Mapped[str] = mapped_column(String(32))
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HistorySealEntry(Base):
    """The place of an event in the global log (commit order differs from sequence order on PostgreSQL)."""

    __tablename__ = "history_seal_entry"
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seal_number: Mapped[int] = mapped_column(ForeignKey("history_seal.number"), index=True)
    event_sequence: Mapped[int] = mapped_column(BigInteger, unique=True)
    event_hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class Erasure(Base):
    """A person whose key was destroyed: after a restore of an older copy the key is destroyed again."""

    __tablename__ = "erasure"
    subject_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    erased_by: Mapped[str] = mapped_column(String(64))
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
