"""Data stores of a site; a case waits for a message or for a signal."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_store",
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by_instance_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_data_store_site_id")),
        sa.PrimaryKeyConstraint("site_id", "name", name=op.f("pk_data_store")),
    )
    op.add_column(
        "message_subscription", sa.Column("kind", sa.String(length=10), nullable=False, server_default="message")
    )


def downgrade() -> None:
    raise DowngradeRefused
