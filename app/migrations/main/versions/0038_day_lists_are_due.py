"""The day of the month by which a site's lists of follow-ups are to be made."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("follow_up_settings") as settings:
        settings.add_column(sa.Column("lists_due_day", sa.Integer(), server_default="10", nullable=False))


def downgrade() -> None:
    raise DowngradeRefused
