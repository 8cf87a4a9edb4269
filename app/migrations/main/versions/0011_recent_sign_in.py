"""When somebody last proved to be the one signed in."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused
from app.database.tables import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("web_session", sa.Column("authenticated_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    raise DowngradeRefused
