"""The first start of a fresh product: its token, and how far its administrator has come."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused
from app.database.tables import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "first_run",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_first_run"),
    )


def downgrade() -> None:
    raise DowngradeRefused
