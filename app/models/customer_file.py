"""The file beside a customer's and a vehicle's row: the sealed card, steps of checking, requests, pairs, merges."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class CustomerCard(Base):
    """The further fields of the customer card (A30), encrypted together under the person's own key."""

    __tablename__ = "customer_card"
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), primary_key=True)
    nonce: Mapped[bytes] = mapped_column(LargeBinary(12))
    content: Mapped[bytes] = mapped_column(LargeBinary)  # JSON: field -> text


class FileStep(Base):
    """Somebody entered, checked or filed a card, or held it against the papers in the yearly check (append-only)."""

    __tablename__ = "file_step"
    __table_args__ = (Index("ix_file_step_card", "card_kind", "card_id", "at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    card_kind: Mapped[str] = mapped_column(String(8))  # customer, vehicle
    card_id: Mapped[str] = mapped_column(String(32))
    step: Mapped[str] = mapped_column(String(12))  # entered, verified, filed, full_check
    user_id: Mapped[str] = mapped_column(String(64))
    on_behalf_of_id: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CardRequest(Base):
    """A change of a filed card, its deletion or "lost contact", until somebody else has decided (A34)."""

    __tablename__ = "card_request"
    __table_args__ = (
        Index("ix_card_request_card", "card_kind", "card_id"),
        Index("ix_card_request_state", "state", "requested_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    card_kind: Mapped[str] = mapped_column(String(8))
    card_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(12))  # change, deletion, lost_contact
    subject_id: Mapped[str] = mapped_column(String(32))  # under whose key the content is encrypted
    nonce: Mapped[bytes] = mapped_column(LargeBinary(12))
    content: Mapped[bytes] = mapped_column(LargeBinary)  # JSON: reason, changes {field: {old, new}}
    state: Mapped[str] = mapped_column(String(12))  # open, approved, rejected, withdrawn
    requested_by: Mapped[str] = mapped_column(String(64))
    requested_for: Mapped[str | None] = mapped_column(String(64))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_for: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DuplicatePair(Base):
    """What was decided of two files that looked like one: merged, or two people after all.

    `moved` names the rows that went over, {table: [ids]}, so that a merge can be taken back.
    """

    __tablename__ = "duplicate_pair"
    __table_args__ = (UniqueConstraint("kept_id", "other_id", "decided_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kept_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(10))  # merged, different
    moved: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    decided_by: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(String(64))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
