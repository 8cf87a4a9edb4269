"""What was ordered for many cases can be suspended as a whole."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case_batch", sa.Column("is_suspended", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    raise DowngradeRefused
