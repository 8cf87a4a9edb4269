"""What people add to a case: comments and attachments; and the log of who looked at a customer's file."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Comment(Base):
    """A remark in the discussion of a case."""

    __tablename__ = "comment"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    site_id: Mapped[str] = mapped_column(String(32))
    user_task_id: Mapped[str | None] = mapped_column(String(40))
    author_id: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Attachment(Base):
    """A file of a case; the bytes lie encrypted outside the database under `stored_name`."""

    __tablename__ = "attachment"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    site_id: Mapped[str] = mapped_column(String(32))
    user_task_id: Mapped[str | None] = mapped_column(String(40))
    original_name: Mapped[str] = mapped_column(String(255))
    stored_name: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Look(Base):
    """Somebody looked at a customer's file (append-only)."""

    __tablename__ = "look"
    __table_args__ = (Index("ix_look_customer", "customer_id", "looked_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    customer_id: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[str] = mapped_column(String(64))
    page: Mapped[str] = mapped_column(String(100))
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
