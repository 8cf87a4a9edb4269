"""Open incidents by time: for their list, page by page."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

OPEN = sa.text("is_open")


def upgrade() -> None:
    op.create_index(
        "ix_incident_open", "incident", ["created_at", "id"], sqlite_where=OPEN, postgresql_where=OPEN
    )


def downgrade() -> None:
    raise DowngradeRefused
