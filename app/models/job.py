"""What must happen later: jobs and timers, messages, subscriptions, incidents."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime

OPEN_JOB_STATES = ("pending", "leased", "suspended", "dead")  # neither done nor cancelled
WAITING_JOB_STATES = ("pending", "suspended")  # in nobody's hands, and not given up

_PENDING = text("state = 'pending'")
_OPEN = text("is_open")
_LEASED = text("state = 'leased'")
_DEAD = text("state = 'dead'")
_HELD = text("state = 'suspended'")


class Job(Base):
    """One piece of background work, enqueued in the business transaction.

    `kind`: timer, connector, message, seal_history, ...; `fence` rises with every lease, so a worker that lost
    its lease cannot finish the job.
    """

    __tablename__ = "job"
    __table_args__ = (
        # Kind by kind: a thousand timers due at once leave room for the one message.
        Index("ix_job_due", "kind", "run_at", "id", sqlite_where=_PENDING, postgresql_where=_PENDING),
        # Expired leases are looked for every second, among hundreds of thousands of waiting timers.
        Index("ix_job_leased", "lease_until", sqlite_where=_LEASED, postgresql_where=_LEASED),
        # Few have ended so or are held: administrators look for them among all that is done.
        Index("ix_job_dead", "kind", "run_at", "id", sqlite_where=_DEAD, postgresql_where=_DEAD),
        Index("ix_job_held", "kind", "run_at", "id", sqlite_where=_HELD, postgresql_where=_HELD),
        Index("ix_job_instance", "instance_id", "activity_id"),
    )
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))  # pending, leased, done, dead, cancelled, suspended
    site_id: Mapped[str | None] = mapped_column(String(32))
    instance_id: Mapped[str | None] = mapped_column(String(32))
    activity_id: Mapped[str | None] = mapped_column(String(40))
    element_id: Mapped[str | None] = mapped_column(String(200))
    payload: Mapped[str] = mapped_column(Text, default="{}")
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    max_attempts: Mapped[int] = mapped_column(Integer, default=5)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fence: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    retry_delays: Mapped[str | None] = mapped_column(Text)  # JSON list of seconds; null: pauses that double
    # By itself, not only with its case: where another waits as `pending`, it waits as `suspended`.
    is_suspended: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


class SuspendedJobDefinition(Base):
    """Jobs of this kind for this element of a version wait from the moment they are made."""

    __tablename__ = "suspended_job_definition"
    definition_id: Mapped[str] = mapped_column(
        ForeignKey("process_definition.id", ondelete="CASCADE"), primary_key=True
    )
    element_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)  # timer, connector, continuation


class MessageSubscription(Base):
    """A case waits for a message or a signal (`kind`); gone when it arrived or the wait was cancelled."""

    __tablename__ = "message_subscription"
    __table_args__ = (Index("ix_message_subscription_name", "name", "correlation_key"),)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)  # the activity instance that waits
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    site_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    correlation_key: Mapped[str | None] = mapped_column(String(300))
    element_id: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10), default="message", server_default="message")


class Message(Base):
    """A message between cases, buffered until it is delivered (exactly once) or expires."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_waiting", "state", "name", "correlation_key"),)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    site_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    correlation_key: Mapped[str | None] = mapped_column(String(300))
    business_key: Mapped[str | None] = mapped_column(String(200))
    payload: Mapped[str] = mapped_column(Text)
    sender_instance_id: Mapped[str | None] = mapped_column(String(32))
    sent_by: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))  # waiting, delivered, expired
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    receiver_instance_id: Mapped[str | None] = mapped_column(String(32))


class Incident(Base):
    """A step that could not be done; shown with a Retry button."""

    __tablename__ = "incident"
    __table_args__ = (
        # The list of those open, page by page, and how many of a kind were raised lately.
        Index("ix_incident_open", "created_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    instance_id: Mapped[str | None] = mapped_column(String(32), index=True)
    site_id: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(40))
    element_id: Mapped[str | None] = mapped_column(String(200))
    activity_id: Mapped[str | None] = mapped_column(String(40))
    job_id: Mapped[str | None] = mapped_column(String(40))
    msgid: Mapped[str] = mapped_column(Text)
    params: Mapped[str] = mapped_column(Text, default="{}")
    is_open: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
