"""What people add to a case: comments and attachments; and the log of who looked at a customer's file."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Comment(Base):
    """A remark in the discussion of a case. Earlier wordings are in the history."""

    __tablename__ = "comment"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    site_id: Mapped[str] = mapped_column(String(32))
    user_task_id: Mapped[str | None] = mapped_column(String(40))  # on whose page it was written
    author_id: Mapped[str] = mapped_column(String(64))
    on_behalf_of_id: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)  # emptied when the person it is about is erased
    mentions: Mapped[list[str]] = mapped_column(JSON)  # ids of the people told about it
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Attachment(Base):
    """A file of a case or a paper of a vehicle's file; the bytes lie encrypted outside the database as `stored_name`.

    `state`: pending (not yet scanned), available, quarantined, removed, erased. Only what is available is given out.
    `preview_state`: none (no kind that has one), pending, ready, failed.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        Index("ix_attachment_uploaded_by", "uploaded_by", "uploaded_at"),
        Index("ix_attachment_subject", "subject_id"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    vehicle_id: Mapped[str | None] = mapped_column(ForeignKey("vehicle.id"), index=True)
    paper: Mapped[str | None] = mapped_column(String(12))  # of a vehicle's file: sales, service
    site_id: Mapped[str] = mapped_column(String(32))
    user_task_id: Mapped[str | None] = mapped_column(String(40))  # on whose page it was added
    subject_id: Mapped[str] = mapped_column(String(32))  # whose key the bytes are encrypted under
    original_name: Mapped[str] = mapped_column(String(255))
    stored_name: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))  # of the bytes as they came
    state: Mapped[str] = mapped_column(String(12))
    preview_state: Mapped[str] = mapped_column(String(8))
    scanned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    threat: Mapped[str | None] = mapped_column(String(200))  # what the scanner called it
    uploaded_by: Mapped[str] = mapped_column(String(64))
    on_behalf_of_id: Mapped[str | None] = mapped_column(String(64))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_by: Mapped[str | None] = mapped_column(String(64))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removal_reason: Mapped[str | None] = mapped_column(Text)

    @property
    def case_id(self) -> str:
        """The case it belongs to; only for those that were found by their case."""
        if self.instance_id is None:
            raise LookupError("this file belongs to a vehicle, not to a case")
        return self.instance_id


class AttachmentPreview(Base):
    """A small picture of a file: page 0 is the thumbnail, then the first pages. Stored like the file itself."""

    __tablename__ = "attachment_preview"
    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachment.id"), primary_key=True)
    page: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    stored_name: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)


class Look(Base):
    """Somebody looked at a customer's file (append-only)."""

    __tablename__ = "look"
    __table_args__ = (Index("ix_look_customer", "customer_id", "looked_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    customer_id: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[str] = mapped_column(String(64))
    page: Mapped[str] = mapped_column(String(100))
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
