"""Changes to many cases at once: what was asked for, and what became of each case."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class CaseBatch(Base):
    """One order for many cases, carried out case by case; they may be of other definitions than the first one's."""

    __tablename__ = "case_batch"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))  # see app/operations/case_orders.py
    definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"), index=True)  # of the first case
    target_id: Mapped[str | None] = mapped_column(String(32))  # the definition migrated to
    mapping: Mapped[str] = mapped_column(Text, default="{}")  # element id -> element id of the target, JSON
    reason: Mapped[str] = mapped_column(Text)
    ordered_by: Mapped[str] = mapped_column(String(64))
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_suspended: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


class CaseBatchItem(Base):
    """A case of a batch; `refusals` are the reasons why it was left as it was, JSON of msgids with parameters."""

    __tablename__ = "case_batch_item"
    __table_args__ = (Index("ix_case_batch_item_state", "batch_id", "state"),)
    batch_id: Mapped[str] = mapped_column(ForeignKey("case_batch.id"), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    site_id: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(10))  # waiting, done, refused
    refusals: Mapped[str] = mapped_column(Text, default="[]")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
