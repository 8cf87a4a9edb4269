"""What people are told, and how each wants to be told."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime

_UNREAD, _TO_MAIL = text("read_at IS NULL"), text("mail_at IS NOT NULL")


class Notification(Base):
    """Something one person is told. What it is about is looked up when it is read: names and titles are not copied.

    `mail_state`: undecided (nobody has asked the person's preferences yet), waiting (until `mail_at`), sent, none.
    """

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_user", "user_id", "id"),
        Index("ix_notification_unread", "user_id", "kind", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        Index("ix_notification_mail", "mail_at", sqlite_where=_TO_MAIL, postgresql_where=_TO_MAIL),
    )
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    params: Mapped[str] = mapped_column(Text, default="{}")  # JSON: texts by name
    instance_id: Mapped[str | None] = mapped_column(String(32))
    user_task_id: Mapped[str | None] = mapped_column(String(40))
    actor_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail_state: Mapped[str] = mapped_column(String(10), default="undecided")
    mail_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NotificationPreference(Base):
    """How a person wants to be told of one kind; without a row the kind's own default holds."""

    __tablename__ = "notification_preference"
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    on_page: Mapped[bool] = mapped_column(Boolean)
    mail: Mapped[str] = mapped_column(String(8))  # off, at_once, daily


class NotificationHours(Base):
    """When a person may be sent e-mail, in the zone of the person's site; times are `HH:MM`."""

    __tablename__ = "notification_hours"
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), primary_key=True)
    quiet_from: Mapped[str | None] = mapped_column(String(5))
    quiet_until: Mapped[str | None] = mapped_column(String(5))
    urgent_passes: Mapped[bool] = mapped_column(Boolean)
    daily_at: Mapped[str] = mapped_column(String(5))
