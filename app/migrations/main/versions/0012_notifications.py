"""What people are told, what leaves the product, and who wants webhooks."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused
from app.database.tables import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _notifications()
    _outgoing()


def _notifications() -> None:
    op.create_table(
        "notification",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("user_task_id", sa.String(length=40), nullable=True),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("mail_state", sa.String(length=10), nullable=False),
        sa.Column("mail_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
    )
    op.create_index("ix_notification_user", "notification", ["user_id", "id"])
    unread, to_mail = sa.text("read_at IS NULL"), sa.text("mail_at IS NOT NULL")
    op.create_index(
        "ix_notification_unread", "notification", ["user_id", "kind"], sqlite_where=unread, postgresql_where=unread
    )
    op.create_index(
        "ix_notification_mail", "notification", ["mail_at"], sqlite_where=to_mail, postgresql_where=to_mail
    )
    op.create_table(
        "notification_preference",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("on_page", sa.Boolean(), nullable=False),
        sa.Column("mail", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_notification_preference_user_id"),
        sa.PrimaryKeyConstraint("user_id", "kind", name="pk_notification_preference"),
    )
    op.create_table(
        "notification_hours",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("quiet_from", sa.String(length=5), nullable=True),
        sa.Column("quiet_until", sa.String(length=5), nullable=True),
        sa.Column("urgent_passes", sa.Boolean(), nullable=False),
        sa.Column("daily_at", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_notification_hours_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_notification_hours"),
    )


def _outgoing() -> None:
    op.create_table(
        "webhook_subscription",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_webhook_subscription_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_subscription"),
    )
    op.create_table(
        "outgoing_message",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=True),
        sa.Column("subscription_id", sa.String(length=32), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=True),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("is_confidential", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["webhook_subscription.id"], name="fk_outgoing_message_subscription_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing_message"),
    )
    op.create_index("ix_outgoing_message_state", "outgoing_message", ["state", "id"])
    op.create_index("ix_outgoing_message_subscription", "outgoing_message", ["subscription_id", "id"])
    op.create_index("ix_outgoing_message_created", "outgoing_message", ["created_at"])
    op.create_table(
        "feed_position",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_feed_position"),
    )
    op.create_table(
        "outgoing_switch",
        sa.Column("name", sa.String(length=10), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_outgoing_switch"),
    )


def downgrade() -> None:
    raise DowngradeRefused
