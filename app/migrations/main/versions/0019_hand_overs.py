"""Work handed over when an employee leaves."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused, UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hand_over",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("successor_id", sa.String(length=64), nullable=True),
        sa.Column("memberships", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ordered_by", sa.String(length=64), nullable=False),
        sa.Column("ordered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_hand_over_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    op.create_index(op.f("ix_hand_over_user_id"), "hand_over", ["user_id"], unique=False)
    op.create_table(
        "hand_over_item",
        sa.Column("hand_over_id", sa.String(length=32), nullable=False),
        sa.Column("user_task_id", sa.String(length=40), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("to_id", sa.String(length=64), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["hand_over_id"], ["hand_over.id"], name=op.f("fk_hand_over_item_hand_over_id")),
        sa.ForeignKeyConstraint(["user_task_id"], ["user_task.id"], name=op.f("fk_hand_over_item_user_task_id")),
        sa.PrimaryKeyConstraint("hand_over_id", "user_task_id", name=op.f("pk_hand_over_item")),
    )
    op.create_index("ix_hand_over_item_state", "hand_over_item", ["hand_over_id", "state"], unique=False)


def downgrade() -> None:
    raise DowngradeRefused
