"""Those who follow the history and the due dates begin where the history is now."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What happened before this version is told to nobody any more."""
    connection = op.get_bind()
    entries = sa.table("history_seal_entry", sa.column("position", sa.BigInteger()))
    positions = sa.table("feed_position", sa.column("name", sa.String()), sa.column("position", sa.String()))
    sealed = connection.execute(sa.select(sa.func.max(entries.c.position))).scalar() or 0
    rows = {"telling": str(sealed), "webhooks": str(sealed), "due_dates": datetime(1970, 1, 1, tzinfo=UTC).isoformat()}
    connection.execute(sa.insert(positions), [{"name": name, "position": at} for name, at in rows.items()])


def downgrade() -> None:
    raise DowngradeRefused
