"""Jobs are claimed kind by kind, and one may say how long to wait before each of its attempts."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    op.add_column("job", sa.Column("retry_delays", sa.Text(), nullable=True))
    op.drop_index("ix_job_due", table_name="job")
    op.create_index(
        "ix_job_due", "job", ["kind", "run_at", "id"], unique=False, sqlite_where=PENDING, postgresql_where=PENDING
    )


def downgrade() -> None:
    raise DowngradeRefused
