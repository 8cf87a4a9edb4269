"""Inbox rows: a user task holds everything a list shows; candidates carry what the index needs."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class UserTask(Base):
    """A user task; `id` is its activity instance's id. `due_sort` is the due date or the far future."""

    __tablename__ = "user_task"
    __table_args__ = (
        # The inbox counts by these two without looking at a user task.
        Index("ix_user_task_assignee", "assignee_id", "state", "due_sort", "id", "follow_up_at"),
        Index(
            "ix_user_task_ended_by", "ended_by", "state", "ended_at", "id",
            sqlite_where=text("ended_by IS NOT NULL"), postgresql_where=text("ended_by IS NOT NULL"),
        ),
        Index("ix_user_task_instance", "instance_id", "created_at"),
        # Sleeping user tasks are few: the view of them starts here, not at all open ones of a group.
        Index(
            "ix_user_task_follow_up", "follow_up_at", "id",
            sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'"),
        ),
        # Few are with somebody else for an answer; their owners find them by this.
        Index(
            "ix_user_task_delegated", "owner_id", "due_sort", "id",
            sqlite_where=text("delegation = 'pending'"), postgresql_where=text("delegation = 'pending'"),
        ),
    )
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    execution_id: Mapped[str] = mapped_column(String(40))
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"))
    process_key: Mapped[str] = mapped_column(String(100))
    case_number: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))  # the case's title, unless the diagram says another
    element_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(300))
    form_key: Mapped[str | None] = mapped_column(String(200))
    lane: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(12))  # open, completed, cancelled
    assignee_id: Mapped[str | None] = mapped_column(String(64))
    owner_id: Mapped[str | None] = mapped_column(String(64))  # who delegated it
    delegation: Mapped[str | None] = mapped_column(String(8))  # pending: the assignee owes an answer; resolved
    priority: Mapped[int] = mapped_column(Integer, default=50)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_sort: Mapped[datetime] = mapped_column(UtcDateTime)
    follow_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(64))
    ended_for: Mapped[str | None] = mapped_column(String(64))  # on whose behalf
    not_performer_of: Mapped[str | None] = mapped_column(Text)  # four eyes: element ids, separated by blanks
    clock_id: Mapped[str | None] = mapped_column(String(100))  # the clock its due date comes from; paused: no due date
    revision: Mapped[int] = mapped_column(Integer, nullable=False)
    __mapper_args__ = {"version_id_col": revision}


class UserTaskCandidate(Base):
    """A group or user who may do an open user task."""

    __tablename__ = "user_task_candidate"
    __table_args__ = (
        Index(
            "ix_user_task_candidate_open",
            "kind", "candidate_id", "site_id", "is_claimable", "due_sort", "user_task_id", "follow_up_at",
        ),
    )
    user_task_id: Mapped[str] = mapped_column(ForeignKey("user_task.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(5), primary_key=True)  # group, user
    candidate_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    site_id: Mapped[str] = mapped_column(String(32))
    is_claimable: Mapped[bool] = mapped_column(Boolean)  # open and not yet assigned
    due_sort: Mapped[datetime] = mapped_column(UtcDateTime)
    follow_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Draft(Base):
    """What a person typed into a form and did not yet submit; one per person and user task."""

    __tablename__ = "draft"
    user_task_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), primary_key=True)
    site_id: Mapped[str] = mapped_column(String(32))
    content: Mapped[str] = mapped_column(Text)  # JSON: field key -> raw text or list of texts
    base_revision: Mapped[int] = mapped_column(Integer)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
