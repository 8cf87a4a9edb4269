"""Answers to programs that are kept for a while, for when the same request comes again."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class KeptAnswer(Base):
    """What a request with an `Idempotency-Key` was answered; it is written with what the request changed.

    `id` is a hash of the person and the key, `request` one of what was asked. The content lies encrypted: it may tell
    of people. Without it the request was done and its answer lost.
    """

    __tablename__ = "kept_answer"
    __table_args__ = (Index("ix_kept_answer_kept_at", "kept_at"),)
    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    request: Mapped[bytes] = mapped_column(LargeBinary(32))
    status: Mapped[int | None] = mapped_column(SmallInteger)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: headers and body
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
