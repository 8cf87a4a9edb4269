"""Jobs that gave up or are held are found among all that are done."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, state in (("ix_job_dead", "dead"), ("ix_job_held", "suspended")):
        where = sa.text(f"state = '{state}'")
        op.create_index(name, "job", ["kind", "run_at", "id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    raise DowngradeRefused
