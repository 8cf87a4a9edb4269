"""The calls of a follow-up one by one: when, in which part of the day, with which outcome."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused, UtcDateTime

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow_up_attempt",
        sa.Column("planned_follow_up_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("called_at", UtcDateTime(), nullable=False),
        sa.Column("day_part", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("is_repeated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["planned_follow_up_id"],
            ["follow_up_result.planned_follow_up_id"],
            name="fk_follow_up_attempt_planned_follow_up_id",
        ),
        sa.PrimaryKeyConstraint("planned_follow_up_id", "number", name="pk_follow_up_attempt"),
    )


def downgrade() -> None:
    raise DowngradeRefused
