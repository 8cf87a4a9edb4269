"""The inbox counts from its indexes alone, and a case that lacks something has no entry for it."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_user_task_assignee", table_name="user_task")
    op.create_index("ix_user_task_assignee", "user_task", ["assignee_id", "state", "due_sort", "id", "follow_up_at"])
    _replace("ix_user_task_ended_by", "user_task", ["ended_by", "state", "ended_at", "id"])
    for column in ("origin_id", "customer_id", "vehicle_id", "visit_id"):
        _replace(f"ix_process_instance_{column}", "process_instance", [column])


def _replace(name: str, table: str, columns: list[str]) -> None:
    """An index of the rows whose first column is given."""
    given = sa.column(columns[0]).is_not(None)
    op.drop_index(name, table_name=table)
    op.create_index(name, table, columns, sqlite_where=given, postgresql_where=given)


def downgrade() -> None:
    raise DowngradeRefused
