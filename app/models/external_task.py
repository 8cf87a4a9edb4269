"""Work that diagrams leave to programs outside: a job of the case, and who has fetched it."""

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class ExternalTask(Base):
    """What is known of a job of the kind `external` besides: its topic, and the worker that fetched it last.

    The job itself says whether the worker still has it, until when, and how often it failed.
    """

    __tablename__ = "external_task"
    __table_args__ = (Index("ix_external_task_topic", "topic", "job_id"),)
    job_id: Mapped[str] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(200))
    priority: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    worker_id: Mapped[str | None] = mapped_column(String(200))
    error_message: Mapped[str | None] = mapped_column(Text)
    error_details: Mapped[str | None] = mapped_column(Text)
