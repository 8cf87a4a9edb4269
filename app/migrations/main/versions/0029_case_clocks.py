"""Clocks of the cases in working time, their pauses, and which clock a user task's due date comes from."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused
from app.database.tables import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_task", sa.Column("clock_id", sa.String(length=100), nullable=True))
    op.create_table(
        "case_clock",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("clock_id", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("execution_id", sa.String(length=40), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("process_key", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("warn_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("warned_at", UtcDateTime(), nullable=True),
        sa.Column("breached_at", UtcDateTime(), nullable=True),
        sa.Column("paused_since", UtcDateTime(), nullable=True),
        sa.Column("stopped_at", UtcDateTime(), nullable=True),
        sa.Column("limit_minutes", sa.Integer(), nullable=False),
        sa.Column("used_minutes", sa.Integer(), nullable=True),
        sa.Column("escalate_groups", sa.Text(), nullable=False),
        sa.Column("pause_groups", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_case_clock_instance_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_case_clock_site_id"),
        sa.PrimaryKeyConstraint("instance_id", "clock_id", "number", name="pk_case_clock"),
    )
    running = sa.text("state = 'running'")
    op.create_index("ix_case_clock_due", "case_clock", ["due_at"], sqlite_where=running, postgresql_where=running)
    unwarned = sa.text("state = 'running' AND warned_at IS NULL")
    op.create_index("ix_case_clock_warn", "case_clock", ["warn_at"], sqlite_where=unwarned, postgresql_where=unwarned)
    op.create_index("ix_case_clock_started", "case_clock", ["site_id", "process_key", "clock_id", "started_at"])
    op.create_table(
        "case_clock_pause",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("clock_id", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("paused_at", UtcDateTime(), nullable=False),
        sa.Column("paused_by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("resumed_at", UtcDateTime(), nullable=True),
        sa.Column("resumed_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id", "clock_id", "number"],
            ["case_clock.instance_id", "case_clock.clock_id", "case_clock.number"],
            name="fk_case_clock_pause_case_clock",
        ),
        sa.PrimaryKeyConstraint("instance_id", "clock_id", "number", "paused_at", name="pk_case_clock_pause"),
    )


def downgrade() -> None:
    raise DowngradeRefused
