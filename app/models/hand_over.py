"""Work handed over when an employee leaves: what was ordered, and what became of each user task."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class HandOver(Base):
    """One order: whose work, to whom (None: back to the groups), and which groups were taken away."""

    __tablename__ = "hand_over"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    successor_id: Mapped[str | None] = mapped_column(String(64))
    memberships: Mapped[str] = mapped_column(Text)  # JSON list of group@site
    reason: Mapped[str] = mapped_column(Text)
    ordered_by: Mapped[str] = mapped_column(String(64))
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HandOverItem(Base):
    """A user task of the person who leaves; `to_id` is who has it now, None its groups."""

    __tablename__ = "hand_over_item"
    __table_args__ = (Index("ix_hand_over_item_state", "hand_over_id", "state"),)
    hand_over_id: Mapped[str] = mapped_column(ForeignKey("hand_over.id"), primary_key=True)
    user_task_id: Mapped[str] = mapped_column(ForeignKey("user_task.id"), primary_key=True)
    site_id: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(10))  # waiting, done, ended, refused
    to_id: Mapped[str | None] = mapped_column(String(64))
    refusal: Mapped[str] = mapped_column(Text, default="[]")  # JSON: msgid and parameters
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
