"""Suspended cases, and changes to many cases at once."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "process_instance", sa.Column("is_suspended", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_table(
        "case_batch",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("definition_id", sa.String(length=32), nullable=False),
        sa.Column("target_id", sa.String(length=32), nullable=True),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ordered_by", sa.String(length=64), nullable=False),
        sa.Column("ordered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["process_definition.id"], name=op.f("fk_case_batch_definition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_batch")),
    )
    op.create_index(op.f("ix_case_batch_definition_id"), "case_batch", ["definition_id"], unique=False)
    op.create_table(
        "case_batch_item",
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("refusals", sa.Text(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["case_batch.id"], name=op.f("fk_case_batch_item_batch_id")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_case_batch_item_instance_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", "instance_id", name=op.f("pk_case_batch_item")),
    )
    op.create_index("ix_case_batch_item_state", "case_batch_item", ["batch_id", "state"], unique=False)


def downgrade() -> None:
    raise DowngradeRefused
