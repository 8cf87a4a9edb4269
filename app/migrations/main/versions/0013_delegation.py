"""User tasks lent to somebody for an answer."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_task", sa.Column("delegation", sa.String(length=8), nullable=True))
    op.create_index(
        "ix_user_task_delegated",
        "user_task",
        ["owner_id", "due_sort", "id"],
        sqlite_where=sa.text("delegation = 'pending'"),
        postgresql_where=sa.text("delegation = 'pending'"),
    )


def downgrade() -> None:
    raise DowngradeRefused
