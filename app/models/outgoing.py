"""What leaves the product: mails and webhooks on their way, who wants webhooks, and whether anything may leave."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class OutgoingMessage(Base):
    """One message to the world outside. Its job has the same id, which the receiver gets as well: the stable key.

    `state`: waiting, sent, held (nothing to send it with), failed. Attempts and the last error are the job's.
    """

    __tablename__ = "outgoing_message"
    __table_args__ = (
        Index("ix_outgoing_message_state", "state", "id"),
        Index("ix_outgoing_message_subscription", "subscription_id", "id"),
        Index("ix_outgoing_message_created", "created_at"),
    )
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10))  # mail, sms, letter (printed and posted by hand), webhook
    site_id: Mapped[str | None] = mapped_column(String(32))
    subscription_id: Mapped[str | None] = mapped_column(ForeignKey("webhook_subscription.id"))
    recipient: Mapped[str] = mapped_column(String(254))  # an address of mail; a number; a name; the host of a webhook
    subject: Mapped[str] = mapped_column(String(300))  # of a webhook the kind of event
    text: Mapped[str] = mapped_column(Text)  # of a webhook the JSON document
    link: Mapped[str | None] = mapped_column(String(300))  # a path in the product
    locale: Mapped[str] = mapped_column(String(8))
    is_confidential: Mapped[bool] = mapped_column(Boolean)  # the text is shown to nobody and goes once it is sent
    state: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WebhookSubscription(Base):
    """Another program that wants to be told of events; `secret` lies encrypted and signs what is sent.

    `previous_secret` signs as well until `previous_until`. `failing_since` is when the first of the attempts failed
    that all failed; `stopped_at` when that was switched off by itself.
    """

    __tablename__ = "webhook_subscription"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    site_id: Mapped[str | None] = mapped_column(ForeignKey("site.id"))  # null: all sites
    address: Mapped[str] = mapped_column(String(500))
    kinds: Mapped[str] = mapped_column(Text)  # JSON list of kinds of events
    process_keys: Mapped[str] = mapped_column(Text, server_default="[]")  # JSON list; empty: of all processes
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    previous_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_active: Mapped[bool] = mapped_column(Boolean)
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WebhookAttempt(Base):
    """One attempt to deliver an event, kept as long as its message. `problem` None: it was taken."""

    __tablename__ = "webhook_attempt"
    __table_args__ = (Index("ix_webhook_attempt_message", "message_id", "id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("outgoing_message.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    milliseconds: Mapped[int] = mapped_column(Integer)
    status: Mapped[int | None] = mapped_column(SmallInteger)
    answer: Mapped[str] = mapped_column(Text)  # its first bytes
    problem: Mapped[str | None] = mapped_column(String(20))
    detail: Mapped[str] = mapped_column(String(300))


class OutgoingSwitch(Base):
    """Whether anything may leave this installation; without a row it may. A restored copy begins with `off`."""

    __tablename__ = "outgoing_switch"
    name: Mapped[str] = mapped_column(String(10), primary_key=True)  # always "all"
    is_on: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
